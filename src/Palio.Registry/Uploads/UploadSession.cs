using System.Text.Json.Serialization;

namespace Palio.Registry;

/// <summary>One upload under way. Its record is on disk, its bytes are in the blob store's staging area: both outlive the process.</summary>
internal sealed class UploadSession(UploadRecord record, RepositoryName repository, DateTimeOffset lastUse) : IDisposable
{
    public UploadRecord Record => record;

    public RepositoryName Repository => repository;

    /// <summary>Whose limits it counts against.</summary>
    public RepositoryName RepositoryOwner { get; } = repository.Owner;

    public string Id => record.Id;

    /// <summary>One request at a time.</summary>
    public SemaphoreSlim Turn { get; } = new(1, 1);

    /// <summary>The open staging area; null until first used after a start.</summary>
    public IBlobUpload? Upload { get; set; }

    /// <summary>Bytes counted against the quota: those received and those being received.</summary>
    public long Reserved { get; set; }

    public DateTimeOffset LastUse { get; set; } = lastUse;

    public bool IsGone { get; set; }

    public UploadPosition Position => new(repository, Id, Upload?.Length ?? Reserved);

    public void Dispose() => Turn.Dispose();
}

/// <summary>What is written down about an upload.</summary>
internal sealed record UploadRecord(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("repository")] string Repository,
    [property: JsonPropertyName("owner")] string Owner,
    [property: JsonPropertyName("algorithm")] string Algorithm,
    [property: JsonPropertyName("started")] DateTimeOffset Started);
