using System.Globalization;
using Palio.Protocol.Api;
using Palio.Protocol.Evaluations;

namespace Palio.Server.Web;

/// <summary>How states, numbers and times are said on pages.</summary>
public static class Words
{
    /// <summary>The status word, and who stopped it.</summary>
    public static string Of(EvaluationDetail evaluation) => evaluation.State switch
    {
        EvaluationState.Queued when evaluation.QueuePlace is { } place => $"Waiting (place {place})",
        EvaluationState.Running => $"Running {evaluation.EpisodesDone}/{evaluation.EpisodesTotal}",
        EvaluationState.Failed or EvaluationState.Cancelled => $"Stopped ({Of(evaluation.Fault?.Blame)})",
        var state => Of(state),
    };

    public static string Of(EvaluationState state) => state switch
    {
        EvaluationState.Queued => "Waiting",
        EvaluationState.Preparing => "Preparing",
        EvaluationState.Ready => "Ready",
        EvaluationState.Running => "Running",
        EvaluationState.Scoring => "Scoring",
        EvaluationState.Finished => "Done",
        EvaluationState.Failed => "Stopped",
        _ => "Cancelled",
    };

    public static string Of(Blame? blame) => blame switch
    {
        Blame.Agent => "agent",
        Blame.Environment => "environment",
        Blame.Host => "host",
        Blame.Participant => "you",
        _ => "platform",
    };

    public static string ToneOf(EvaluationState state) => state switch
    {
        EvaluationState.Finished => "good",
        EvaluationState.Failed => "bad",
        EvaluationState.Queued or EvaluationState.Cancelled => "",
        _ => "accent live",
    };

    public static string Of(EpisodeEnd end) => end switch
    {
        EpisodeEnd.Terminated => "terminated",
        EpisodeEnd.Truncated => "truncated",
        EpisodeEnd.StepCap => "step limit",
        EpisodeEnd.Forfeited => "forfeited",
        _ => "void, played again",
    };

    public static string Of(ChallengeState state) => state switch
    {
        ChallengeState.Waiting => "Waiting for approval",
        ChallengeState.Upcoming => "Upcoming",
        ChallengeState.Ongoing => "Open",
        ChallengeState.Past => "Ended",
        _ => "Refused",
    };

    public static string ToneOf(ChallengeState state) => state switch
    {
        ChallengeState.Ongoing => "good",
        ChallengeState.Waiting => "warn",
        ChallengeState.Upcoming => "info",
        ChallengeState.Refused => "bad",
        _ => "",
    };

    public static string PhaseTone(string state) => state switch
    {
        "open" => "good",
        "paused" => "warn",
        "upcoming" => "info",
        _ => "",
    };

    public static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];

    public static string Plural(int count, string one, string? many = null) => $"{count.ToString("N0", CultureInfo.InvariantCulture)} {(count == 1 ? one : many ?? one + "s")}";

    public static string Number(double value, int decimals) =>
        Math.Abs(value) >= 1e12 || !double.IsFinite(value)
            ? value.ToString("G6", CultureInfo.InvariantCulture)
            : value.ToString("N" + Math.Clamp(decimals, 0, 10), CultureInfo.InvariantCulture);

    /// <summary>A value whose precision nobody declared: at most four digits after the point, none that say nothing.</summary>
    public static string Number(double value) => value.ToString("#,0.####", CultureInfo.InvariantCulture);

    public static string Bytes(long bytes) => bytes switch
    {
        >= 1L << 30 => $"{(bytes / (double)(1L << 30)).ToString("0.##", CultureInfo.InvariantCulture)} GiB",
        >= 1L << 20 => $"{(bytes / (double)(1L << 20)).ToString("0.##", CultureInfo.InvariantCulture)} MiB",
        >= 1L << 10 => $"{(bytes / (double)(1L << 10)).ToString("0.##", CultureInfo.InvariantCulture)} KiB",
        _ => Plural((int)bytes, "byte"),
    };

    public static string Milliseconds(double milliseconds) => milliseconds switch
    {
        < 10 => milliseconds.ToString("0.##", CultureInfo.InvariantCulture) + " ms",
        < 1_000 => milliseconds.ToString("0", CultureInfo.InvariantCulture) + " ms",
        < 60_000 => (milliseconds / 1_000).ToString("0.0", CultureInfo.InvariantCulture) + " s",
        _ => Duration(TimeSpan.FromMilliseconds(milliseconds)),
    };

    public static string Duration(TimeSpan span) => span switch
    {
        { TotalSeconds: < 60 } => $"{Math.Max(0, span.TotalSeconds).ToString("0", CultureInfo.InvariantCulture)} s",
        { TotalMinutes: < 60 } => $"{(int)span.TotalMinutes} min {span.Seconds} s",
        { TotalHours: < 48 } => $"{(int)span.TotalHours} h {span.Minutes} min",
        _ => $"{(int)span.TotalDays} days",
    };

    public static string ShortDigest(string digest) => digest.Length > 19 ? digest[..19] : digest;
}
