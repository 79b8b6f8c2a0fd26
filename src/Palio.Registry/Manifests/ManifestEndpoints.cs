using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Palio.Registry;

/// <summary>Manifests by tag or digest: read, push, delete.</summary>
internal sealed partial class ManifestEndpoints(
    IRegistryIndex index, IBlobStore blobs, IOptions<RegistryOptions> options, TimeProvider time, ILogger<ManifestEndpoints> logger)
{
    private const int MaxTags = 100;

    public async Task<IResult> GetAsync(RegistryRequest request)
    {
        if (await ResolveAsync(request) is not { } digest
            || await index.FindManifestAsync(request.Repository, digest, request.Aborted) is not { } record)
        {
            return RegistryErrors.ManifestUnknown(request.Reference);
        }

        var response = request.Response;
        var tag = $"\"{digest}\"";
        response.Headers["Docker-Content-Digest"] = digest.ToString();
        response.Headers.ETag = tag;
        if (request.Http.Headers.IfNoneMatch.Any(v => v?.Contains(tag, StringComparison.Ordinal) == true))
        {
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        }

        if (HttpMethods.IsHead(request.Http.Method))
        {
            response.ContentType = record.MediaType;
            response.ContentLength = record.Size;
            return TypedResults.Empty;
        }

        if (await index.ReadManifestAsync(request.Repository, digest, request.Aborted) is { } content)
        {
            return TypedResults.Bytes(content, record.MediaType);
        }

        LogDamaged(request.Repository, digest);
        return RegistryErrors.ManifestUnknown(request.Reference);
    }

    public async Task<IResult> PutAsync(RegistryRequest request)
    {
        var most = options.Value.MaxManifestBytes;
        if (await ReadBodyAsync(request.Http, most, request.Aborted) is not { } content)
        {
            return RegistryErrors.ManifestTooLarge(most);
        }

        var (digest, tags, refused) = Target(request, content);
        if (refused is not null)
        {
            return refused;
        }

        ManifestDocument document;
        try
        {
            document = ManifestDocument.Parse(content, MediaTypes.WithoutParameters(request.Http.ContentType ?? ""));
        }
        catch (ManifestFormatException exception)
        {
            return RegistryErrors.ManifestInvalid(exception.Message);
        }

        return await CheckAsync(request.Repository, document, request.Aborted)
            ?? await CheckRoomAsync(request, digest, content.Length)
            ?? await StoreAsync(request, document, digest, content, tags);
    }

    public async Task<IResult> DeleteAsync(RegistryRequest request)
    {
        if (!request.Reference.Contains(':', StringComparison.Ordinal))
        {
            return await index.DeleteTagAsync(request.Repository, request.Reference, request.Aborted)
                ? TypedResults.StatusCode(StatusCodes.Status202Accepted)
                : RegistryErrors.ManifestUnknown(request.Reference);
        }

        var result = await index.DeleteManifestAsync(request.Repository, Digest.Parse(request.Reference), request.Aborted);
        if (result == RemovalResult.Removed)
        {
            LogDeleted(request.Repository, request.Reference, request.Caller.Identity.Subject);
        }

        return result switch
        {
            RemovalResult.Removed => TypedResults.StatusCode(StatusCodes.Status202Accepted),
            RemovalResult.InUse => RegistryErrors.Denied("This image was submitted. What was submitted cannot be deleted."),
            _ => RegistryErrors.ManifestUnknown(request.Reference),
        };
    }

    private async ValueTask<Digest?> ResolveAsync(RegistryRequest request) =>
        Digest.TryParse(request.Reference, out var digest)
            ? digest
            : await index.ResolveTagAsync(request.Repository, request.Reference, request.Aborted);

    // The digest the bytes have, and the tags to move: the reference, or ?tag= beside a reference by digest.
    private static (Digest Digest, IReadOnlyList<string> Tags, RegistryError? Refused) Target(RegistryRequest request, byte[] content)
    {
        if (!Digest.TryParse(request.Reference, out var expected))
        {
            return (Digest.Of(content), [request.Reference], null);
        }

        var digest = Digest.Of(content, expected.Algorithm);
        string[] tags = [.. request.Http.Query["tag"].Select(t => t ?? "").Distinct()];
        return digest != expected ? (digest, tags, RegistryErrors.DigestInvalid($"The manifest's digest is {digest}, not the one in the address."))
            : tags.Length > MaxTags ? (digest, tags, new RegistryError(414, "MANIFEST_INVALID", $"At most {MaxTags} tags can be set at once."))
            : tags.FirstOrDefault(t => !TagName.IsValid(t)) is { } bad ? (digest, tags, RegistryErrors.TagInvalid(bad))
            : (digest, tags, null);
    }

    // Sizes and types of what is here must be as told: clients size their downloads by them.
    private async ValueTask<RegistryError?> CheckAsync(RepositoryName repository, ManifestDocument document, CancellationToken cancellationToken)
    {
        var image = (document.Config?.Size ?? 0) + document.Layers.Sum(l => (decimal)l.Size);
        if (image > options.Value.MaxImageBytes)
        {
            return RegistryErrors.ImageTooLarge(options.Value.MaxImageBytes);
        }

        foreach (var child in document.Manifests.DistinctBy(m => (m.Digest, m.Size, m.MediaType)))
        {
            if (await index.FindManifestAsync(repository, child.Digest, cancellationToken) is not { } stored)
            {
                return RegistryErrors.ManifestBlobUnknown(child.Digest.ToString());
            }

            if (stored.Size != child.Size || stored.MediaType != child.MediaType)
            {
                return RegistryErrors.ManifestInvalid($"The index's entry {child.Digest} has another size or type than what was pushed.");
            }
        }

        foreach (var blob in NeededBlobs(document).DistinctBy(b => (b.Digest, b.Size)))
        {
            if (await index.FindBlobLengthAsync(repository, blob.Digest, cancellationToken) is not { } length
                || (await blobs.FindAsync(blob.Digest, cancellationToken))?.Length != length)
            {
                return RegistryErrors.ManifestBlobUnknown(blob.Digest.ToString());
            }

            if (length != blob.Size)
            {
                return RegistryErrors.ManifestInvalid($"The blob {blob.Digest} has {length} bytes, not the {blob.Size} the manifest says.");
            }
        }

        return null;
    }

    // A manifest that is here already adds at most tags; those are let in even when the quota is full.
    private async ValueTask<RegistryError?> CheckRoomAsync(RegistryRequest request, Digest digest, long length)
    {
        var used = await index.GetUsageAsync(request.Repository, request.Aborted);
        if (used.Objects >= options.Value.MaxObjectsPerRepository)
        {
            return RegistryErrors.TooManyObjects(options.Value.MaxObjectsPerRepository);
        }

        var quota = await request.QuotaAsync(options.Value);
        return length > quota - used.Bytes && await index.FindManifestAsync(request.Repository, digest, request.Aborted) is null
            ? RegistryErrors.QuotaExceeded(quota)
            : null;
    }

    private async ValueTask<IResult> StoreAsync(
        RegistryRequest request, ManifestDocument document, Digest digest, byte[] content, IReadOnlyList<string> tags)
    {
        var record = new ManifestRecord
        {
            Digest = digest,
            MediaType = document.MediaType,
            Size = content.Length,
            PushedAt = time.GetUtcNow(),
            Subject = document.Subject?.Digest,
            ArtifactType = document.ArtifactType ?? document.Config?.MediaType,
            Annotations = document.Annotations,
            Blobs = [.. NeededBlobs(document).Select(b => b.Digest).Distinct()],
            Manifests = [.. document.Manifests.Select(m => m.Digest).Distinct()],
        };
        if (await index.PutManifestAsync(request.Repository, record, content, tags, request.Aborted) is { } missing)
        {
            return RegistryErrors.ManifestBlobUnknown(missing.ToString());
        }

        LogPushed(request.Repository, digest, request.Caller.Identity.Subject);
        var headers = request.Response.Headers;
        headers.Location = $"/v2/{request.Repository}/manifests/{digest}";
        headers["Docker-Content-Digest"] = digest.ToString();
        if (record.Subject is { } subject)
        {
            headers["OCI-Subject"] = subject.ToString();
        }

        if (request.Http.Query.ContainsKey("tag"))
        {
            headers["OCI-Tag"] = string.Join(", ", tags);
        }

        return TypedResults.StatusCode(StatusCodes.Status201Created);
    }

    private static IEnumerable<Descriptor> NeededBlobs(ManifestDocument document) =>
        document.Layers.Where(l => !MediaTypes.IsForeignLayer(l.MediaType)).Concat(document.Config is { } config ? [config] : []);

    private static async Task<byte[]?> ReadBodyAsync(HttpRequest request, int most, CancellationToken cancellationToken)
    {
        if (request.ContentLength > most)
        {
            return null;
        }

        using var content = new MemoryStream((int)(request.ContentLength ?? 4096));
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (content.Length + read > most)
            {
                return null;
            }

            content.Write(buffer, 0, read);
        }

        return content.ToArray();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Stored manifest {Digest} in {Repository} for {Subject}")]
    private partial void LogPushed(RepositoryName repository, Digest digest, string subject);

    [LoggerMessage(Level = LogLevel.Error, Message = "The file of manifest {Digest} in {Repository} is missing or damaged; pushing the image again repairs it")]
    private partial void LogDamaged(RepositoryName repository, Digest digest);

    [LoggerMessage(Level = LogLevel.Information, Message = "Deleted manifest {Digest} from {Repository} for {Subject}")]
    private partial void LogDeleted(RepositoryName repository, string digest, string subject);
}
