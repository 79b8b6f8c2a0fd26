using Palio.Evaluation.Logs;
using Palio.Evaluation.Pods;
using Palio.Protocol.Evaluations;

namespace Palio.Evaluation.Verdicts;

/// <summary>
/// Says whose part a failure was, from what the referee said and how the containers ended. Pure. The referee sees connections, the
/// engine sees processes: "the agent closed its connection" and "killed by the kernel for its memory" are one fault, told once.
/// </summary>
public static class FaultJudge
{
    /// <summary>The verdict on a pod that is gone.</summary>
    public static Verdict Judge(PodOutcome outcome)
    {
        if (outcome.NotStarted is { } notStarted)
        {
            return new Verdict(null, WithLogs(notStarted, outcome));
        }

        if (outcome.Stopped is PodStop.Cancelled)
        {
            return new Verdict(null, Fault.Of(FaultCode.ParticipantCancelled, "The evaluation was cancelled while it ran; its containers were stopped."));
        }

        if (outcome.Stopped is PodStop.EnvironmentIsLegacy)
        {
            var made = Fault.Of(FaultCode.EnvironmentIsLegacy, "The environment said no hello and listens on port 8085: its image is made for EvalAI, and the phase says how the referee scores.");
            return new Verdict(null, WithLogs(made, outcome));
        }

        var said = outcome.Said;
        if (said.Breach is { } breach)
        {
            return Failed(FaultCode.PlatformReferee, $"The referee's output cannot be believed: {breach}.", outcome);
        }

        var fatal = said.Fault is { } raised ? Refine(raised, outcome) : null;
        if (said.Result is { } result && fatal is null or { Blame: Blame.Agent })
        {
            return new Verdict(said.Result, WithLogs(fatal ?? said.FirstForfeit, outcome));
        }

        // What the environment sent is its end, whatever its program or the agent's do after that.
        return said.Scored is { } scores
            ? new Verdict(null, null, scores)
            : new Verdict(null, WithLogs(fatal ?? RefusedResult(said) ?? NoResult(outcome) ?? WithoutWord(outcome), outcome));
    }

    private static Fault? NoResult(PodOutcome outcome) => outcome.Stopped is PodStop.NoResult && !Died(outcome.Environment)
        ? Fault.Of(FaultCode.EnvironmentStepTimeout, "The agent ended by itself with exit code 0, and the environment sent no result in the minute after it.")
        : null;

    // An environment whose result was refused fails its agent's call: the agent ends first, and is not to blame.
    private static Fault? RefusedResult(RefereeSummary said) => said.FirstForfeit is { Blame: Blame.Environment } refused ? refused : null;

    // The referee knows that a connection closed or stayed silent; the engine knows why.
    private static Fault Refine(Fault fault, PodOutcome outcome)
    {
        var ending = EndingOf(fault.Blame, outcome);
        if (ending is null)
        {
            return fault;
        }

        var agent = fault.Blame is Blame.Agent;
        if (ending.OutOfMemory && fault.Code is not (FaultCode.AgentInvalidAction or FaultCode.EnvironmentSpecViolation or FaultCode.EnvironmentBadReward))
        {
            return WithEnding(OutOfMemory(agent, fault.Episode, fault.Step), ending);
        }

        if (ending.KilledByUs)
        {
            return fault;
        }

        return fault.Code switch
        {
            FaultCode.AgentStartTimeout when !outcome.Said.AgentHello => WithEnding(NoHandshake(ending, outcome), ending),
            FaultCode.AgentNoHandshake => WithEnding(NoHandshake(ending, outcome), ending),
            FaultCode.EnvironmentStartTimeout when !outcome.Said.EnvironmentHello => WithEnding(EnvironmentNotStarted(ending, outcome), ending),
            FaultCode.AgentCrashed or FaultCode.EnvironmentCrashed =>
                WithEnding(fault with { Message = And(fault.Message.TrimEnd(), Ended(agent ? "agent" : "environment", ending)) }, ending),
            _ => WithEnding(fault, ending),
        };
    }

    // A traceback ends with a line of its own.
    private static string And(string said, string ended) => said.Contains('\n', StringComparison.Ordinal) ? $"{said}\n{ended}" : $"{said.TrimEnd('.')}. {ended}";

