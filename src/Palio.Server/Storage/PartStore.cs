using System.Globalization;
using Palio.Server.Errors;

namespace Palio.Server.Storage;

/// <summary>
/// Files that are sent in parts, until they are whole. An upload is a folder, and a part a file named by its number and digest: the disk is
/// the only record, so there is none to disagree with it.
/// </summary>
internal sealed class PartStore(DataFolder data)
{
    // Uploads of which parts are just received, and by how many requests.
    private readonly Dictionary<string, Turns> _turns = [];

    /// <summary>Stores a part; the same number again replaces it. An upload's parts are taken one after the other: none may count on room that another is filling.</summary>
    /// <param name="upload">The upload's name: letters, digits and dashes.</param>
    /// <param name="number">From 1.</param>
    /// <param name="source">Read to its end.</param>
    /// <param name="maxBytes">Of all its parts together.</param>
    /// <param name="cancellationToken">Gives up; the part is as it was.</param>
    /// <returns>The part's tag.</returns>
    /// <exception cref="PalioException">It is too much.</exception>
    public async Task<string> PutAsync(string upload, int number, Stream source, long maxBytes, CancellationToken cancellationToken)
    {
        var turns = Queue(Named(upload));
        try
        {
            await turns.One.WaitAsync(cancellationToken);
            try
            {
                return await StoreAsync(upload, number, source, maxBytes, cancellationToken);
            }
            finally
            {
                turns.One.Release();
            }
        }
        finally
        {
            Leave(upload, turns);
        }
    }

    private Turns Queue(string upload)
    {
        lock (_turns)
        {
            var turns = _turns.TryGetValue(upload, out var known) ? known : _turns[upload] = new Turns();
            turns.Requests++;
            return turns;
        }
    }

    private void Leave(string upload, Turns turns)
    {
        lock (_turns)
        {
            if (--turns.Requests == 0)
            {
                _turns.Remove(upload);
                turns.One.Dispose();
            }
        }
    }

    private async Task<string> StoreAsync(string upload, int number, Stream source, long maxBytes, CancellationToken cancellationToken)
    {
        var folder = data.PrivateFolder("uploads", upload);
        var room = maxBytes - List(upload).Where(part => part.Number != number).Sum(part => part.Bytes);
        var temporary = Path.Combine(folder, $"{Guid.NewGuid():N}.incoming");
        try
        {
            var (tag, _) = await HashedFile.WriteAsync(source, temporary, room, maxBytes, cancellationToken);
            var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{number}.{tag}"));
            foreach (var before in List(upload).Where(part => part.Number == number && part.Path != path))
            {
                File.Delete(before.Path);
            }

            File.Move(temporary, path, overwrite: true);
            return tag;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>The parts that are there, by number.</summary>
    public IReadOnlyList<StoredPart> List(string upload)
    {
        var folder = new DirectoryInfo(data["uploads", Named(upload)]);
        return !folder.Exists ? [] : [.. folder.EnumerateFiles().Select(Part).OfType<StoredPart>().OrderBy(part => part.Number)];
    }

    /// <summary>Parts as one file, to read from its beginning.</summary>
    public static Stream Open(IReadOnlyList<StoredPart> parts) => new PartStream(parts);

    /// <summary>The names of all uploads.</summary>
    public IReadOnlyList<string> Uploads() => [.. Directory.EnumerateDirectories(data.PrivateFolder("uploads")).Select(folder => Path.GetFileName(folder)).Where(IsName)];

    public void Remove(string upload)
    {
        var folder = data["uploads", Named(upload)];
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static StoredPart? Part(FileInfo file) =>
        file.Name.Split('.') is [var number, { Length: 64 } tag] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed)
            ? new StoredPart(parsed, tag, file.Length, file.FullName)
            : null;

    private static string Named(string upload) => IsName(upload) ? upload : throw new ArgumentException($"'{upload}' is no upload's name.", nameof(upload));

    private static bool IsName(string upload) => upload.Length is > 0 and < 100 && upload.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    private sealed class Turns
    {
        public SemaphoreSlim One { get; } = new(1);

        public int Requests { get; set; }
    }
}

/// <summary>A part of a file.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Tag">Digest of its bytes.</param>
/// <param name="Bytes">How many.</param>
/// <param name="Path">Where it is.</param>
internal sealed record StoredPart(int Number, string Tag, long Bytes, string Path);
