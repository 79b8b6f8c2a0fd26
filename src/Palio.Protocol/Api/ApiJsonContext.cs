using System.Text.Json;
using System.Text.Json.Serialization;

namespace Palio.Protocol.Api;

/// <summary>JSON of the native API: camelCase, nulls left out, enums as their lower-case names.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RegisterRequest))]
[JsonSerializable(typeof(SignInRequest))]
[JsonSerializable(typeof(Me))]
[JsonSerializable(typeof(CreateTokenRequest))]
[JsonSerializable(typeof(CreatedToken))]
[JsonSerializable(typeof(IReadOnlyList<TokenSummary>))]
[JsonSerializable(typeof(TeamSummary))]
[JsonSerializable(typeof(IReadOnlyList<TeamSummary>))]
[JsonSerializable(typeof(CreateTeamRequest))]
[JsonSerializable(typeof(TeamInvitation))]
[JsonSerializable(typeof(ChallengeSummary))]
[JsonSerializable(typeof(Page<ChallengeSummary>))]
[JsonSerializable(typeof(ChallengeDetail))]
[JsonSerializable(typeof(ParticipateRequest))]
[JsonSerializable(typeof(Participation))]
[JsonSerializable(typeof(PublishResult))]
[JsonSerializable(typeof(ReviewRequest))]
[JsonSerializable(typeof(Page<ParticipantRow>))]
[JsonSerializable(typeof(IReadOnlyList<MetadataAttribute>))]
[JsonSerializable(typeof(SubmitRequest))]
[JsonSerializable(typeof(SubmissionSummary))]
[JsonSerializable(typeof(Page<SubmissionSummary>))]
[JsonSerializable(typeof(SubmissionDetail))]
[JsonSerializable(typeof(EvaluationDetail))]
[JsonSerializable(typeof(EpisodePage))]
[JsonSerializable(typeof(EvaluationLog))]
[JsonSerializable(typeof(UpdateSubmissionRequest))]
[JsonSerializable(typeof(SubmissionEvent))]
[JsonSerializable(typeof(Leaderboard))]
[JsonSerializable(typeof(InstanceInfo))]
[JsonSerializable(typeof(IReadOnlyList<WorkerRow>))]
public sealed partial class ApiJsonContext : JsonSerializerContext;
