namespace Palio.Cli.Engine;

/// <summary>A repository and a tag.</summary>
internal sealed record ImageName(string Repository, string Tag)
{
    /// <summary>Splits <c>host:5000/a/b:tag</c>; without a tag it is <c>latest</c>.</summary>
    public static ImageName Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon > text.LastIndexOf('/') ? new(text[..colon], text[(colon + 1)..]) : new(text, "latest");
    }

    public override string ToString() => $"{Repository}:{Tag}";
}
