namespace Palio.Challenges.Bundles;

/// <summary>How a phase's submissions become scores.</summary>
public enum Judging
{
    /// <summary>The participant's image plays against the host's environment, and the referee counts.</summary>
    Play,

    /// <summary>
    /// The participant's image plays against the host's environment, both made for EvalAI, and the environment sends the scores: nothing
    /// is counted by the referee.
    /// </summary>
    Environment,

    /// <summary>The participant uploads a file, and the host's script scores it.</summary>
    Script,

    /// <summary>The participant's image writes a file, and the host's script scores that: EvalAI's static code upload.</summary>
    StaticCode,

    /// <summary>The host's own workers, elsewhere, take submissions and send results.</summary>
    Remote,
}
