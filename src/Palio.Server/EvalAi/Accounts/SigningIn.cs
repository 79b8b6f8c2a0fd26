using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Palio.Protocol.Api;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.EvalAi.Wire;
using Palio.Server.Errors;
using Palio.Server.Features.Accounts;

namespace Palio.Server.EvalAi.Accounts;

/// <summary>
/// Tokens by EvalAI's ways. It has two kinds; here both are one personal access token: the one that signing in gives is the one that
/// "get" returns, since only its hash is kept and nobody else can.
/// </summary>
internal static class SigningIn
{
    private const string TokenName = "EvalAI client";

    public static async Task<IResult> LoginAsync(
        EvalAiBody body, SignInManager<User> signIn, PalioDbContext db, TimeProvider time, CancellationToken cancellationToken)
    {
        foreach (var field in (string[])["username", "password"])
        {
            if (body.Filled(field) is null)
            {
                return EvalAiResults.Invalid(field, "This field is required.");
            }
        }

        var request = EvalAiBody.Checked(new SignInRequest { UserName = body.Text("username")!, Password = body.Text("password")!, TokenName = TokenName }); // both were looked at above
        try
        {
            return EvalAiResults.Json(new { token = (await SignIn.HandleAsync(request, signIn, db, time, cancellationToken)).Secret });
        }
        catch (PalioException refusal) when (refusal.Code == RefusalCodes.SignInRefused)
        {
            return EvalAiResults.Invalid("non_field_errors", "Unable to log in with provided credentials.");
        }
    }

    public static async Task<IResult> LogoutAsync(
        ClaimsPrincipal principal, CurrentUser caller, PalioDbContext db, TimeProvider time, CancellationToken cancellationToken)
    {
        if (TokenId(principal) is { } token)
        {
            await RevokeToken.HandleAsync(token, caller, db, time, cancellationToken);
        }

        return EvalAiResults.Json(new { detail = "Successfully logged out." });
    }

    public static IResult GetToken(HttpRequest request, CurrentUser caller) => TokenAuthentication.BearerOf(request) is { } token
        ? EvalAiResults.Json(new { token, expires_at = caller.TokenExpires })
        : NeedsToken();

    /// <summary>A new token with the same reach; the one that asked ends.</summary>
    public static async Task<IResult> RefreshTokenAsync(
        ClaimsPrincipal principal, CurrentUser caller, PalioDbContext db, TimeProvider time, CancellationToken cancellationToken)
    {
        if (TokenId(principal) is not { } old || caller.Scope is not { } scope)
        {
            return NeedsToken();
        }

        var made = await CreateToken.HandleAsync(new CreateTokenRequest { Name = TokenName, Scope = scope }, caller, db, time, cancellationToken);
        await RevokeToken.HandleAsync(old, caller, db, time, cancellationToken);
        return EvalAiResults.Json(new { token = made.Secret, expires_at = made.Token.Expires });
    }

    private static int? TokenId(ClaimsPrincipal principal) =>
        int.TryParse(principal.FindFirstValue(PalioClaims.TokenId), CultureInfo.InvariantCulture, out var id) ? id : null;

    private static IResult NeedsToken() =>
        EvalAiResults.Error(StatusCodes.Status400BadRequest, "Tokens are shown once: make one on the tokens page, or log in by username and password.");
}
