using System.Buffers.Text;
using System.Text.Json;
using Palio.Evaluation.Logs;
using Palio.Evaluation.Pods;
using Palio.Protocol.Evaluations;

namespace Palio.Evaluation.Transcripts;

/// <summary>
/// Reads the referee's events and believes none: line numbers without gaps, ordinals of the plan and each once, numbers that are finite
/// and in range, texts that are bounded and printable, sums that add up. The first breach ends the reading.
/// </summary>
internal sealed class RefereeTranscript(RefereePlan plan, bool isLegacy = false)
{
    /// <summary>Longest line: a piece of the record in base64 and its frame.</summary>
    public const int LongestLine = 2 * 1024 * 1024;

    /// <summary>All lines together.</summary>
    public const long MostBytes = 2L << 30;

    private const int MostMetrics = 64;
    private const int LongestName = 64;
    private const int LongestMessage = 8 * 1024;
    private const int LongestResult = 1 << 20;

    private readonly HashSet<int> _planned = [.. plan.Episodes.Select(episode => episode.Ordinal)];
    private readonly Dictionary<int, EpisodeResult> _rows = [];
    private long _next;

    /// <summary>What was said so far.</summary>
    public RefereeSummary Summary { get; private set; } = RefereeSummary.Nothing;

    /// <summary>Takes a line.</summary>
    /// <returns>The checked event; null when the line was a breach, which <see cref="Summary"/> then tells.</returns>
    public RefereeEvent? Read(ReadOnlySpan<byte> line)
    {
        if (Summary.Breach is not null)
        {
            return null;
        }

        RefereeEvent? said;
        try
        {
            said = JsonSerializer.Deserialize(line, EvaluationJsonContext.Default.RefereeEvent);
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            return Break($"line {_next} is no event: {LogText.Neutralise(line[..Math.Min(line.Length, 120)])}");
        }

        if (said is null || said.Sequence != _next)
        {
            return Break($"expected line {_next}, got {said?.Sequence.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "null"}");
        }

        if (Summary.Result is not null || Summary.Scored is not null)
        {
            return Break("a line after the result");
        }

        _next++;
        return said switch
        {
            RefereeStarted => Take(Summary with { Started = true }, said),
            SideReady ready => ReadSide(ready),
            PlayProgress progress => ReadProgress(progress),
            EpisodeFinished finished => ReadEpisode(finished),
            RecordChunk chunk => ReadChunk(chunk),
            FaultRaised raised => ReadFault(raised),
            PlayResult result => ReadResult(result),
            EnvironmentScored scored => ReadScored(scored),
            _ => Break("an event of unknown type"),
        };
    }

    /// <summary>Marks the output as not to be believed, for a reason outside the lines.</summary>
    public RefereeEvent? Break(string reason)
    {
        Summary = Summary with { Breach = Summary.Breach ?? reason };
        return null;
    }

    private RefereeEvent Take(RefereeSummary summary, RefereeEvent said)
    {
        Summary = summary;
        return said;
    }

    private RefereeEvent? ReadSide(SideReady ready)
    {
        var clean = ready with { Sdk = Short(ready.Sdk, 100) };
        return (ready.Side, ready.Stage) switch
        {
            ("agent", "hello") => Take(Summary with { AgentHello = true }, clean),
            ("agent", "ready") => Take(Summary with { AgentReady = true }, clean),
            ("environment", "hello") => Take(Summary with { EnvironmentHello = true }, clean),
            ("environment", "ready") => Take(Summary with { EnvironmentReady = true }, clean),
            _ => Break("a side or stage that is none"),
        };
    }

    private RefereeEvent? ReadProgress(PlayProgress progress) =>
        progress.Done < 0 || progress.Done > progress.Total || progress.Total > _planned.Count || progress.Steps < 0
            ? Break($"progress of {progress.Done} of {progress.Total} episodes")
            : progress;

