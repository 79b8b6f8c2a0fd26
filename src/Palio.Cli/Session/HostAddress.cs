namespace Palio.Cli.Session;

/// <summary>A server's address as people type it.</summary>
internal static class HostAddress
{
    public static Uri Parse(string text)
    {
        var full = text.Contains("://", StringComparison.Ordinal) ? text : DefaultScheme(text) + "://" + text;
        if (!Uri.TryCreate(full, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Host.Length == 0)
        {
            throw CliException.Usage($"'{text}' is not a server's address.", "write it like https://palio.example.org or http://localhost:8080");
        }

        if (uri.UserInfo.Length > 0 || uri.Query.Length > 0)
        {
            throw CliException.Usage("A server's address has no user, password or query.", "sign in with: palio login");
        }

        return new Uri(uri.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/");
    }

    private static string DefaultScheme(string text) =>
        text.StartsWith("localhost", StringComparison.OrdinalIgnoreCase) || text.StartsWith("127.", StringComparison.Ordinal) ? "http" : "https";
}
