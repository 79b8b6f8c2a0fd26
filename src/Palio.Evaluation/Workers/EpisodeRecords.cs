using Palio.Protocol.Evaluations;

namespace Palio.Evaluation.Workers;

/// <summary>Joins an episode's row with the pieces of its record, in whichever order they come.</summary>
internal sealed class EpisodeRecords(bool recorded)
{
    // A record that is longer is dropped: the row, and the digest in the result, stand without it.
    private const int LongestRecord = 64 * 1024 * 1024;

    private readonly Dictionary<int, Pending> _pending = [];

    /// <summary>Takes a row; the report when the record is whole.</summary>
    public EpisodeReport? Add(EpisodeResult episode)
    {
        if (!recorded)
        {
            return new EpisodeReport(episode);
        }

        var pending = Of(episode.Ordinal);
        pending.Episode = episode;
        return WhenWhole(pending);
    }

    /// <summary>Takes a piece; the report when row and record are whole.</summary>
    public EpisodeReport? Add(RecordChunk chunk)
    {
        var pending = Of(chunk.Episode);
        if (!pending.Dropped)
        {
            var bytes = Convert.FromBase64String(chunk.Data);
            pending.Dropped = chunk.Part != pending.Parts++ || pending.Bytes.Length + bytes.Length > LongestRecord;
            pending.Bytes.Write(bytes);
        }

        pending.Last |= chunk.Last;
        return WhenWhole(pending);
    }

    /// <summary>Rows whose record never became whole.</summary>
    public IReadOnlyList<EpisodeReport> Rest() =>
        [.. _pending.Values.Where(pending => pending.Episode is not null).Select(pending => new EpisodeReport(pending.Episode!))];

    private Pending Of(int ordinal)
    {
        if (!_pending.TryGetValue(ordinal, out var pending))
        {
            _pending[ordinal] = pending = new Pending();
        }

        return pending;
    }

    private EpisodeReport? WhenWhole(Pending pending)
    {
        if (pending is not { Last: true, Episode: { } episode })
        {
            return null;
        }

        _pending.Remove(episode.Ordinal);
        return new EpisodeReport(episode, pending.Dropped
            ? null
            : Convert.ToBase64String(pending.Bytes.GetBuffer().AsSpan(0, (int)pending.Bytes.Length)));
    }

    private sealed class Pending
    {
        public EpisodeResult? Episode { get; set; }

        public MemoryStream Bytes { get; } = new();

        public int Parts { get; set; }

        public bool Last { get; set; }

        public bool Dropped { get; set; }
    }
}