    private RefereeEvent? ReadEpisode(EpisodeFinished finished)
    {
        var row = finished.Episode;
        if (row is null)
        {
            return Break("an episode without a row");
        }

        if (!_planned.Contains(row.Ordinal))
        {
            return Break($"episode {row.Ordinal} is not in the plan");
        }

        if (row.Steps < 0 || row.Steps > plan.MaxSteps || row.Seat is < 0 or > 255)
        {
            return Break($"episode {row.Ordinal} has {row.Steps} steps of at most {plan.MaxSteps}");
        }

        if (!double.IsFinite(row.Return) || !IsDuration(row.AgentMs) || !IsDuration(row.EnvironmentMs) || !IsDuration(row.SlowestActionMs))
        {
            return Break($"episode {row.Ordinal} has a number that is not finite");
        }

        if (row.Metrics is null || row.Metrics.Count > MostMetrics || row.Metrics.Any(metric => metric.Key.Length > LongestName || !double.IsFinite(metric.Value)))
        {
            return Break($"episode {row.Ordinal} has a metric that is not bounded");
        }

        if (!Enum.IsDefined(row.End) || (row.Fault is { } code && !Enum.IsDefined(code)))
        {
            return Break($"episode {row.Ordinal} ended in an unknown way");
        }

        if (!_rows.TryAdd(row.Ordinal, row))
        {
            return Break($"episode {row.Ordinal} ended twice");
        }

        return Take(Summary with { Episodes = _rows.Count }, finished with { Episode = row with { Scenario = Short(row.Scenario, 200) } });
    }

    private RefereeEvent? ReadChunk(RecordChunk chunk) =>
        !_planned.Contains(chunk.Episode) || chunk.Part < 0 || chunk.Data is null || !Base64.IsValid(chunk.Data)
            ? Break($"a record of episode {chunk.Episode} that is not in the plan, or no base64")
            : chunk;

    private RefereeEvent? ReadFault(FaultRaised raised)
    {
        if (raised.Fault is null || !Enum.IsDefined(raised.Fault.Code))
        {
            return Break("a fault without a known code");
        }

        // Blame and remedy are ours to say; exit codes and logs are the engine's.
        var fault = Fault.Of(
            raised.Fault.Code, Short(raised.Fault.Message, LongestMessage) ?? "", raised.Fault.Episode, raised.Fault.Step);
        var summary = raised.Fatal
            ? Summary with { Fault = Summary.Fault ?? fault }
            : Summary with { FirstForfeit = Summary.FirstForfeit ?? fault };
        return Take(summary, raised with { Fault = fault });
    }

    private RefereeEvent? ReadResult(PlayResult result)
    {
        var counted = _rows.Values.Count(row => row.End is not EpisodeEnd.Void);
        if (isLegacy || counted != _planned.Count || result.Episodes != counted)
        {
            return Break($"a result of {result.Episodes} episodes, with {counted} rows of {_planned.Count} planned");
        }

        if (result.Forfeited != _rows.Values.Count(row => row.End is EpisodeEnd.Forfeited))
        {
            return Break("a result that counts its forfeits wrongly");
        }

        var digest = result.TranscriptDigest;
        if (digest is not { Length: 64 } || digest.Any(c => !char.IsAsciiHexDigitLower(c)))
        {
            return Break("a result without a digest");
        }

        return IsDuration(result.MedianActionMs) && IsDuration(result.P99ActionMs) && result.Steps >= 0
            ? Take(Summary with { Result = result }, result)
            : Break("a result with a number that is not finite");
    }

    private RefereeEvent? ReadScored(EnvironmentScored scored) => isLegacy && scored.Result is { Length: > 0 and <= LongestResult } && scored.Calls >= 0
        ? Take(Summary with { Scored = scored.Result }, scored)
        : Break("scores of an environment that does not score itself, or none");

    private static bool IsDuration(double value) => double.IsFinite(value) && value >= 0;

    private static string? Short(string? text, int bytes) =>
        text is null ? null : LogText.Tail(LogText.Neutralise(System.Text.Encoding.UTF8.GetBytes(text)), bytes);
}
