using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Palio.Registry;

/// <summary>
/// Reads what is stored, part by part, so that all of it is read once in <see cref="RegistryOptions.BlobCheckPeriod"/>. A blob whose bytes have
/// changed is set aside: it is not served any more, clients push it again, and that repairs it.
/// </summary>
internal sealed partial class BlobCheck(
    IBlobStore blobs, IRegistryIndex index, IOptions<RegistryOptions> options, TimeProvider time, ILogger<BlobCheck> logger)
{
    // By the first two digits of the digest.
    private const int Parts = 256;

    private readonly string _record = Path.Combine(options.Value.DataFolder, "blob-check.json");
    private readonly string _temporary = Path.Combine(options.Value.DataFolder, "tmp");

    /// <summary>Reads the parts that are due.</summary>
    /// <returns>The damaged ones found.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var (period, now) = (options.Value.BlobCheckPeriod, time.GetUtcNow());
        if (period == TimeSpan.Zero)
        {
            return 0;
        }

        var before = Read() ?? Write(new CheckRecord(0, now));
        var due = (int)Math.Min(Parts, (now - before.At) / period * Parts);
        if (due < 1)
        {
            return 0;
        }

        var (read, damaged) = (0, 0);
        await foreach (var digest in blobs.ListAsync(now, cancellationToken))
        {
            if ((int.Parse(digest.Hex.AsSpan(0, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) - before.Next + Parts) % Parts >= due)
            {
                continue;
            }

            read++;
            if (await blobs.VerifyAsync(digest, cancellationToken) == BlobCondition.Damaged)
            {
                damaged++;
                LogDamaged(digest, await HoldersAsync(digest, cancellationToken));
            }
        }

        // What is left of a part counts for the next time.
        Write(new CheckRecord((before.Next + due) % Parts, due == Parts ? now : before.At + (period / Parts * due)));
        LogChecked(read, damaged);
        return damaged;
    }

    private async Task<string> HoldersAsync(Digest digest, CancellationToken cancellationToken)
    {
        var holders = new List<RepositoryName>();
        foreach (var repository in await index.ListRepositoriesAsync(cancellationToken))
        {
            if (await index.FindBlobLengthAsync(repository, digest, cancellationToken) is not null)
            {
                holders.Add(repository);
            }
        }

        return holders.Count == 0 ? "nobody" : string.Join(", ", holders);
    }

    private CheckRecord? Read()
    {
        try
        {
            return File.Exists(_record) ? JsonSerializer.Deserialize(File.ReadAllBytes(_record), RegistryJson.Default.CheckRecord) : null;
        }
        catch (JsonException)
        {
            return null; // begins anew
        }
    }

    private CheckRecord Write(CheckRecord record)
    {
        AtomicFile.Write(_temporary, _record, JsonSerializer.SerializeToUtf8Bytes(record, RegistryJson.Default.CheckRecord));
        return record;
    }

    [LoggerMessage(Level = LogLevel.Error, Message =
        "Blob {Digest}, held by {Repositories}, is damaged: its bytes have changed since it was stored. It was moved to the folder 'damaged' and is not served; pushing the image again repairs it. Look after the disk")]
    private partial void LogDamaged(Digest digest, string repositories);

    [LoggerMessage(Level = LogLevel.Information, Message = "Read {Blobs} stored blobs again; {Damaged} were damaged")]
    private partial void LogChecked(int blobs, int damaged);
}

/// <summary>How far the check is: the part that comes next, and the time up to which parts were read.</summary>
internal sealed record CheckRecord([property: JsonPropertyName("next")] int Next, [property: JsonPropertyName("at")] DateTimeOffset At);
