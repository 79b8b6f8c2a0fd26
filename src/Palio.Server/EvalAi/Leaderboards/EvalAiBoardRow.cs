using System.Text.Json.Serialization;
using Palio.Challenges.Bundles;
using Palio.Protocol.Api;
using Palio.Server.EvalAi.Challenges;
using Palio.Server.EvalAi.Submissions;
using Palio.Server.EvalAi.Wire;
using Palio.Server.Features.Challenges;

namespace Palio.Server.EvalAi.Leaderboards;

/// <summary>EvalAI's row of a board; there is no rank, the place in the list is it.</summary>
internal sealed record EvalAiBoardRow
{
    public required int Id { get; init; }

    [JsonPropertyName("submission__participant_team")]
    public required int Team { get; init; }

    [JsonPropertyName("submission__participant_team__team_name")]
    public required string TeamName { get; init; }

    [JsonPropertyName("submission__participant_team__team_url")]
    public required string TeamUrl { get; init; }

    [JsonPropertyName("submission__is_baseline")]
    public bool IsBaseline { get; init; }

    [JsonPropertyName("submission__is_public")]
    public bool IsPublic { get; init; }

    public required int ChallengePhaseSplit { get; init; }

    /// <summary>In the order of the labels; <c>#</c> where there is no value.</summary>
    public required IReadOnlyList<object> Result { get; init; }

    /// <summary>Half of each value's interval, in the order of the labels; null when one is not known.</summary>
    public IReadOnlyList<double>? Error { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? FilteringScore { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? FilteringError { get; init; }

    [JsonPropertyName("leaderboard__schema")]
    public required EvalAiSchema Schema { get; init; }

    [JsonPropertyName("submission__submitted_at")]
    public required DateTimeOffset SubmittedAt { get; init; }

    [JsonPropertyName("submission__method_name")]
    public required string MethodName { get; init; }

    [JsonPropertyName("submission__id")]
    public required int Submission { get; init; }

    [JsonPropertyName("submission__submission_metadata")]
    public required IReadOnlyList<EvalAiAnswer> Metadata { get; init; }

    [JsonPropertyName("submission__is_verified_by_host")]
    public bool IsVerifiedByHost { get; init; }

    /// <summary>Seconds; only where the board shows it.</summary>
    [JsonPropertyName("submission__execution_time"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ExecutionTime { get; init; }

    /// <summary>As everybody sees it whom the board shows no values: the order alone.</summary>
    public EvalAiBoardRow WithoutScores() => this with { Result = [], Error = null, FilteringScore = null, FilteringError = null };

    public static EvalAiBoardRow From(LeaderboardEntry entry, BoardFacts facts, Leaderboard board, PhaseSplit split, EvalAiSchema schema, PhaseDeclaration phase)
    {
        var scores = schema.Labels.Select(label => entry.Scores.FirstOrDefault(score => score.Metric == label)).ToList();
        var ordered = entry.Scores.FirstOrDefault(score => score.Metric == board.SortedBy);
        var isHidden = entry.Team != facts.Team; // an anonymous board
        return new EvalAiBoardRow
        {
            Id = entry.SubmissionId,
            Team = isHidden ? 0 : facts.TeamId,
            TeamName = entry.Team,
            TeamUrl = isHidden ? "" : facts.TeamUrl,
            IsBaseline = entry.Baseline,
            IsPublic = facts.IsPublic,
            IsVerifiedByHost = facts.IsVerified,
            ChallengePhaseSplit = split.Id,
            Result = [.. scores.Select(object (score) => score is null ? "#" : score.Value)],
            Error = scores.All(score => score is { Low: not null, High: not null }) ? [.. scores.Select(ErrorOf)] : null,
            FilteringScore = ordered?.Value ?? 0,
            FilteringError = ErrorOf(ordered),
            Schema = schema,
            SubmittedAt = entry.Submitted,
            MethodName = entry.MethodName ?? "",
            Submission = entry.SubmissionId,
            ExecutionTime = entry.ExecutionSeconds is { } seconds ? EvalAiJson.Seconds(TimeSpan.FromSeconds(seconds)) : null,
            Metadata = isHidden ? [] : EvalAiAnswer.Of(facts.Metadata, phase),
        };
    }

    internal static double ErrorOf(MetricScore? score) => score is { Low: { } low, High: { } high } ? (high - low) / 2 : 0;
}