    // The referee said nothing of a fault: what do the containers say?
    private static Fault WithoutWord(PodOutcome outcome)
    {
        var (agent, environment, said) = (outcome.Agent, outcome.Environment, outcome.Said);
        if (Died(environment))
        {
            return WithEnding(
                environment!.OutOfMemory ? OutOfMemory(agent: false)
                : said.EnvironmentHello ? Fault.Of(FaultCode.EnvironmentCrashed, Ended("environment", environment))
                : EnvironmentNotStarted(environment, outcome),
                environment);
        }

        if (Died(agent))
        {
            return WithEnding(
                agent!.OutOfMemory ? OutOfMemory(agent: true)
                : said.AgentHello ? Fault.Of(FaultCode.AgentCrashed, Ended("agent", agent))
                : NoHandshake(agent, outcome),
                agent);
        }

        return outcome.Stopped is PodStop.Deadline
            ? Fault.Of(FaultCode.PlatformStuck, "The evaluation did not end within its deadline and was stopped from outside.")
            : Fault.Of(FaultCode.PlatformReferee, $"The referee ended without a result{Because(outcome)}.");
    }

    private static bool Died(PartEnding? ending) => ending is { KilledByUs: false } or { OutOfMemory: true };

    private static Fault NoHandshake(PartEnding ending, PodOutcome outcome) => NotExecuted(ending, outcome.AgentLog)
        ? Fault.Of(FaultCode.AgentStartFailed, $"The agent's program could not be executed (exit code {ending.ExitCode}).")
        : Fault.Of(FaultCode.AgentNoHandshake, $"{Ended("agent", ending)} It had not {(outcome.IsLegacy ? "called the environment on port 8085" : "connected to the referee")}.");

    // Container and init start; it is init (or a shell) that does not find the image's program, may not run it, or cannot.
    private static bool NotExecuted(PartEnding ending, string log) =>
        ending.ExitCode is 126 or 127 || (ending.ExitCode is 1 && Array.Exists(InitsComplaints, complaint => log.StartsWith(complaint, StringComparison.Ordinal)));

    // Docker's init, and Podman's.
    private static readonly string[] InitsComplaints = ["[FATAL tini", "ERROR (catatonit"];

    private static Fault EnvironmentNotStarted(PartEnding ending, PodOutcome outcome) => outcome.IsLegacy
        ? Fault.Of(FaultCode.EnvironmentStartFailed, $"{Ended("environment", ending)} It had not listened on port 8085, as images made for EvalAI do.") with
        {
            Remedy = "Not the agent's fault and not counted. The host must mend the image; if it is made with a Palio SDK, the phase needs an evaluation block that says how the referee scores.",
        }
        : Fault.Of(FaultCode.EnvironmentStartFailed, $"{Ended("environment", ending)} It had not connected to the referee.");

    private static Fault OutOfMemory(bool agent, int? episode = null, long? step = null) => Fault.Of(
        agent ? FaultCode.AgentOutOfMemory : FaultCode.EnvironmentOutOfMemory,
        $"The {(agent ? "agent" : "environment")} used more memory than its limit and was killed by the kernel.",
        episode,
        step) with { OutOfMemory = true };

    private static string Ended(string side, PartEnding ending) => ending.Signal is { } signal
        ? $"The {side}'s program was ended by signal {signal}{NameOf(signal)}."
        : $"The {side}'s program ended with exit code {ending.ExitCode}.";

    private static string NameOf(int signal) => signal switch
    {
        4 => " (SIGILL: an instruction this machine does not have)",
        6 => " (SIGABRT)",
        9 => " (SIGKILL)",
        11 => " (SIGSEGV)",
        15 => " (SIGTERM)",
        25 => " (SIGXFSZ: a file larger than allowed)",
        31 => " (SIGSYS: a forbidden system call)",
        _ => "",
    };

    private static string Because(PodOutcome outcome)
    {
        var code = outcome.Referee is { KilledByUs: false } ending ? $" (exit code {ending.ExitCode})" : "";
        var log = outcome.RefereeLog.Trim();
        return log.Length is 0 ? code : $"{code}: {LogText.Tail(log, 1024)}";
    }

    private static PartEnding? EndingOf(Blame blame, PodOutcome outcome) => blame switch
    {
        Blame.Agent => outcome.Agent,
        Blame.Environment => outcome.Environment,
        _ => null,
    };

    private static Fault WithEnding(Fault fault, PartEnding ending) => ending.KilledByUs && !ending.OutOfMemory
        ? fault
        : fault with { ExitCode = ending.ExitCode, Signal = ending.Signal, OutOfMemory = ending.OutOfMemory };

    private static Fault? WithLogs(Fault? fault, PodOutcome outcome) => fault is null ? null : fault with
    {
        AgentLogTail = Some(outcome.AgentLog),
        EnvironmentLogTail = Some(outcome.EnvironmentLog),
    };

    private static string? Some(string log) => log.Length is 0 ? null : LogText.Tail(log, LogText.TailBytes);

    private static Verdict Failed(FaultCode code, string message, PodOutcome outcome) => new(null, WithLogs(Fault.Of(code, message), outcome));
}
