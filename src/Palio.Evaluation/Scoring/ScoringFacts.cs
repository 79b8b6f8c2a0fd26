namespace Palio.Evaluation.Scoring;

/// <summary>What is known of a pod that scored, beyond how its containers ended.</summary>
public sealed record ScoringFacts
{
    /// <summary>The participant's image was still running at its limit, and was ended.</summary>
    public bool ParticipantTimedOut { get; init; }

    /// <summary>The file it wrote; null when there was none to be had.</summary>
    public string? FileName { get; init; }

    /// <summary>Why its file could not be taken, in words; null when it could.</summary>
    public string? FileProblem { get; init; }

    /// <summary>The script was still running at its limit, and was ended.</summary>
    public bool ScriptTimedOut { get; init; }

    /// <summary>The script's side of the result channel said more than it may.</summary>
    public bool ResultTooLong { get; init; }

    /// <summary>What came through the result channel.</summary>
    public string Result { get; init; } = "";

    /// <summary>An image scored by a program of its own: what came is a file it wrote.</summary>
    public bool ScoredByImage { get; init; }

    /// <summary>Why that file could not be taken, in words; null when it could.</summary>
    public string? ResultProblem { get; init; }

    /// <summary>The limit in force.</summary>
    public TimeSpan Limit { get; init; }

    /// <summary>A participant's image took part.</summary>
    public bool HasParticipant { get; init; }
}
