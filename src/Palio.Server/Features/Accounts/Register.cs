using Microsoft.AspNetCore.Identity;
using Palio.Protocol.Api;
using Palio.Server.Errors;

namespace Palio.Server.Features.Accounts;

/// <summary>Makes an account.</summary>
internal static class Register
{
    public static async Task<User> HandleAsync(
        RegisterRequest request, UserManager<User> users, AccountOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!options.Registration)
        {
            throw PalioException.Forbidden("This instance does not take registrations.", "Ask the administrator for an account.");
        }

        cancellationToken.ThrowIfCancellationRequested();
        var user = new User { UserName = request.UserName, Email = request.Email.Trim(), Created = time.GetUtcNow() };
        var result = await users.CreateAsync(user, request.Password);
        return result.Succeeded ? user : throw AsRefusal(result.Errors.ToList());
    }

    internal static PalioException AsRefusal(IReadOnlyList<IdentityError> errors)
    {
        // A taken user name shows in teams anyway; a taken address is nobody's business, so both get the same words.
        if (errors.Any(error => error.Code is nameof(IdentityErrorDescriber.DuplicateUserName) or nameof(IdentityErrorDescriber.DuplicateEmail)))
        {
            return PalioException.Conflict(RefusalCodes.Taken, "This user name or e-mail address cannot be used.", "Choose another one, or sign in if it is yours.");
        }

        var fields = errors.GroupBy(Field).ToDictionary(group => group.Key, group => group.Select(error => error.Description).ToArray());
        return new PalioException(
            StatusCodes.Status400BadRequest, RefusalCodes.Validation, string.Join(' ', errors.Select(error => error.Description)), "Correct it and send it again.")
        {
            Fields = fields,
        };
    }

    private static string Field(IdentityError error) =>
        error.Code.StartsWith("Password", StringComparison.Ordinal) ? "password"
        : error.Code.Contains("Email", StringComparison.Ordinal) ? "email"
        : "userName";
}
