using System.Net;
using System.Text.RegularExpressions;

namespace Palio.Cli.Output;

/// <summary>The text of HTML the server has sanitised, good enough to be read in a terminal.</summary>
internal static partial class PlainText
{
    public static string OfHtml(string html)
    {
        var lines = Block().Replace(html, "\n");
        return Gap().Replace(WebUtility.HtmlDecode(Tag().Replace(lines, "")), "\n\n").Trim();
    }

    [GeneratedRegex("<(?:/p|/h[1-6]|/li|/tr|br|/div|/pre)[^>]*>", RegexOptions.IgnoreCase)]
    private static partial Regex Block();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex(@"\n\s*\n\s*")]
    private static partial Regex Gap();
}
