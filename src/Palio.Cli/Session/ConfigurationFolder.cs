namespace Palio.Cli.Session;

/// <summary>Where the program keeps what it remembers.</summary>
internal static class ConfigurationFolder
{
    public static string Find(Func<string, string?> variable)
    {
        if (variable("PALIO_CONFIG") is { Length: > 0 } own)
        {
            return own;
        }

        var home = variable("XDG_CONFIG_HOME") is { Length: > 0 } configuration
            ? configuration
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".config");
        return Path.Combine(home, "palio");
    }
}
