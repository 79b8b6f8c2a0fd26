using AngleSharp.Html.Dom;

namespace Palio.Server.Tests.Pages;

/// <summary>What holds for every page: nothing inline, everything named.</summary>
internal static class PageAssert
{
    public static void IsSound(IHtmlDocument page)
    {
        var mistakes = Mistakes(page).ToList();
        Assert.True(mistakes.Count == 0, string.Join(Environment.NewLine, mistakes));
    }

    private static IEnumerable<string> Mistakes(IHtmlDocument page) =>
        Structure(page).Concat(Inline(page)).Concat(Names(page)).Concat(Tables(page));

    private static IEnumerable<string> Structure(IHtmlDocument page)
    {
        if (string.IsNullOrWhiteSpace(page.Title))
        {
            yield return "no title";
        }

        if (page.DocumentElement.GetAttribute("lang") is null)
        {
            yield return "no language";
        }

        foreach (var landmark in new[] { "main", "header", "footer", "nav[aria-label]", "a.skip" })
        {
            if (page.QuerySelector(landmark) is null)
            {
                yield return $"no {landmark}";
            }
        }

        var titles = page.QuerySelectorAll("h1").Length;
        if (titles != 1)
        {
            yield return $"{titles} h1";
        }

        var level = 1;
        foreach (var heading in page.QuerySelectorAll("main :is(h1, h2, h3, h4)").Where(heading => heading.Closest(".prose") is null))
        {
            var next = heading.LocalName[1] - '0';
            if (next > level + 1)
            {
                yield return $"heading '{heading.TextContent}' jumps from h{level} to h{next}";
            }

            level = next;
        }

        foreach (var twice in page.QuerySelectorAll("[id]").GroupBy(element => element.Id).Where(group => group.Count() > 1))
        {
            yield return $"id '{twice.Key}' is there {twice.Count()} times";
        }
    }

    private static IEnumerable<string> Inline(IHtmlDocument page)
    {
        foreach (var element in page.All)
        {
            if (element.LocalName == "script" && element.GetAttribute("src") is null)
            {
                yield return "inline script";
            }

            if (element.LocalName == "style" || element.HasAttribute("style"))
            {
                yield return $"inline style at {element.LocalName}";
            }

            foreach (var handler in element.Attributes.Where(attribute => attribute.Name.StartsWith("on", StringComparison.Ordinal)))
            {
                yield return $"inline handler {handler.Name}";
            }

            if (element.GetAttribute("src") is { } source && source.Contains("//", StringComparison.Ordinal))
            {
                yield return $"from elsewhere: {source}";
            }
        }
    }

    private static IEnumerable<string> Names(IHtmlDocument page)
    {
        foreach (var field in page.QuerySelectorAll("input:not([type=hidden]), select, textarea"))
        {
            if (field.GetAttribute("aria-label") is null && (field.Id is null || page.QuerySelector($"label[for='{field.Id}']") is null))
            {
                yield return $"field without label: {field.OuterHtml}";
            }
        }

        foreach (var image in page.QuerySelectorAll("img:not([alt])"))
        {
            yield return $"image without alt: {image.OuterHtml}";
        }

        foreach (var control in page.QuerySelectorAll("a[href], button, summary"))
        {
            if (string.IsNullOrWhiteSpace(control.TextContent) && control.GetAttribute("aria-label") is null)
            {
                yield return $"control without name: {control.OuterHtml}";
            }
        }

        foreach (var reference in page.QuerySelectorAll("[aria-labelledby], [aria-describedby]"))
        {
            foreach (var id in $"{reference.GetAttribute("aria-labelledby")} {reference.GetAttribute("aria-describedby")}".Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                if (page.GetElementById(id) is null)
                {
                    yield return $"{reference.LocalName} is named by '{id}', which is not there";
                }
            }
        }
    }

    private static IEnumerable<string> Tables(IHtmlDocument page)
    {
        foreach (var table in page.QuerySelectorAll("table").Where(table => table.Closest(".prose") is null))
        {
            if (table.QuerySelector("caption") is null)
            {
                yield return "table without caption";
            }

            foreach (var header in table.QuerySelectorAll("th:not([scope])"))
            {
                yield return $"th without scope: {header.TextContent}";
            }
        }
    }
}
