namespace Palio.Protocol.Evaluations;

/// <summary>A script of the host's and what it scores.</summary>
public sealed record ScoringJob
{
    /// <summary>The script's folder as a tar archive; null where the image scores by a program of its own.</summary>
    public JobFile? Script { get; init; }

    /// <summary>The annotations it compares with; null without any.</summary>
    public JobFile? Annotations { get; init; }

    /// <summary>What a participant's image finds in <c>/dataset</c>, as a tar archive; null for nothing.</summary>
    public JobFile? Dataset { get; init; }

    /// <summary>The submitted file; null when the participant's image writes it.</summary>
    public JobFile? Submission { get; init; }

    /// <summary>The phase's codename, the third argument of <c>evaluate</c>.</summary>
    public required string Phase { get; init; }

    /// <summary>Id of the challenge, told to a participant's image as EvalAI does.</summary>
    public required int ChallengeId { get; init; }

    /// <summary>Id of the phase, told to a participant's image as EvalAI does.</summary>
    public required int PhaseId { get; init; }

    /// <summary>JSON object handed to <c>evaluate</c> as <c>submission_metadata</c>.</summary>
    public required string Metadata { get; init; }

    /// <summary>Seconds a participant's image may take to write its file, and the script to score it, each.</summary>
    public required int LimitSeconds { get; init; }

    /// <summary>Largest file a participant's image may write, in bytes.</summary>
    public required long MaxFileBytes { get; init; }

    /// <summary>Longest result in bytes. Default 1 MiB.</summary>
    public int MaxResultBytes { get; set; } = 1 << 20;
}

/// <summary>A file that a worker fetches from its job source.</summary>
/// <param name="Digest"><c>sha256:…</c> of its content.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Name">The name it has in the container: letters, digits, '.', '_' and '-'.</param>
public sealed record JobFile(string Digest, long Bytes, string Name);
