using System.Text.Json.Serialization;

namespace Palio.Protocol.Messages;

/// <summary>JSON of the step protocol's rare frames: snake_case, nulls left out, no duplicate keys, no reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    MaxDepth = 64)]
[JsonSerializable(typeof(Hello))]
[JsonSerializable(typeof(Welcome))]
[JsonSerializable(typeof(Ready))]
[JsonSerializable(typeof(Configure))]
[JsonSerializable(typeof(Spec))]
[JsonSerializable(typeof(EpisodeEndMessage))]
[JsonSerializable(typeof(FaultMessage))]
[JsonSerializable(typeof(Finish))]
public sealed partial class StepJsonContext : JsonSerializerContext;
