using Docker.DotNet;
using Palio.Evaluation.Logs;
using Palio.Evaluation.Pods;
using Palio.Protocol.Evaluations;

namespace Palio.Evaluation.Docker;

/// <summary>The engine's errors as faults.</summary>
internal static class EngineFaults
{
    /// <summary>The pull of an image failed.</summary>
    public static Fault OfPull(PodRole role, JobImage image, string message)
    {
        var text = $"The {PodPlanner.NameOf(role)}'s image {image.Reference} could not be pulled: {Clean(message)}";
        if (Has(message, "no matching manifest", "does not match the specified platform", "no match for platform"))
        {
            return BadImage(role, $"The {PodPlanner.NameOf(role)}'s image has nothing for this machine's platform: {Clean(message)}");
        }

        var missing = Has(message, "manifest unknown", "not found", "name unknown", "does not exist");
        return Fault.Of(missing && role is not PodRole.Agent ? FaultCode.HostImageMissing : FaultCode.PlatformPullFailed, text);
    }

    /// <summary>An image that cannot be judged.</summary>
    public static Fault BadImage(PodRole role, string message) =>
        Fault.Of(role is PodRole.Agent ? FaultCode.ParticipantBadImage : role is PodRole.Script ? FaultCode.HostUnplayable : FaultCode.EnvironmentStartFailed, message);

    /// <summary>The creation or start of a container failed.</summary>
    public static Fault OfStart(PodRole role, string message)
    {
        var text = $"The {PodPlanner.NameOf(role)}'s container could not be started: {Clean(message)}";
        if (role is PodRole.Referee or PodRole.Gate)
        {
            return Fault.Of(FaultCode.PlatformEngine, text);
        }

        // The engine's own init program is the operator's part.
        if (Has(message, "docker-init", "catatonit"))
        {
            return Fault.Of(FaultCode.PlatformEngine, text);
        }

        if (Has(message, "executable file not found", "no such file or directory", "exec format error", "permission denied", "is a directory", "no command specified",
            "No command specified", "chdir to cwd", "mkdir /", "not a directory", "read-only file system"))
        {
            return Fault.Of(role is PodRole.Agent ? FaultCode.AgentStartFailed : role is PodRole.Script ? FaultCode.ScriptFailed : FaultCode.EnvironmentStartFailed, text);
        }

        return Has(message, "unknown runtime", "unknown or invalid runtime", "Range of CPUs", "could not select device driver", "Minimum memory limit", "NanoCPUs")
            ? Fault.Of(FaultCode.HostUnplayable, text)
            : Fault.Of(FaultCode.PlatformEngine, text);
    }

    /// <summary>The engine's own words, without the JSON around them.</summary>
    public static string MessageOf(Exception exception)
    {
        if (exception is not DockerApiException { ResponseBody: { Length: > 0 } body })
        {
            return exception.Message;
        }

        try
        {
            using var json = System.Text.Json.JsonDocument.Parse(body);
            return json.RootElement.TryGetProperty("message", out var message) ? message.GetString() ?? body : body;
        }
        catch (System.Text.Json.JsonException)
        {
            return body;
        }
    }

    private static string Clean(string message) => LogText.Tail(LogText.Neutralise(System.Text.Encoding.UTF8.GetBytes(message.Trim())), 2048);

    private static bool Has(string message, params ReadOnlySpan<string> signs)
    {
        foreach (var sign in signs)
        {
            if (message.Contains(sign, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
