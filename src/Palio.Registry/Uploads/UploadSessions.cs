using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Palio.Registry;

/// <summary>Keeps the uploads under way: their number, their turns, their bytes against the quota, their end.</summary>
internal sealed partial class UploadSessions(
    IBlobStore blobs, IRegistryIndex index, IOptions<RegistryOptions> options, TimeProvider time, ILogger<UploadSessions> logger)
    : IAsyncDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, UploadSession> _sessions = [];
    private readonly string _folder = Path.Combine(options.Value.DataFolder, "sessions");
    private readonly string _temporary = Path.Combine(options.Value.DataFolder, "tmp");

    /// <summary>Takes up what an earlier process left. Called once, before the first request.</summary>
    public async Task RestoreAsync(CancellationToken cancellationToken)
    {
        foreach (var file in Directory.CreateDirectory(_folder).EnumerateFiles("*.json"))
        {
            if (await ReadAsync(file, cancellationToken) is not { } record || !RepositoryName.TryParse(record.Repository, out var repository))
            {
                LogUnreadable(file.Name);
                file.Delete();
                continue;
            }

            var session = new UploadSession(record, repository, file.LastWriteTimeUtc);
            session.Upload = await blobs.OpenUploadAsync(record.Id, record.Algorithm, cancellationToken);
            session.Reserved = session.Upload.Length;
            Add(session);
        }

        await blobs.DeleteUploadsExceptAsync(_sessions.Keys.ToHashSet(), cancellationToken);
        LogRestored(_sessions.Count);
    }

    /// <summary>Begins an upload, or says why it cannot begin.</summary>
    public async Task<(UploadSession? Session, RegistryError? Refused)> StartAsync(
        RepositoryName repository, string owner, string algorithm, CancellationToken cancellationToken)
    {
        var record = new UploadRecord(Guid.NewGuid().ToString(), repository.Value, owner, algorithm, time.GetUtcNow());
        var session = new UploadSession(record, repository, record.Started);
        lock (_lock)
        {
            if (_sessions.Count >= options.Value.MaxUploads
                || _sessions.Values.Count(s => s.RepositoryOwner == session.RepositoryOwner || s.Record.Owner == owner) >= options.Value.MaxUploadsPerRepository)
            {
                return (null, RegistryErrors.TooManyRequests("Too many uploads are under way. Wait for some to finish, then push again.", 30));
            }

            _sessions.Add(session.Id, session);
        }

        AtomicFile.Write(_temporary, RecordPath(session.Id), JsonSerializer.SerializeToUtf8Bytes(record, RegistryJson.Default.UploadRecord));
        session.Upload = await blobs.OpenUploadAsync(session.Id, algorithm, cancellationToken);
        return (session, null);
    }

    /// <summary>The session, without waiting for its turn; null when it is unknown, of another repository or of another owner.</summary>
    public UploadSession? Find(RepositoryName repository, string id, string owner)
    {
        lock (_lock)
        {
            return _sessions.TryGetValue(id, out var session) && session.Repository == repository && session.Record.Owner == owner ? session : null;
        }
    }

    /// <summary>Takes the session's turn. False when it ended meanwhile, or another request holds it for too long.</summary>
    public static async Task<bool> EnterAsync(UploadSession session, CancellationToken cancellationToken)
    {
        if (!await session.Turn.WaitAsync(LongestWait, cancellationToken))
        {
            return false;
        }

        if (session.IsGone)
        {
            session.Turn.Release();
            return false;
        }

        return true;
    }

    public void Leave(UploadSession session)
    {
        session.LastUse = time.GetUtcNow();
        session.Reserved = session.Upload?.Length ?? 0;
        if (!session.IsGone)
        {
            File.SetLastWriteTimeUtc(RecordPath(session.Id), session.LastUse.UtcDateTime);
        }

        session.Turn.Release();
    }

    /// <summary>Counts bytes about to be kept against the blob's and the repository's limits.</summary>
    /// <exception cref="RegistryException">They do not fit.</exception>
    public async ValueTask ReserveAsync(UploadSession session, long bytes, long quota, CancellationToken cancellationToken)
    {
        var most = options.Value.MaxBlobBytes;
        if (bytes > most - session.Reserved) // not added up: a length a client told can be any number
        {
            throw new RegistryException(RegistryErrors.BlobTooLarge(most));
        }

        var used = await index.GetUsageAsync(session.Repository, cancellationToken);
        if (used.Objects >= options.Value.MaxObjectsPerRepository)
        {
            throw new RegistryException(RegistryErrors.TooManyObjects(options.Value.MaxObjectsPerRepository));
        }

        if (TryReserve(session, bytes, quota - used.Bytes))
        {
            return;
        }

        // What a broken push left behind shall not keep the next one out.
        await EndIdleAsync(TimeSpan.FromMinutes(2), session.RepositoryOwner, cancellationToken);
        if (!TryReserve(session, bytes, quota - used.Bytes))
        {
            throw new RegistryException(RegistryErrors.QuotaExceeded(quota));
        }
    }

    /// <summary>Ends a session whose turn the caller holds, with its bytes unless they were stored.</summary>
    public async Task EndAsync(UploadSession session, bool stored)
    {
        lock (_lock)
        {
            _sessions.Remove(session.Id);
        }

        session.IsGone = true;
        File.Delete(RecordPath(session.Id));
        if (session.Upload is { } upload)
        {
            if (!stored)
            {
                await upload.DeleteAsync(CancellationToken.None);
            }

            await upload.DisposeAsync();
        }
    }

    /// <summary>Ends the sessions that nobody used for so long, of one owner's repositories or of all.</summary>
    public async Task<int> EndIdleAsync(TimeSpan idle, RepositoryName? owner, CancellationToken cancellationToken)
    {
        List<UploadSession> candidates;
        lock (_lock)
        {
            candidates = [.. _sessions.Values.Where(s => owner is null || s.RepositoryOwner == owner)];
        }

        var ended = 0;
        foreach (var session in candidates)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (session.LastUse > time.GetUtcNow() - idle || !await session.Turn.WaitAsync(0, cancellationToken))
            {
                continue;
            }

            if (!session.IsGone)
            {
                await EndAsync(session, stored: false);
                ended++;
            }

            session.Turn.Release();
        }

        return ended;
    }

    /// <summary>Closes the staging areas. The uploads themselves go on after the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var session in _sessions.Values)
        {
            session.Dispose();
            if (session.Upload is { } upload)
            {
                await upload.DisposeAsync();
            }
        }
    }

    private bool TryReserve(UploadSession session, long bytes, long room)
    {
        lock (_lock)
        {
            var underWay = _sessions.Values.Where(s => s.RepositoryOwner == session.RepositoryOwner).Sum(s => s.Reserved);
            if (bytes > room - underWay)
            {
                return false;
            }

            session.Reserved += bytes;
            return true;
        }
    }

    private void Add(UploadSession session)
    {
        lock (_lock)
        {
            _sessions[session.Id] = session;
        }
    }

    private static async Task<UploadRecord?> ReadAsync(FileInfo file, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = file.OpenRead();
            return await JsonSerializer.DeserializeAsync(stream, RegistryJson.Default.UploadRecord, cancellationToken);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private string RecordPath(string id) => Path.Combine(_folder, id + ".json");

    [LoggerMessage(Level = LogLevel.Information, Message = "Took up {Count} unfinished uploads")]
    private partial void LogRestored(int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Deleted the unreadable upload record {File}")]
    private partial void LogUnreadable(string file);
}
