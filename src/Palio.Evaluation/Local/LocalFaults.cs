using Palio.Evaluation.Logs;
using Palio.Evaluation.Pods;
using Palio.Evaluation.Verdicts;
using Palio.Protocol.Evaluations;

namespace Palio.Evaluation.Local;

/// <summary>The fault judge's verdict in the words of somebody who plays at home: both sides are theirs, and nobody tries again by himself.</summary>
internal static class LocalFaults
{
    // The shell's own exit codes: found but not executable, not found.
    private const int NotExecutable = 126;
    private const int NotFound = 127;

    /// <summary>A command's process could not be started at all.</summary>
    public static Fault OfStart(PodRole role, string message) => role is PodRole.Referee
        ? Fault.Of(FaultCode.PlatformReferee, $"The referee's program could not be started: {message}")
        : Fault.Of(CodeOf(role), $"The {PodPlanner.NameOf(role)}'s command could not be started: {message}");

    /// <summary>The verdict.</summary>
    public static Verdict Judge(LocalGame game, PodOutcome outcome)
    {
        var said = outcome.Said;
        var notFound = OfShell(PodRole.Environment, game.Environment, outcome.Environment, said.EnvironmentHello, outcome.EnvironmentLog)
            ?? OfShell(PodRole.Agent, game.Agent, outcome.Agent, said.AgentHello, outcome.AgentLog);
        var isOver = outcome.NotStarted is not null || outcome.Stopped is PodStop.Cancelled;
        var verdict = FaultJudge.Judge(notFound is null || isOver ? outcome : outcome with { NotStarted = notFound });
        return verdict with { Fault = verdict.Fault is { } fault ? fault with { Remedy = Remedy(fault, game) } : null };
    }

    private static Fault? OfShell(PodRole role, LocalProgram program, PartEnding? ending, bool saidHello, string log)
    {
        if (program is not CommandProgram command || saidHello || ending is not { KilledByUs: false, ExitCode: NotExecutable or NotFound })
        {
            return null;
        }

        var word = log.TrimEnd().Split('\n')[^1];
        return Fault.Of(CodeOf(role), $"The {PodPlanner.NameOf(role)}'s command '{command.Line}' could not be started: {LogText.Tail(word, 1024)}") with
        {
            ExitCode = ending.ExitCode,
        };
    }

    private static FaultCode CodeOf(PodRole role) => role is PodRole.Agent ? FaultCode.AgentStartFailed : FaultCode.EnvironmentStartFailed;

    private static string Remedy(Fault fault, LocalGame game) => fault.Code switch
    {
        FaultCode.AgentStartFailed when game.Agent is CommandProgram => "Check the command: the program must be there and executable, seen from the folder it runs in.",
        FaultCode.EnvironmentStartFailed when game.Environment is CommandProgram =>
            "Check the command: it must start, and connect by a Palio SDK (palio.serve_environment) to the socket in PALIO_SOCKET.",
        FaultCode.AgentNoHandshake => "Read the agent's output: its program ended before it connected. Start it with a Palio SDK (palio.run_agent).",
        FaultCode.AgentStartTimeout => "Load the model faster, or connect first and say Ready when loaded; or raise the phase's time limits.",
        FaultCode.AgentCrashed => "Read the agent's output: the program ended in the middle of play.",
        FaultCode.EnvironmentIsLegacy =>
            "Write 'scored_by: environment' into the phase's evaluation block in place of metrics and episodes, or leave the block out; then both sides must be images.",
        FaultCode.ParticipantCancelled => "Run it again.",
        _ => fault.Blame switch
        {
            Blame.Environment => "Read the environment's output, and mend what it declares or returns. 'palio check environment IMAGE' tries every rule.",
            Blame.Host => "Mend the phase's declaration, or build the environment's image.",
            Blame.Platform when fault.Code is FaultCode.PlatformPullFailed => "Build the image, or check its name: docker image ls",
            Blame.Platform => "Neither program's fault. Run it again; 'palio doctor' looks at the container engine.",
            _ => fault.Remedy,
        },
    };
}
