using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Palio.Protocol.Api;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.EvalAi.Wire;
using Palio.Server.Errors;
using Palio.Server.Features.Accounts;

namespace Palio.Server.EvalAi.Accounts;

/// <summary>New accounts and new passwords by EvalAI's addresses.</summary>
internal static class Registration
{
    private const string Mismatch = "The two password fields didn't match.";

    public static async Task<IResult> RegisterAsync(
        EvalAiBody body, UserManager<User> users, IOptions<AccountOptions> options, TimeProvider time, CancellationToken cancellationToken)
    {
        if (body.Text("password1") != body.Text("password2"))
        {
            return EvalAiResults.Invalid("non_field_errors", Mismatch);
        }

        (string, string)[] names = [("userName", "username"), ("password", "password1")];
        var request = EvalAiBody.Checked(
            new RegisterRequest { UserName = body.Text("username") ?? "", Email = body.Text("email") ?? "", Password = body.Text("password1") ?? "" }, names);
        try
        {
            await Register.HandleAsync(request, users, options.Value, time, cancellationToken);
            return EvalAiResults.Created(new { detail = "The account is made: log in." });
        }
        catch (PalioException refusal) when (refusal.Code == RefusalCodes.Taken)
        {
            return EvalAiResults.Invalid("username", refusal.Message);
        }
        catch (PalioException refusal) when (refusal.Fields is not null)
        {
            throw refusal.Renamed(names);
        }
    }

    public static async Task<IResult> ChangePasswordAsync(EvalAiBody body, CurrentUser caller, UserManager<User> users, CancellationToken cancellationToken)
    {
        foreach (var field in (string[])["old_password", "new_password1", "new_password2"])
        {
            if (body.Filled(field) is null)
            {
                return EvalAiResults.Invalid(field, "This field is required.");
            }
        }

        if (body.Text("new_password1") != body.Text("new_password2"))
        {
            return EvalAiResults.Invalid("new_password2", Mismatch);
        }

        try
        {
            await ChangePassword.HandleAsync(body.Text("old_password")!, body.Text("new_password1")!, caller, users, cancellationToken); // both were looked at above
            return EvalAiResults.Json(new { detail = "New password has been saved." });
        }
        catch (PalioException refusal) when (refusal.Fields is not null)
        {
            var isOld = refusal.Message == users.ErrorDescriber.PasswordMismatch().Description;
            return isOld ? EvalAiResults.Invalid("old_password", "Invalid password") : EvalAiResults.Invalid("new_password2", refusal.Message);
        }
    }

    /// <summary>There is no mail to send: saying that it was sent would leave a person waiting.</summary>
    public static IResult ResetPassword() =>
        EvalAiResults.Error(StatusCodes.Status406NotAcceptable, "This instance sends no mail. Ask its administrator, who can give you a new password.");

    public static IResult VerifyEmail() =>
        EvalAiResults.Error(StatusCodes.Status406NotAcceptable, "This instance sends no mail, so that there is nothing to verify: an account works as it is.");

    public static async Task<IResult> ChangeEmailAsync(EvalAiBody body, CurrentUser caller, UserManager<User> users, CancellationToken cancellationToken)
    {
        if (body.Filled("email") is not { } email)
        {
            return EvalAiResults.Invalid("email", "This field is required.");
        }

        try
        {
            await ChangeEmail.HandleAsync(email, caller, users, cancellationToken);
            return EvalAiResults.Json(new { message = "Email updated successfully." });
        }
        catch (PalioException refusal) when (refusal.Code == RefusalCodes.Taken || refusal.Fields is not null)
        {
            return EvalAiResults.Invalid("email", refusal.Message);
        }
    }

    public static async Task<IResult> DisableAsync(CurrentUser caller, UserManager<User> users, PalioDbContext db, TimeProvider time, CancellationToken cancellationToken)
    {
        await DisableAccount.HandleAsync(caller, users, db, time, cancellationToken);
        return Results.Ok();
    }
}
