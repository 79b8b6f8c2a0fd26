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

    public static string Of(BundlePage page) =>
        Sanitize(page.Format == PageFormat.Markdown ? Markdig.Markdown.ToHtml(page.Text, Markdown) : page.Text);

    public static string Sanitize(string html) => Sanitizer.Sanitize(html);

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
