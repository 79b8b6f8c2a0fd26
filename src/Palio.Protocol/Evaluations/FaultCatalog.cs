namespace Palio.Protocol.Evaluations;

/// <summary>Blame and remedy of every <see cref="FaultCode"/>: the one place they are written down.</summary>
public static class FaultCatalog
{
    /// <summary>Whose part a fault of this code is.</summary>
    public static Blame BlameOf(FaultCode code) => code switch
    {
        FaultCode.AgentNoHandshake or FaultCode.AgentStartTimeout or FaultCode.AgentStartFailed or FaultCode.AgentCrashed
            or FaultCode.AgentOutOfMemory or FaultCode.AgentStepTimeout or FaultCode.AgentTotalTimeout
            or FaultCode.AgentInvalidAction or FaultCode.AgentProtocol or FaultCode.AgentMessageTooLarge or FaultCode.AgentNoFile => Blame.Agent,
        FaultCode.EnvironmentStartFailed or FaultCode.EnvironmentStartTimeout or FaultCode.EnvironmentCrashed
            or FaultCode.EnvironmentOutOfMemory or FaultCode.EnvironmentStepTimeout or FaultCode.EnvironmentSpecViolation
            or FaultCode.EnvironmentBadReward or FaultCode.EnvironmentProtocol or FaultCode.EnvironmentIsLegacy or FaultCode.ScriptFailed or FaultCode.ScriptTimeout
            or FaultCode.ScriptOutOfMemory or FaultCode.ScriptBadResult => Blame.Environment,
        FaultCode.HostImageMissing or FaultCode.HostUnplayable or FaultCode.HostWorkerFailed or FaultCode.HostWorkerLost => Blame.Host,
        FaultCode.ParticipantCancelled or FaultCode.ParticipantBadImage or FaultCode.ParticipantUploadUnfinished => Blame.Participant,
        _ => Blame.Platform,
    };

    /// <summary>True when the platform tries again by itself, at the first episode that is not finished.</summary>
    public static bool IsRetried(FaultCode code) => BlameOf(code) is Blame.Platform;

    /// <summary>True when a submission that failed so counts against the team's quota.</summary>
    public static bool CountsAgainstQuota(Blame blame) => blame is Blame.Agent or Blame.Participant;

    /// <summary>What a person should do next.</summary>
    public static string RemedyOf(FaultCode code) => code switch
    {
        FaultCode.AgentNoHandshake =>
            "The agent's program ended before it connected. Start it with the Palio SDK, and try it first with 'palio run'.",
        FaultCode.AgentStartTimeout =>
            "Load the model faster, or connect first and say Ready when loaded. 'palio run' uses the same limits.",
        FaultCode.AgentStartFailed =>
            "Check ENTRYPOINT or CMD of the image: the program must exist, be executable, and run as a non-root user.",
        FaultCode.AgentCrashed => "Read the log tail: the program ended in the middle of play. 'palio run' reproduces it.",
        FaultCode.AgentOutOfMemory => "Use less memory: a smaller model or batch. The limit is shown on the phase's page.",
        FaultCode.AgentStepTimeout => "Act faster: the limit of a step and the time bank are shown on the phase's page.",
        FaultCode.AgentTotalTimeout => "The whole evaluation took too long: act faster in every step.",
        FaultCode.AgentInvalidAction => "Return an action of the action space's type, shape and bounds.",
        FaultCode.AgentProtocol => "Use a Palio SDK, or compare with docs/protocol.md: 'palio check agent IMAGE' tests every rule.",
        FaultCode.AgentMessageTooLarge => "Send smaller messages: the agreed maximum is in the Welcome message.",
        FaultCode.EnvironmentStartFailed or FaultCode.EnvironmentStartTimeout or FaultCode.EnvironmentCrashed
            or FaultCode.EnvironmentOutOfMemory or FaultCode.EnvironmentStepTimeout or FaultCode.EnvironmentProtocol =>
            "Not the agent's fault and not counted. The host has been told: 'palio check environment IMAGE' reproduces it.",
        FaultCode.EnvironmentSpecViolation or FaultCode.EnvironmentBadReward =>
            "Not the agent's fault and not counted. The host must mend what the environment declares or returns.",
        FaultCode.EnvironmentIsLegacy =>
            "Not counted. The host must write 'scored_by: environment' in place of metrics and episodes, or leave the evaluation block out; or serve the environment by a Palio SDK.",
        FaultCode.AgentNoFile =>
            "Write submission.csv or submission.json into the folder that SUBMISSION_PATH names (/submission), then end with exit code 0.",
        FaultCode.ScriptFailed =>
            "Not counted. If the message speaks of your file, mend the file and submit again; if not, the host must mend the evaluation script.",
        FaultCode.ScriptTimeout or FaultCode.ScriptOutOfMemory =>
            "Not counted. The host must make the evaluation script faster or smaller, or raise the phase's limits.",
        FaultCode.ScriptBadResult => "Not counted. The host must have the evaluation script return the boards' metrics for the phase's splits.",
        FaultCode.HostImageMissing => "The host must push the environment image again and publish the challenge.",
        FaultCode.HostWorkerFailed => "Not counted. If the message speaks of what you submitted, mend that and submit again; if not, ask the host.",
        FaultCode.HostWorkerLost => "Not counted. The host must start a worker for the challenge's queue, then evaluate the submission again.",
        FaultCode.HostUnplayable => "The host must lower the phase's resources, or the operator must add a worker that has them.",
        FaultCode.ParticipantCancelled => "Submit again when ready.",
        FaultCode.ParticipantUploadUnfinished => "Not counted. Send the file again.",
        FaultCode.ParticipantBadImage => "Build the image again as the message says, and push it.",
        _ => "Palio's own fault: it is tried again by itself and does not count. Tell the operator if it stays.",
    };
}
