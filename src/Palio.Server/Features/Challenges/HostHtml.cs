using System.Globalization;
using AngleSharp;
using AngleSharp.Dom;
using Ganss.Xss;
using Markdig;
using Palio.Challenges.Bundles;

namespace Palio.Server.Features.Challenges;

/// <summary>Makes of a host's page what may be shown: Markdown turned to HTML, everything that could act or disguise taken out.</summary>
internal static class HostHtml
{
    private static readonly MarkdownPipeline Markdown =
        new MarkdownPipelineBuilder().UsePipeTables().UseAutoLinks().UseEmphasisExtras().UseTaskLists().UseFootnotes().Build();

    private static readonly HtmlSanitizer Sanitizer = Create();

    private const int LowestHeading = 6;

    /// <summary>What may be shown of a page.</summary>
    /// <param name="page">The host's page.</param>
    /// <param name="topHeading">Level of its highest heading where it is shown: the site has the one h1, and its own below it.</param>
    public static string Of(BundlePage page, int topHeading)
    {
        var html = page.Format == PageFormat.Markdown ? Markdig.Markdown.ToHtml(page.Text, Markdown) : page.Text;
        var document = Sanitizer.SanitizeDom(html);
        if (document.Body is not { } body)
        {
            return "";
        }

        LowerHeadings(document, body, topHeading);
        return body.ChildNodes.ToHtml(HtmlSanitizer.DefaultOutputFormatter);
    }

    // All by the same number of levels, so that the page's own order stays.
    private static void LowerHeadings(IDocument document, IElement body, int topHeading)
    {
        var headings = body.QuerySelectorAll("h1, h2, h3, h4, h5, h6").ToList();
        var down = topHeading - headings.Select(LevelOf).DefaultIfEmpty(topHeading).Min();
        foreach (var heading in down > 0 ? headings : [])
        {
            var lowered = document.CreateElement("h" + Math.Min(LevelOf(heading) + down, LowestHeading).ToString(CultureInfo.InvariantCulture));
            lowered.Append([.. heading.ChildNodes]);
            heading.Replace(lowered);
        }
    }

    private static int LevelOf(IElement heading) => heading.LocalName[1] - '0';

    // Classes, ids and styles are left out too: with them a page could look like the site's own buttons and forms.
    private static HtmlSanitizer Create()
    {
        var sanitizer = new HtmlSanitizer();
        sanitizer.AllowedTags.ExceptWith(["form", "input", "button", "select", "option", "textarea", "label", "fieldset", "legend", "optgroup", "datalist", "output", "keygen", "menu", "menuitem", "dialog", "style"]);
        sanitizer.AllowedAttributes.ExceptWith(["style", "class", "id", "name", "for", "action", "method", "accesskey", "tabindex", "contenteditable", "background"]);
        sanitizer.AllowedCssProperties.Clear();
        sanitizer.AllowedSchemes.Clear();
        sanitizer.AllowedSchemes.UnionWith(["http", "https", "mailto"]);
        sanitizer.AllowDataAttributes = false;
        sanitizer.PostProcessNode += (_, node) =>
        {
            if (node.Node is AngleSharp.Html.Dom.IHtmlAnchorElement link)
            {
                link.Relation = "nofollow noopener ugc";
            }
        };
        return sanitizer;
    }
}
