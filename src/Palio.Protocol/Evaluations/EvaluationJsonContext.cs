using System.Text.Json;
using System.Text.Json.Serialization;

namespace Palio.Protocol.Evaluations;

/// <summary>JSON of everything between referee, worker and server: camelCase, nulls left out, no reflection.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RefereePlan))]
[JsonSerializable(typeof(LegacyPlan))]
[JsonSerializable(typeof(RefereeEvent))]
[JsonSerializable(typeof(EvaluationJob))]
[JsonSerializable(typeof(EvaluationReport))]
[JsonSerializable(typeof(EvaluationLease))]
[JsonSerializable(typeof(WorkerDescription))]
[JsonSerializable(typeof(LeaseStanding))]
[JsonSerializable(typeof(Fault))]
[JsonSerializable(typeof(PodPolicy))]
[JsonSerializable(typeof(PodTimings))]
[JsonSerializable(typeof(EpisodeResult))]
[JsonSerializable(typeof(FaultCode))]
[JsonSerializable(typeof(Blame))]
public sealed partial class EvaluationJsonContext : JsonSerializerContext;
