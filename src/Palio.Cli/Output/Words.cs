using System.Globalization;
using System.Text.Json;
using Palio.Protocol.Api;
using Palio.Protocol.Evaluations;

namespace Palio.Cli.Output;

/// <summary>Values as words.</summary>
internal static class Words
{
    public static string Of(TeamKind kind) => kind == TeamKind.Host ? "host" : "participant";

    public static string Of(TokenScope scope) => scope.ToString().ToLowerInvariant();

    public static string Of(ChallengeState state) => state.ToString().ToLowerInvariant();

    public static string Of(SubmissionState state) => state.ToString().ToLowerInvariant();

    public static string Of(EvaluationState state) => state.ToString().ToLowerInvariant();

    public static string Of(DateTimeOffset? moment) => moment is { } at ? Of(at) : "no end";

    public static string Of(DateTimeOffset moment) => moment.ToUniversalTime().ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);

    public static string Of(EpisodeEnd end) => end == EpisodeEnd.StepCap ? "step cap" : end.ToString().ToLowerInvariant();

    /// <summary>A fault by its name in documents, <c>AGENT_STEP_TIMEOUT</c>.</summary>
    public static string Of(FaultCode code) => JsonSerializer.SerializeToElement(code, EvaluationJsonContext.Default.FaultCode).GetString() ?? "";

    public static string Limit(int limit) => limit < 0 ? "no limit" : limit.ToString(CultureInfo.InvariantCulture);

    public static string Number(double value, int decimals = 4) =>
        value.ToString("0." + new string('#', Math.Clamp(decimals, 1, 12)), CultureInfo.InvariantCulture);

    public static string Bytes(long bytes) => bytes switch
    {
        >= 1L << 30 => $"{bytes / (double)(1L << 30):0.0} GiB",
        >= 1L << 20 => $"{bytes / (double)(1L << 20):0.0} MiB",
        _ => $"{bytes / 1024.0:0.0} KiB",
    };

    public static string Of(MetricScore score, int decimals = 4) =>
        score is { Low: { } low, High: { } high }
            ? $"{Number(score.Value, decimals)} [{Number(low, decimals)}, {Number(high, decimals)}]"
            : Number(score.Value, decimals);
}
