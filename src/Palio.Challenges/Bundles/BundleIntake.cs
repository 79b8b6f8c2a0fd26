namespace Palio.Challenges.Bundles;

/// <summary>Takes files in one by one and refuses what no bundle may hold.</summary>
internal sealed class BundleIntake(BundleLimits limits)
{
    private readonly SortedDictionary<string, ReadOnlyMemory<byte>> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _folded = new(StringComparer.OrdinalIgnoreCase);
    private readonly ProblemList _problems = new(limits.MaxProblems);
    private long _total;
    private int _entries;

    public BundleLimits Limits => limits;

    public ProblemList Problems => _problems;

    /// <summary>Bytes that may still be taken.</summary>
    public long RemainingBytes => limits.MaxTotalBytes - _total;

    /// <summary>Whether there are too many entries to go on.</summary>
    public bool IsFull => _entries > limits.MaxEntries;

    /// <summary>Whether a file of this path and size may be read; if not, why is among the problems, unless it is one to leave out.</summary>
    public bool Admits(string path, long length)
    {
        if (++_entries > limits.MaxEntries)
        {
            if (_entries == limits.MaxEntries + 1)
            {
                _problems.Error("", $"The bundle has more than {limits.MaxEntries} files.", "Leave out what the challenge's pages do not need.");
            }

            return false;
        }

        if (BundlePath.Check(path, limits) is { } problem)
        {
            _problems.Error(BundlePath.Printable(path), problem.Message, problem.Remedy);
            return false;
        }

        if (BundlePath.IsHidden(path))
        {
            return false;
        }

        if (length > limits.MaxFileBytes)
        {
            _problems.Error(path, $"The file has {length} bytes; at most {limits.MaxFileBytes} are allowed.", "Make it smaller, or leave it out.");
            return false;
        }

        return !Collides(path);
    }

    public void Add(string path, ReadOnlyMemory<byte> content)
    {
        if (content.Length > RemainingBytes)
        {
            _problems.Error(path, $"The bundle's files have more than {limits.MaxTotalBytes} bytes together.", "Leave out what the challenge's pages do not need.");
            return;
        }

        _total += content.Length;
        _files[path] = content;
    }

    public BundleFilesReading Finish()
    {
        var problems = _problems.ToArray();
        return _problems.HasErrors
            ? new BundleFilesReading(null, problems)
            : new BundleFilesReading(BundleFiles.FromChecked(_files), problems);
    }

    private bool Collides(string path)
    {
        // A folder in the place of a file is a collision, too; so is "Templates/a" beside "templates/b".
        for (var end = path.IndexOf('/', StringComparison.Ordinal); ; end = path.IndexOf('/', end + 1))
        {
            var part = end < 0 ? path : path[..end];
            var kind = end < 0 ? "file:" : "folder:";
            var folded = BundlePath.Fold(part);
            if (_folded.TryGetValue(folded, out var other) && (end < 0 || other != kind + part))
            {
                var otherPath = other[(other.IndexOf(':', StringComparison.Ordinal) + 1)..];
                _problems.Error(
                    path,
                    otherPath == part ? $"'{part}' is there twice." : $"'{part}' and '{otherPath}' are the same file on some systems.",
                    "Keep one of them, or rename it.");
                return true;
            }

            _folded[folded] = kind + part;
            if (end < 0)
            {
                return false;
            }
        }
    }
}
