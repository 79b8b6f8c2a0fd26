using System.Text.Json.Serialization;

namespace Palio.Protocol.Evaluations;

/// <summary>Where an evaluation is in its life. Every state has a longest stay, after which a watchdog moves it on.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EvaluationState>))]
public enum EvaluationState
{
    /// <summary>Waits for a worker.</summary>
    [JsonStringEnumMemberName("queued")] Queued,

    /// <summary>A worker pulls the images and starts the containers.</summary>
    [JsonStringEnumMemberName("preparing")] Preparing,

    /// <summary>Both sides said hello.</summary>
    [JsonStringEnumMemberName("ready")] Ready,

    /// <summary>Episodes are played.</summary>
    [JsonStringEnumMemberName("running")] Running,

    /// <summary>The last episode ended; the score is computed.</summary>
    [JsonStringEnumMemberName("scoring")] Scoring,

    /// <summary>Has a score.</summary>
    [JsonStringEnumMemberName("finished")] Finished,

    /// <summary>Has a fault and no score.</summary>
    [JsonStringEnumMemberName("failed")] Failed,

    /// <summary>Stopped by a person.</summary>
    [JsonStringEnumMemberName("cancelled")] Cancelled,
}
