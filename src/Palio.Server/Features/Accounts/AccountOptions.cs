using Microsoft.Extensions.Options;

namespace Palio.Server.Features.Accounts;

/// <summary>Settings of accounts. Section <c>Accounts</c>.</summary>
internal sealed class AccountOptions
{
    /// <summary>Section of the settings.</summary>
    public const string Section = "Accounts";

    /// <summary>Anybody may register. Default true.</summary>
    public bool Registration { get; set; } = true;

    /// <summary>Sign-ins and registrations of one address in a minute. 1 to 100000, default 30.</summary>
    public int SignInsPerMinute { get; set; } = 30;

    /// <summary>User name of the administrator that the first start makes. 3 to 50 of letters, digits, <c>-_.</c>; default <c>admin</c>.</summary>
    public string AdministratorName { get; set; } = "admin";

    /// <summary>
    /// Password of that administrator. Default none: a random one is made and printed once. A given one must have 12 characters and be
    /// nobody's default.
    /// </summary>
    public string? AdministratorPassword { get; set; }

    internal sealed class Validator : IValidateOptions<AccountOptions>
    {
        private static readonly string[] WellKnown =
            ["password", "passw0rd", "changeme", "change-me", "admin", "administrator", "secret", "palio", "letmein", "default", "123456", "qwerty"];

        public ValidateOptionsResult Validate(string? name, AccountOptions options)
        {
            var mistakes = new List<string>();
            if (options.SignInsPerMinute is < 1 or > 100_000)
            {
                mistakes.Add($"{Section}:SignInsPerMinute is {options.SignInsPerMinute}; write 1 to 100000.");
            }

            if (options.AdministratorName.Length is < 3 or > 50 || !options.AdministratorName.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
            {
                mistakes.Add($"{Section}:AdministratorName is '{options.AdministratorName}'; write 3 to 50 of letters, digits, '-', '_', '.'.");
            }

            if (options.AdministratorPassword is { } password && IsWeak(password))
            {
                mistakes.Add($"{Section}:AdministratorPassword is empty, short or a well-known default; write 12 characters of your own, or leave it out.");
            }

            return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);
        }

        private static bool IsWeak(string password)
        {
            var core = password.Trim().TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '!');
            return password.Length < 12 || core.Length == 0 || WellKnown.Contains(core, StringComparer.OrdinalIgnoreCase)
                || password.Distinct().Count() < 5;
        }
    }
}
