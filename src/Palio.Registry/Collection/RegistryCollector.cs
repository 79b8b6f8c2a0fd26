using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Palio.Registry;

/// <summary>Deletes what nothing needs: forsaken uploads, forgotten manifests, blobs without a repository. Safe beside pushes.</summary>
internal sealed partial class RegistryCollector(
    IRegistryIndex index,
    IBlobStore blobs,
    UploadSessions sessions,
    IOptions<RegistryOptions> options,
    TimeProvider time,
    ILogger<RegistryCollector> logger)
{
    public async Task CollectAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var uploads = await sessions.EndIdleAsync(options.Value.UploadIdleTime, null, cancellationToken);
        var (manifests, links) = (0, 0);
        foreach (var repository in await index.ListRepositoriesAsync(cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var result = await index.CollectAsync(
                repository, now - options.Value.UntaggedRetention, now - options.Value.CollectionGrace, cancellationToken);
            manifests += result.Manifests;
            links += result.Blobs;
        }

        var deleted = await DeleteUnlinkedAsync(now - options.Value.CollectionGrace, cancellationToken);
        LogCollected(uploads, manifests, links, deleted);
    }

    // A blob that nobody links can only come back by an upload, and that makes its file too young to be deleted.
    private async Task<int> DeleteUnlinkedAsync(DateTimeOffset storedBefore, CancellationToken cancellationToken)
    {
        var deleted = 0;
        var candidates = new List<Digest>();
        await foreach (var digest in blobs.ListAsync(storedBefore, cancellationToken))
        {
            candidates.Add(digest);
            if (candidates.Count == 1000)
            {
                deleted += await DeleteAsync();
            }
        }

        return deleted + await DeleteAsync();

        async Task<int> DeleteAsync()
        {
            var count = 0;
            foreach (var digest in await index.FindUnlinkedAsync(candidates, cancellationToken))
            {
                count += await blobs.DeleteAsync(digest, storedBefore, cancellationToken) ? 1 : 0;
            }

            candidates.Clear();
            return count;
        }
    }

    [LoggerMessage(Level = LogLevel.Information,
        Message = "Collected {Uploads} forsaken uploads, {Manifests} manifests, {Links} blob links, {Blobs} blobs")]
    private partial void LogCollected(int uploads, int manifests, int links, int blobs);
}
