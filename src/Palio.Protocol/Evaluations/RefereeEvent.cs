using System.Text.Json.Serialization;

namespace Palio.Protocol.Evaluations;

/// <summary>One line of the referee's standard output: the only way anything leaves the pod. JSON with a <c>type</c>.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(RefereeStarted), "started")]
[JsonDerivedType(typeof(SideReady), "ready")]
[JsonDerivedType(typeof(PlayProgress), "progress")]
[JsonDerivedType(typeof(EpisodeFinished), "episode")]
[JsonDerivedType(typeof(RecordChunk), "record")]
[JsonDerivedType(typeof(FaultRaised), "fault")]
[JsonDerivedType(typeof(PlayResult), "result")]
[JsonDerivedType(typeof(EnvironmentScored), "scored")]
public abstract record RefereeEvent
{
    /// <summary>Number of the line, from 0, without gaps; a gap means a lost line.</summary>
    public required long Sequence { get; init; }
}

/// <summary>Both sockets listen; the sides may be started.</summary>
public sealed record RefereeStarted : RefereeEvent
{
    /// <summary>The referee's version.</summary>
    public required string Version { get; init; }
}

/// <summary>One side said hello and, later, ready.</summary>
public sealed record SideReady : RefereeEvent
{
    /// <summary><c>agent</c> or <c>environment</c>.</summary>
    public required string Side { get; init; }

    /// <summary><c>hello</c> or <c>ready</c>.</summary>
    public required string Stage { get; init; }

    /// <summary>Name and version of the side's SDK as it gave them, at most 100 characters, printable.</summary>
    public string? Sdk { get; init; }
}

/// <summary>How far play is. At most a few a second.</summary>
public sealed record PlayProgress : RefereeEvent
{
    /// <summary>Episodes ended.</summary>
    public required int Done { get; init; }

    /// <summary>Episodes in the plan.</summary>
    public required int Total { get; init; }

    /// <summary>Steps of all episodes so far.</summary>
    public required long Steps { get; init; }
}

/// <summary>An episode ended.</summary>
public sealed record EpisodeFinished : RefereeEvent
{
    /// <summary>The row.</summary>
    public required EpisodeResult Episode { get; init; }
}

/// <summary>A piece of the record of steps, in order. See docs/protocol.md, "The record".</summary>
public sealed record RecordChunk : RefereeEvent
{
    /// <summary>The episode it belongs to.</summary>
    public required int Episode { get; init; }

    /// <summary>Number of the piece within the episode, from 0.</summary>
    public required int Part { get; init; }

    /// <summary>True for the episode's last piece.</summary>
    public bool Last { get; init; }

    /// <summary>The bytes, base64.</summary>
    public required string Data { get; init; }
}

/// <summary>A fault. Fatal ones end the play; others forfeit an episode.</summary>
public sealed record FaultRaised : RefereeEvent
{
    /// <summary>The fault.</summary>
    public required Fault Fault { get; init; }

    /// <summary>Whether play ends with it.</summary>
    public required bool Fatal { get; init; }
}

/// <summary>The last line of a complete play.</summary>
public sealed record PlayResult : RefereeEvent
{
    /// <summary>Episodes with a row, forfeited ones among them.</summary>
    public required int Episodes { get; init; }

    /// <summary>Episodes forfeited by the agent.</summary>
    public required int Forfeited { get; init; }

    /// <summary>Steps of all episodes.</summary>
    public required long Steps { get; init; }

    /// <summary>SHA-256 over the record of all episodes in the order of their ordinals, lower-case hex. Equal seeds and actions give equal digests.</summary>
    public required string TranscriptDigest { get; init; }

    /// <summary>Median milliseconds of the agent's actions.</summary>
    public double MedianActionMs { get; init; }

    /// <summary>99th percentile of the agent's actions in milliseconds.</summary>
    public double P99ActionMs { get; init; }
}

/// <summary>The last line of a play that the environment scored itself: what it sent, checked against the boards.</summary>
public sealed record EnvironmentScored : RefereeEvent
{
    /// <summary>The scores as JSON: <c>{"result": [{"split": {"metric": 1.0}}]}</c>.</summary>
    public required string Result { get; init; }

    /// <summary>Calls of the agent that the environment answered.</summary>
    public required long Calls { get; init; }
}
