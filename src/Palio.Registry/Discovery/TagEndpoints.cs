using System.Globalization;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace Palio.Registry;

/// <summary>The list of a repository's tags, in pages.</summary>
internal sealed class TagEndpoints(IRegistryIndex index)
{
    private const int MaxPage = 10_000;

    public async Task<IResult> ListAsync(RegistryRequest request)
    {
        var query = request.Http.Query;
        var n = MaxPage;
        if (query["n"].ToString() is { Length: > 0 } text)
        {
            // More digits than an int has are still just "many".
            if (!text.All(char.IsAsciiDigit))
            {
                return new RegistryError(400, "UNSUPPORTED", "n must be the number of tags wanted.");
            }

            n = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? Math.Min(asked, MaxPage) : MaxPage;
        }

        if (!await index.ExistsAsync(request.Repository, request.Aborted))
        {
            return RegistryErrors.NameUnknown(request.Repository.Value);
        }

        var tags = await index.ListTagsAsync(request.Repository, request.Aborted);
        var last = query["last"].ToString();
        List<string> rest = [.. tags.Where(t => last.Length == 0 || string.CompareOrdinal(t, last) > 0)];
        string[] page = [.. rest.Take(n)];
        if (page.Length > 0 && page.Length < rest.Count)
        {
            request.Response.Headers.Link = $"</v2/{request.Repository}/tags/list?n={n}&last={page[^1]}>; rel=\"next\"";
        }

        return new JsonAnswer<TagList>(new TagList(request.Repository.Value, page), RegistryJson.Default.TagList);
    }
}

internal sealed record TagList(
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("tags")] IReadOnlyList<string> Tags);
