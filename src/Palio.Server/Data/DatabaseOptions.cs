using Microsoft.Extensions.Options;

namespace Palio.Server.Data;

/// <summary>Where rows are kept. Section <c>Database</c>.</summary>
internal sealed class DatabaseOptions
{
    /// <summary>Section of the settings.</summary>
    public const string Section = "Database";

    /// <summary><c>sqlite</c> (a file in the data folder, the default) or <c>postgres</c>.</summary>
    public string Provider { get; set; } = "sqlite";

    /// <summary>For <c>postgres</c>: <c>Host=…;Database=…;Username=…;Password=…</c>. Default none.</summary>
    public string? ConnectionString { get; set; }

    public bool IsPostgres => string.Equals(Provider, "postgres", StringComparison.OrdinalIgnoreCase);

    internal sealed class Validator : IValidateOptions<DatabaseOptions>
    {
        private static readonly string[] Defaults = ["password", "postgres", "changeme", "palio", "admin", "secret", "root"];

        public ValidateOptionsResult Validate(string? name, DatabaseOptions options)
        {
            var mistakes = new List<string>();
            if (!options.IsPostgres && !string.Equals(options.Provider, "sqlite", StringComparison.OrdinalIgnoreCase))
            {
                mistakes.Add($"{Section}:Provider is '{options.Provider}'; write sqlite or postgres.");
            }

            if (options.IsPostgres && string.IsNullOrWhiteSpace(options.ConnectionString))
            {
                mistakes.Add($"{Section}:ConnectionString is missing; write Host=…;Database=…;Username=…;Password=… for postgres.");
            }
            else if (options.IsPostgres && HasDefaultPassword(options.ConnectionString ?? ""))
            {
                mistakes.Add($"{Section}:ConnectionString has an empty or well-known password; give the database one of its own, or connect over a Unix socket.");
            }

            return mistakes.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);
        }

        // Over a Unix socket the system's user is the proof, and no password is needed.
        private static bool HasDefaultPassword(string connectionString)
        {
            var parts = connectionString.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(part => part.Split('=', 2)).Where(part => part.Length == 2)
                .GroupBy(part => part[0].Trim(), StringComparer.OrdinalIgnoreCase)
                .ToDictionary(group => group.Key, group => group.Last()[1].Trim(), StringComparer.OrdinalIgnoreCase);
            var password = parts.GetValueOrDefault("Password");
            return password is null
                ? parts.TryGetValue("Password", out _)
                : password.Length == 0 || Defaults.Contains(password, StringComparer.OrdinalIgnoreCase);
        }
    }
}
