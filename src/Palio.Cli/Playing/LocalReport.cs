using System.Text.Json;
using System.Text.Json.Serialization;
using Palio.Protocol.Evaluations;

namespace Palio.Cli.Playing;

/// <summary>What <c>palio run --json</c> gives.</summary>
internal sealed record LocalReport(bool Complete, double? MeanReturn, IReadOnlyList<EpisodeResult> Episodes, IReadOnlyList<Fault> Faults, PlayResult? Result);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LocalReport))]
internal sealed partial class LocalJsonContext : JsonSerializerContext;
