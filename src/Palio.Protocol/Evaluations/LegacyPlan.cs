namespace Palio.Protocol.Evaluations;

/// <summary>
/// What an evaluation of images made for EvalAI needs beside its containers: the environment scores itself and sends its result to an
/// API that the referee plays.
/// </summary>
public sealed record LegacyPlan
{
    // Optional keys have set, not init: generated JSON code would overwrite an init property's default where the key is absent.

    /// <summary>The bearer token that the environment sends with its result. Made for this evaluation, good for nothing else.</summary>
    public required string Token { get; init; }

    /// <summary>Number of the challenge, as in the address of the result and in <c>BODY</c>.</summary>
    public required long Challenge { get; init; }

    /// <summary>Number of the phase.</summary>
    public required long Phase { get; init; }

    /// <summary>Number of the submission.</summary>
    public required long Submission { get; init; }

    /// <summary>The submitted image by name, only told to the environment.</summary>
    public string Image { get; set; } = "";

    /// <summary>The phase's boards, against which the result is checked. Empty: any splits and metrics.</summary>
    public IReadOnlyList<LegacyBoard> Boards { get; set; } = [];

    /// <summary>Largest message of either side in bytes. Default 64 MiB.</summary>
    public int MaxMessageBytes { get; set; } = 64 << 20;

    /// <summary>Milliseconds until the environment listens on its port. Default 10 min.</summary>
    public int StartMs { get; set; } = 600_000;

    /// <summary>Milliseconds for the environment's answer to one call. Default 10 min.</summary>
    public int CallMs { get; set; } = 600_000;

    /// <summary>Milliseconds from the environment's start to its result, the starter agent's 30 s of sleep among them. Default 1 h.</summary>
    public int TotalMs { get; set; } = 3_600_000;
}

/// <summary>A board that takes the result.</summary>
/// <param name="Split">Codename of its dataset split.</param>
/// <param name="Metrics">Its labels.</param>
public sealed record LegacyBoard(string Split, IReadOnlyList<string> Metrics);

/// <summary>Addresses fixed by EvalAI's starter, and ours beside them.</summary>
public static class LegacyPorts
{
    /// <summary>Where the environment listens, and where the agent believes it to.</summary>
    public const int Environment = 8085;

    /// <summary>Where the referee answers as EvalAI's API, on the environment's loopback.</summary>
    public const int Api = 8384;
}
