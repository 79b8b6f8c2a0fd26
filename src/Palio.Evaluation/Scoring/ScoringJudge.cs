using System.Text.Json;
using Palio.Evaluation.Logs;
using Palio.Evaluation.Pods;
using Palio.Protocol.Evaluations;

namespace Palio.Evaluation.Scoring;

/// <summary>What a pod that scored came to: what <c>evaluate</c> returned, or whose part the failure was. Pure.</summary>
internal static class ScoringJudge
{
    private const int LongestMessage = 1500;

    /// <summary>The returned value as JSON, or the fault.</summary>
    public static (string? Result, Fault? Fault) Judge(PodOutcome outcome, ScoringFacts facts)
    {
        if (outcome.NotStarted is { } notStarted)
        {
            return (null, WithLogs(notStarted, outcome));
        }

        if (outcome.Stopped is PodStop.Cancelled)
        {
            return (null, Fault.Of(FaultCode.ParticipantCancelled, "The evaluation was cancelled while it ran; its containers were stopped."));
        }

        if (facts.HasParticipant && OfParticipant(outcome.Agent, facts) is { } fault)
        {
            return (null, WithLogs(fault, outcome));
        }

        var (result, failed) = OfScript(outcome.Environment, facts);
        return (result, failed is null ? null : WithLogs(failed, outcome));
    }

    private static Fault? OfParticipant(PartEnding? ending, ScoringFacts facts)
    {
        if (ending is null)
        {
            return Fault.Of(FaultCode.PlatformInternal, "The participant's container has no ending.");
        }

        if (ending.OutOfMemory)
        {
            return WithEnding(Fault.Of(FaultCode.AgentOutOfMemory, "The image used more memory than its limit and was killed by the kernel."), ending);
        }

        if (!facts.ParticipantTimedOut && ending.ExitCode != 0)
        {
            return WithEnding(
                ending.ExitCode is 126 or 127
                    ? Fault.Of(FaultCode.AgentStartFailed, $"The image's program could not be executed (exit code {ending.ExitCode}).")
                    : Fault.Of(FaultCode.AgentCrashed, $"The image's program ended with {Ended(ending)}; a file it may have written was not taken."),
                ending);
        }

        return (facts.FileName, facts.ParticipantTimedOut) switch
        {
            (not null, _) => null, // written in time, even if the program did not end by itself
            (null, true) => Fault.Of(
                FaultCode.AgentTotalTimeout, $"The image's program did not end within {facts.Limit.TotalSeconds:0} s. {facts.FileProblem}".TrimEnd()),
            _ => WithEnding(Fault.Of(FaultCode.AgentNoFile, facts.FileProblem ?? "The image's program ended and had written no file."), ending),
        };
    }

    private static (string? Result, Fault? Fault) OfScript(PartEnding? ending, ScoringFacts facts)
    {
        var scorer = facts.ScoredByImage ? "evaluation image" : "evaluation script";
        if (ending?.OutOfMemory is true)
        {
            return (null, WithEnding(Fault.Of(FaultCode.ScriptOutOfMemory, $"The {scorer} used more memory than its limit and was killed by the kernel."), ending));
        }

        if (facts.ScriptTimedOut)
        {
            return (null, Fault.Of(FaultCode.ScriptTimeout, $"The {scorer} did not return within {facts.Limit.TotalSeconds:0} s."));
        }

        if (facts.ResultTooLong)
        {
            return (null, Fault.Of(FaultCode.ScriptBadResult, "The evaluation script returned more than a result may have."));
        }

        var (result, fault) = facts.ScoredByImage ? OfImage(facts, ending) : Read(facts.Result, ending);
        return (result, fault is null || ending is null ? fault : WithEnding(fault, ending));
    }

    // An image without a script: what it wrote is the value itself.
    private static (string? Result, Fault? Fault) OfImage(ScoringFacts facts, PartEnding? ending)
    {
        if (ending is { ExitCode: not 0 })
        {
            return (null, Fault.Of(FaultCode.ScriptFailed, $"The evaluation image's program ended with {Ended(ending)}; a result it may have written was not taken."));
        }

        if (facts.Result.Length == 0)
        {
            return (null, Fault.Of(FaultCode.ScriptFailed, $"The evaluation image's program ended and its result could not be taken. {facts.ResultProblem}".TrimEnd()));
        }

        try
        {
            using var value = JsonDocument.Parse(facts.Result, new JsonDocumentOptions { MaxDepth = 64 });
            return (value.RootElement.GetRawText(), null);
        }
        catch (JsonException)
        {
            return (null, Fault.Of(FaultCode.ScriptBadResult, "The evaluation image's result is not JSON; note that NaN and Infinity are none."));
        }
    }

    private static (string? Result, Fault? Fault) Read(string text, PartEnding? ending)
    {
        if (text.Length == 0)
        {
            return (null, ending?.ExitCode is 126 or 127
                ? Fault.Of(FaultCode.HostUnplayable, "The image for the evaluation script has no program python3.") with
                {
                    Remedy = "The host must name an image with Python 3 in the phase's evaluation.image.",
                }
                : Fault.Of(FaultCode.ScriptFailed, $"The evaluation script ended with {(ending is null ? "nothing" : Ended(ending))} before evaluate() returned."));
        }

        try
        {
            using var said = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 64 });
            var root = said.RootElement;
            return root.TryGetProperty("value", out var value)
                ? (value.GetRawText(), null)
                : (null, OfError(root.GetProperty("error")));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            // Whatever runs beside the script may have written there; it is the script's all the same.
            return (null, Fault.Of(FaultCode.ScriptBadResult, "What came back from the evaluation script cannot be read."));
        }
    }

    private static Fault OfError(JsonElement error)
    {
        string Part(string name) => error.TryGetProperty(name, out var part) && part.ValueKind is JsonValueKind.String
            ? LogText.Tail(LogText.Neutralise(System.Text.Encoding.UTF8.GetBytes(part.GetString()!)), LongestMessage) // a string has one
            : "";

        var what = $"{Part("type")}: {Part("message")}".TrimEnd(' ', ':');
        var place = Part("place") is { Length: > 0 } line ? $" ({line})" : "";
        return Part("stage") switch
        {
            "load" => Fault.Of(FaultCode.ScriptFailed, $"The evaluation script could not be loaded: {what}{place}.") with
            {
                Remedy = "Not counted. The host must mend the script, or name an image in evaluation.image that has the packages it imports; there is no network.",
            },
            "return" => Fault.Of(FaultCode.ScriptBadResult, $"What evaluate() returned cannot be written as JSON: {what}."),
            _ => Fault.Of(FaultCode.ScriptFailed, $"evaluate() raised {what}{place}."),
        };
    }

    private static string Ended(PartEnding ending) => ending.Signal is { } signal ? $"signal {signal}" : $"exit code {ending.ExitCode}";

    private static Fault WithEnding(Fault fault, PartEnding ending) => ending.KilledByUs && !ending.OutOfMemory
        ? fault
        : fault with { ExitCode = ending.ExitCode, Signal = ending.Signal, OutOfMemory = ending.OutOfMemory };

    private static Fault WithLogs(Fault fault, PodOutcome outcome) => fault with { AgentLogTail = Some(outcome.AgentLog), EnvironmentLogTail = Some(outcome.EnvironmentLog) };

    private static string? Some(string log) => log.Length is 0 ? null : LogText.Tail(log, LogText.TailBytes);
}
