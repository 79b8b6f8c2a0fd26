using System.Globalization;
using System.Text.Json;
using Palio.Protocol.Evaluations;

namespace Palio.Evaluation.Pods;

/// <summary>
/// The pod of images made for EvalAI: four containers, two loopbacks. The environment is in the network namespace of the referee, which
/// answers as EvalAI's API there and dials port 8085; the agent is in that of the gate, which listens on port 8085 there. Neither
/// namespace has any other interface, and the two sides see nothing of each other.
/// </summary>
internal static class LegacyPods
{
    private const string RefereeProgram = "/palio-referee";

    // The gate copies bytes between two sockets.
    private static readonly ContainerLimits GateLimits = new() { MemoryBytes = 128L << 20, TmpBytes = 0, Pids = 64 };

    public static PodPlan Plan(EvaluationJob job, LegacyPlan legacy, string instance, string name, CpuPlacement placement)
    {
        var user = $"{PodPlanner.RefereeUser}:{PodPlanner.RefereeUser}";
        var socket = $"{PodPlanner.AgentDirectory}/{PodPlanner.SocketName}";
        ContainerPlan Container(PodRole role, JobImage image, ContainerLimits limits, IReadOnlyDictionary<string, string> variables) => new()
        {
            Role = role,
            Image = image,
            Limits = limits,
            Sockets = [],
            Variables = variables,
            Labels = PodPlanner.Labels(job.Lease.Evaluation, instance, role),
            Cpuset = placement.Cpuset,
        };

        return new PodPlan
        {
            Evaluation = job.Lease.Evaluation,
            Instance = instance,
            Name = name,
            Agent = Container(PodRole.Agent, job.Agent, job.AgentLimits, SideVariables) with { Runtime = job.Runtime, Network = PodRole.Gate },
            Environment = Container(PodRole.Environment, job.Environment, job.EnvironmentLimits, EnvironmentVariables(legacy)) with
            {
                Runtime = job.Runtime,
                Network = PodRole.Referee,
            },
            Referee = Container(PodRole.Referee, new JobImage(""), PodPlanner.RefereeLimits, RefereeVariables(legacy, socket)) with
            {
                User = user,
                Command = [RefereeProgram, "legacy"],
                HasLoopback = true,
                Sockets = [new SocketMount($"{name}-agent", PodPlanner.AgentDirectory, ReadOnly: false)],
            },
            Gate = Container(PodRole.Gate, new JobImage(""), GateLimits, new Dictionary<string, string> { ["PALIO_AGENT_SOCKET"] = socket }) with
            {
                User = user,
                Command = [RefereeProgram, "gate"],
                HasLoopback = true,
                Sockets = [new SocketMount($"{name}-agent", PodPlanner.AgentDirectory, ReadOnly: true)],
            },
            Play = job.Plan,
            PullLimit = TimeSpan.FromSeconds(job.PullSeconds),
            StartLimit = TimeSpan.FromSeconds(job.StartSeconds),
            Deadline = TimeSpan.FromSeconds(job.DeadlineSeconds),
            LogBytes = job.LogBytes,
        };
    }

    // LOCAL_EVALUATION is not among them: the starter takes any text in it, also "False", for yes, and then sends no result.
    private static Dictionary<string, string> SideVariables { get; } = new()
    {
        ["HOME"] = "/tmp",
        ["PYTHONUNBUFFERED"] = "1",
        ["PYTHONDONTWRITEBYTECODE"] = "1",
    };

    /// <summary>
    /// What an image made for EvalAI needs to start at all, for an environment that the referee is to play: so it is recognised by its
    /// port, rather than taken for a broken one. Nothing answers at the address, and the token is none.
    /// </summary>
    public static IReadOnlyDictionary<string, string> ToBeRecognised { get; } =
        EvalAiVariables(new LegacyPlan { Token = "none", Challenge = 0, Phase = 0, Submission = 0 }).ToDictionary();

    private static Dictionary<string, string> EnvironmentVariables(LegacyPlan legacy) => new(SideVariables.Concat(EvalAiVariables(legacy)));

    private static Dictionary<string, string> EvalAiVariables(LegacyPlan legacy) => new()
    {
        ["AUTH_TOKEN"] = legacy.Token,
        ["EVALAI_API_SERVER"] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{LegacyPorts.Api}"),
        ["BODY"] = Body(legacy),
        ["SUBMISSION_TIME_LIMIT"] = (legacy.TotalMs / 1000).ToString(CultureInfo.InvariantCulture),
        ["QUEUE_NAME"] = "palio",
        ["no_proxy"] = "*",
    };

    // EvalAI's starter turns every apostrophe into a quote before it reads this as JSON.
    private static string Body(LegacyPlan legacy)
    {
        using var written = new MemoryStream();
        using (var json = new Utf8JsonWriter(written))
        {
            json.WriteStartObject();
            json.WriteString("submitted_image_uri", legacy.Image.Replace("'", "", StringComparison.Ordinal));
            json.WriteNumber("submission_pk", legacy.Submission);
            json.WriteString("phase_pk", legacy.Phase.ToString(CultureInfo.InvariantCulture));
            json.WriteString("challenge_pk", legacy.Challenge.ToString(CultureInfo.InvariantCulture));
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(written.GetBuffer().AsSpan(0, (int)written.Length));
    }

    private static Dictionary<string, string> RefereeVariables(LegacyPlan legacy, string socket) => new()
    {
        ["PALIO_LEGACY_PLAN"] = JsonSerializer.Serialize(legacy, EvaluationJsonContext.Default.LegacyPlan),
        ["PALIO_AGENT_SOCKET"] = socket,
    };
}
