using System.Text.Json.Serialization;

namespace Palio.Protocol.Evaluations;

/// <summary>Whose part a fault was. It decides the quota: only <see cref="Agent"/> and <see cref="Participant"/> faults count against it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Blame>))]
public enum Blame
{
    /// <summary>The participant's container misbehaved.</summary>
    [JsonStringEnumMemberName("agent")] Agent,

    /// <summary>The host's environment container misbehaved.</summary>
    [JsonStringEnumMemberName("environment")] Environment,

    /// <summary>The host's declaration cannot be played (for example an environment image that is gone).</summary>
    [JsonStringEnumMemberName("host")] Host,

    /// <summary>Palio, its engine or its machine failed. Retried by itself.</summary>
    [JsonStringEnumMemberName("platform")] Platform,

    /// <summary>A person stopped it, or pushed an image that cannot be started.</summary>
    [JsonStringEnumMemberName("participant")] Participant,
}
