using System.Text.Json;
using Palio.Registry;
using Palio.Server.Errors;

namespace Palio.Server.EvalAi.Ecr;

/// <summary>
/// The image that EvalAI's command line submits: a file <c>submission.json</c> that holds <c>{"submitted_image_uri": "host/repository:tag"}</c>.
/// It is whatever the client says: only an image of the team's own repository counts, and the host's part is the client's own affair.
/// </summary>
internal static class SubmittedImage
{
    private const int LongestFile = 64 << 10;

    /// <summary>Whether a file is such a one; else it is a submission itself.</summary>
    public static async Task<string?> ReadAsync(IFormFile file, CancellationToken cancellationToken)
    {
        if (file.Length > LongestFile)
        {
            return null;
        }

        await using var stream = file.OpenReadStream();
        try
        {
            using var document = await JsonDocument.ParseAsync(stream, cancellationToken: cancellationToken);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("submitted_image_uri", out var uri) && uri.ValueKind == JsonValueKind.String
                    ? uri.GetString()
                    : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The image's digest.</summary>
    /// <param name="uri">As the client says.</param>
    /// <param name="repository">The team's repository.</param>
    /// <param name="catalog">Knows what was pushed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<Digest> ResolveAsync(string uri, RepositoryName repository, IImageCatalog catalog, CancellationToken cancellationToken)
    {
        var (name, digest) = uri.Split('@') is [var before, var after] ? (before, after) : (uri, null);
        var colon = name.LastIndexOf(':');
        var tag = colon > name.LastIndexOf('/') ? name[(colon + 1)..] : null;
        var path = tag is null ? name : name[..colon];
        if (!Names(path, repository))
        {
            throw Refused($"The image '{Short(uri)}' is not in your team's repository {repository}.", "Push it with 'evalai push', which submits what it pushed.");
        }

        if (digest is not null)
        {
            return Digest.TryParse(digest, out var given) ? given : throw Refused($"'{Short(uri)}' is not an image's name.", "Write host/repository:tag.");
        }

        return await catalog.ResolveTagAsync(repository, tag ?? "latest", cancellationToken)
            ?? throw Refused($"There is no image '{Short(uri)}' in the registry.", "Push it first: 'evalai push' pushes and submits in one go.");
    }

    // With and without the registry's address in front, in one piece or two.
    private static bool Names(string path, RepositoryName repository)
    {
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        return Is(path) || (slash > 0 && Is(path[(slash + 1)..]));

        bool Is(string text) => RepositoryName.TryParseWritten(text, out var name) && name == repository;
    }

    private static string Short(string text) => text.Length <= 200 ? text : text[..200] + "…";

    private static PalioException Refused(string message, string remedy) => PalioException.Invalid("input_file", message, remedy);
}
