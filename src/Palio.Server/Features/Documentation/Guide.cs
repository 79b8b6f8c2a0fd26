using System.Reflection;
using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Palio.Server.Features.Documentation;

/// <summary>The guides of the repository's <c>docs</c> folder, carried in the assembly, as pages.</summary>
internal sealed record Guide(string Name, string Title, string Html)
{
    private const string Prefix = "docs/";
    private const string Suffix = ".md";

    private static readonly MarkdownPipeline Markdown = new MarkdownPipelineBuilder().UsePipeTables().UseAutoIdentifiers().UseAutoLinks().Build();

    private static readonly Lazy<IReadOnlyList<Guide>> Guides = new(ReadAll);

    /// <summary>In the order in which people need them.</summary>
    public static IReadOnlyList<Guide> All => Guides.Value;

    public static Guide? Find(string name) => All.FirstOrDefault(guide => guide.Name == name);

    private static List<Guide> ReadAll()
    {
        string[] order = ["participant", "host", "operator", "bundle", "protocol"];
        var assembly = typeof(Guide).Assembly;
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(Suffix, StringComparison.Ordinal))
            .Select(name => Read(assembly, name))
            .OrderBy(guide => Array.IndexOf(order, guide.Name) is var place and >= 0 ? place : order.Length).ThenBy(guide => guide.Name, StringComparer.Ordinal)];
    }

    private static Guide Read(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource) ?? throw new InvalidOperationException($"{resource} is gone."));
        var name = resource[Prefix.Length..^Suffix.Length];
        var document = Markdig.Markdown.Parse(reader.ReadToEnd(), Markdown);
        var heading = document.OfType<HeadingBlock>().FirstOrDefault();
        var title = heading?.Inline?.Descendants<LiteralInline>().Aggregate("", (text, literal) => text + literal.Content) ?? name;
        foreach (var link in document.Descendants<LinkInline>())
        {
            link.Url = Address(name, link.Url);
        }

        return new Guide(name, title, document.ToHtml(Markdown));
    }

    /// <summary>Links between guides lead to their pages; those to other files of the repository lead nowhere here.</summary>
    private static string? Address(string name, string? url)
    {
        if (url is null || url.Contains("://", StringComparison.Ordinal))
        {
            return url;
        }

        var (file, fragment) = url.IndexOf('#', StringComparison.Ordinal) is var at and >= 0 ? (url[..at], url[at..]) : (url, "");
        return file.Length == 0 ? $"docs/{name}{fragment}"
            : file.EndsWith(Suffix, StringComparison.Ordinal) && !file.Contains('/', StringComparison.Ordinal) ? $"docs/{file[..^Suffix.Length]}{fragment}"
            : url;
    }
}
