using System.Formats.Tar;
using System.Globalization;
using Palio.Challenges.Bundles;
using Palio.Server.Storage;

namespace Palio.Server.Features.Challenges;

/// <summary>Published archives and logos, as files below the data folder.</summary>
internal sealed class BundleStore(DataFolder data, ContentStore content)
{
    /// <summary>Writes a revision's files; a failed publication's leftovers are written over.</summary>
    public async Task WriteAsync(string slug, int revision, ReadOnlyMemory<byte> archive, ReadOnlyMemory<byte>? logo, CancellationToken cancellationToken)
    {
        var folder = data.PrivateFolder("bundles", slug);
        var number = revision.ToString(CultureInfo.InvariantCulture);
        await File.WriteAllBytesAsync(Path.Combine(folder, $"{number}.zip"), archive, cancellationToken);
        if (logo is { } content)
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, $"{number}.logo"), content, cancellationToken);
        }
    }

    /// <summary>A revision's archive.</summary>
    public Task<byte[]> ReadAsync(string slug, int revision, CancellationToken cancellationToken) =>
        File.ReadAllBytesAsync(data["bundles", slug, $"{revision.ToString(CultureInfo.InvariantCulture)}.zip"], cancellationToken);

    /// <summary>Keeps what a script scores with by its content: the script as an archive, and each phase's annotations.</summary>
    public async Task<IReadOnlyDictionary<int, ScoringContent>> StoreScoringAsync(
        ChallengeBundle bundle, BundleFiles files, CancellationToken cancellationToken)
    {
        var found = new Dictionary<int, ScoringContent>();
        var script = bundle.Challenge.ScriptPath is { } path ? ScriptFiles.Find(files, path).Script : null;
        foreach (var phase in bundle.Phases.Where(phase => phase.Judging is not (Judging.Play or Judging.Environment)))
        {
            var annotations = phase.AnnotationPath is { } place && files.TryGet(place, out var bytes) ? await PutAsync(bytes, cancellationToken) : null;
            var dataset = phase is { Judging: Judging.StaticCode, Evaluation.DatasetPath: { } data } ? DatasetFiles.Find(files, data).Files : null;
            found[phase.Id] = new ScoringContent(
                script is null || phase.Judging is Judging.Remote ? null : (await PutAsync(Tar(script.Files), cancellationToken)).Digest,
                annotations?.Digest, annotations is null ? null : Path.GetFileName(phase.AnnotationPath),
                dataset is null ? null : (await PutAsync(Tar(dataset), cancellationToken)).Digest);
        }

        return found;
    }

    private Task<StoredContent> PutAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) =>
        content.PutAsync(new MemoryStream(bytes.ToArray(), writable: false), long.MaxValue, cancellationToken);

    // The same files make the same archive, so that a script that did not change is stored once.
    private static byte[] Tar(IEnumerable<KeyValuePair<string, ReadOnlyMemory<byte>>> files)
    {
        using var target = new MemoryStream();
        using (var tar = new TarWriter(target, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var (path, bytes) in files.OrderBy(file => file.Key, StringComparer.Ordinal))
            {
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, path)
                {
                    Mode = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead,
                    ModificationTime = DateTimeOffset.UnixEpoch,
                    DataStream = new MemoryStream(bytes.ToArray(), writable: false),
                });
            }
        }

        return target.ToArray();
    }

    public string LogoPath(string slug, int revision) => data["bundles", slug, $"{revision.ToString(CultureInfo.InvariantCulture)}.logo"];
}

/// <summary>What a phase's script scores with, by digest in the content store.</summary>
internal sealed record ScoringContent(string? ScriptDigest, string? AnnotationDigest, string? AnnotationName, string? DatasetDigest);
