using Palio.Protocol.Evaluations;
using Palio.Referee.Events;
using Palio.Referee.Recording;

namespace Palio.Referee.Playing;

/// <summary>The episodes of the plan: which comes next, and what became of each.</summary>
internal sealed class Schedule(RefereePlan plan, EventLog events, TimeProvider time)
{
    private const int ProgressMs = 250;

    private readonly List<(int Ordinal, byte[] Digest)> _digests = [];
    private int _next;
    private int _forfeited;
    private long _told;

    public long Steps { get; set; }

    public ActionTimes Times { get; } = new();

    /// <summary>Every episode was begun.</summary>
    public bool IsEmpty => _next >= plan.Episodes.Count;

    public PlannedEpisode? TakeNext() => _next < plan.Episodes.Count ? plan.Episodes[_next++] : null;

    public void Finish(EpisodeResult row, byte[] digest)
    {
        _digests.Add((row.Ordinal, digest));
        _forfeited += row.End == EpisodeEnd.Forfeited ? 1 : 0;
        events.Write(new EpisodeFinished { Sequence = events.Next(), Episode = row });
        Tell();
    }

    /// <summary>Forfeits everything that was not begun.</summary>
    public void ForfeitRest(FaultCode code, EpisodeRecord record)
    {
        while (TakeNext() is { } episode)
        {
            record.Begin(episode.Ordinal);
            var digest = record.End(0, EpisodeEnd.Forfeited, 0, FaultNames.Of(code));
            var row = new EpisodeResult
            {
                Ordinal = episode.Ordinal,
                Scenario = episode.Scenario,
                Steps = 0,
                Return = 0,
                End = EpisodeEnd.Forfeited,
                Fault = code,
            };
            Finish(row, digest);
        }
    }

    /// <summary>Tells how far play is, when it is a while since it was told.</summary>
    public void Tell()
    {
        var now = time.GetTimestamp();
        if (_told == 0 || time.GetElapsedTime(_told, now).TotalMilliseconds >= ProgressMs)
        {
            _told = now;
            events.Write(new PlayProgress { Sequence = events.Next(), Done = _digests.Count, Total = plan.Episodes.Count, Steps = Steps });
        }
    }

    public void TellResult() => events.Write(new PlayResult
    {
        Sequence = events.Next(),
        Episodes = _digests.Count,
        Forfeited = _forfeited,
        Steps = Steps,
        TranscriptDigest = Transcript.Digest(_digests.OrderBy(episode => episode.Ordinal)),
        MedianActionMs = Times.Quantile(0.5),
        P99ActionMs = Times.Quantile(0.99),
    });
}
