using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Palio.Registry;

/// <summary>Stored blobs: read whole or in part, delete.</summary>
internal sealed partial class BlobEndpoints(IBlobStore blobs, IRegistryIndex index, ILogger<BlobEndpoints> logger)
{
    public async Task<IResult> GetAsync(RegistryRequest request)
    {
        var digest = Digest.Parse(request.Reference);
        var head = HttpMethods.IsHead(request.Http.Method);

        // Only through a link of this repository, even when another one has it.
        if (!await index.HasBlobAsync(request.Repository, digest, renew: head, request.Aborted))
        {
            return RegistryErrors.BlobUnknown(request.Reference);
        }

        // A lost or cut file is as good as none: told so, clients push it again, and that repairs it.
        if (await blobs.FindAsync(digest, request.Aborted) is not { } blob
            || blob.Length != await index.FindBlobLengthAsync(request.Repository, digest, request.Aborted))
        {
            LogDamaged(request.Repository, digest);
            return RegistryErrors.BlobUnknown(request.Reference);
        }

        var headers = request.Response.Headers;
        headers["Docker-Content-Digest"] = request.Reference;
        headers.ETag = $"\"{digest}\"";
        headers.AcceptRanges = "bytes";
        var range = ByteRange.Parse(request.Http.Headers.Range, blob.Length);
        if (range.Kind == RangeKind.Unsatisfiable)
        {
            headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes */{blob.Length}");
            return new RegistryError(416, "SIZE_INVALID", $"The blob has {blob.Length} bytes; the range asked for is not among them.");
        }

        headers.CacheControl = "max-age=31536000";
        request.Response.ContentType = "application/octet-stream";
        if (range.Kind == RangeKind.Part)
        {
            request.Response.StatusCode = StatusCodes.Status206PartialContent;
            headers.ContentRange = string.Create(
                CultureInfo.InvariantCulture, $"bytes {range.Offset}-{range.Offset + range.Count - 1}/{blob.Length}");
        }
        else
        {
            range = new ByteRange(RangeKind.Whole, 0, blob.Length);
        }

        request.Response.ContentLength = range.Count;
        if (!head && range.Count > 0)
        {
            await SendAsync(request, blob, range);
        }

        return TypedResults.Empty;
    }

    public async Task<IResult> DeleteAsync(RegistryRequest request) =>
        await index.UnlinkBlobAsync(request.Repository, Digest.Parse(request.Reference), request.Aborted) switch
        {
            RemovalResult.Removed => TypedResults.StatusCode(StatusCodes.Status202Accepted),
            RemovalResult.InUse => RegistryErrors.Unsupported("A manifest of this repository uses the blob. Delete the manifest first."),
            _ => RegistryErrors.BlobUnknown(request.Reference),
        };

    private const int PieceSize = 64 * 1024;

    private static async Task SendAsync(RegistryRequest request, StoredBlob blob, ByteRange range)
    {
        if (blob.Path is not null)
        {
            await SendFileAsync(request.Response, blob.Path, range, request.Aborted);
            return;
        }

        await using var stream = blob.OpenRead();
        stream.Seek(range.Offset, SeekOrigin.Begin);
        await Microsoft.AspNetCore.Http.Extensions.StreamCopyOperation.CopyToAsync(
            stream, request.Response.Body, range.Count, 128 * 1024, request.Aborted);
    }

    // In large pieces, read straight into what is sent: a copy less than SendFileAsync, and a fraction of its calls. Blocking, since reading a
    // file asynchronously only means that another thread blocks.
    private static async Task SendFileAsync(HttpResponse response, string path, ByteRange range, CancellationToken cancellationToken)
    {
        using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
        var (offset, left) = (range.Offset, range.Count);
        while (left > 0)
        {
            var piece = response.BodyWriter.GetMemory((int)Math.Min(left, PieceSize));
            var count = RandomAccess.Read(file, piece.Span[..(int)Math.Min(left, piece.Length)], offset);
            if (count == 0)
            {
                throw new IOException($"{path} is shorter than its blob.");
            }

            response.BodyWriter.Advance(count);
            (offset, left) = (offset + count, left - count);
            if (await response.BodyWriter.FlushAsync(cancellationToken) is { IsCompleted: true })
            {
                return; // the client went away
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The file of blob {Digest}, held by {Repository}, is missing or has another length")]
    private partial void LogDamaged(RepositoryName repository, Digest digest);
}
