namespace Palio.Registry;

/// <summary>What a tag may look like: <c>[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}</c>.</summary>
internal static class TagName
{
    public static bool IsValid(string text) =>
        text.Length is > 0 and <= 128
        && (char.IsAsciiLetterOrDigit(text[0]) || text[0] == '_')
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-');
}
