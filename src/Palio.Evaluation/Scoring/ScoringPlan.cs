using Palio.Evaluation.Pods;
using Palio.Protocol.Evaluations;

namespace Palio.Evaluation.Scoring;

/// <summary>
/// What makes a pod one that scores a file instead of playing: its agent, when there is one, writes the file, its environment is the
/// host's script, and its referee only carries the file from one to the other.
/// </summary>
public sealed record ScoringPlan
{
    /// <summary>Where the script's container finds what it needs, read-only.</summary>
    public const string InputDirectory = "/input";

    /// <summary>Where a participant's image writes its file, as on EvalAI.</summary>
    public const string OutputDirectory = "/submission";

    /// <summary>Where a participant's image finds the host's data, read-only, as on EvalAI.</summary>
    public const string DatasetDirectory = "/dataset";

    /// <summary>Where an image that scores by a program of its own writes its result.</summary>
    public const string ResultDirectory = "/output";

    /// <summary>The result's name there.</summary>
    public const string ResultName = "result.json";

    /// <summary>Names under which the file is looked for, in this order, as on EvalAI.</summary>
    public static IReadOnlyList<string> OutputNames { get; } = ["submission.csv", "submission.json"];

    /// <summary>What is scored.</summary>
    public required ScoringJob Job { get; init; }

    /// <summary>Opens the job's files. The worker sets it.</summary>
    public required Func<JobFile, CancellationToken, Task<Stream>> OpenAsync { get; init; }

    /// <summary>Is handed the file that a participant's image wrote, with its name, before it is scored. The worker sets it.</summary>
    public required Func<string, Stream, CancellationToken, Task> KeepAsync { get; init; }

    /// <summary>Longest run of the participant's image, and of the script, each.</summary>
    public TimeSpan Limit => TimeSpan.FromSeconds(Job.LimitSeconds);

    /// <summary>Whether a participant's image writes the file.</summary>
    public bool HasParticipant => Job.Submission is null;

    /// <summary>Whether the image scores by a program of its own, without a script.</summary>
    public bool ScoresByImage => Job.Script is null;
}

/// <summary>Makes the plan of a pod that scores. Pure: what is not in its arguments is not in the plan.</summary>
internal static class ScoringPlanner
{
    private static readonly ContainerLimits CourierLimits = new() { MemoryBytes = 128L << 20, TmpBytes = 0, Pids = 32 };

    /// <summary>The pod of a job that has something to score.</summary>
    public static PodPlan Plan(
        EvaluationJob job, ScoringJob scoring, string instance, string name, CpuPlacement placement, Func<JobFile, CancellationToken, Task<Stream>> open,
        Func<string, Stream, CancellationToken, Task> keep)
    {
        ContainerPlan Container(PodRole role, JobImage image, ContainerLimits limits, SocketMount?[] mounts, IReadOnlyDictionary<string, string> variables) => new()
        {
            Role = role,
            Image = image,
            Limits = limits,
            Sockets = [.. mounts.OfType<SocketMount>()],
            Variables = variables,
            Labels = PodPlanner.Labels(job.Lease.Evaluation, instance, role),
            Runtime = role is PodRole.Referee ? null : job.Runtime,
            Cpuset = placement.Cpuset,
        };

        return new PodPlan
        {
            Evaluation = job.Lease.Evaluation,
            Instance = instance,
            Name = name,
            Agent = Container(
                PodRole.Agent, job.Agent, job.AgentLimits,
                [
                    new SocketMount($"{name}-output", ScoringPlan.OutputDirectory, ReadOnly: false),
                    scoring.Dataset is null ? null : new SocketMount($"{name}-dataset", ScoringPlan.DatasetDirectory, ReadOnly: true),
                ],
                Variables(scoring)),
            Environment = Container(
                PodRole.Script, job.Environment, job.EnvironmentLimits,
                [
                    new SocketMount($"{name}-input", ScoringPlan.InputDirectory, ReadOnly: true),
                    scoring.Script is not null ? null : new SocketMount($"{name}-result", ScoringPlan.ResultDirectory, ReadOnly: false),
                ],
                Plain),
            Referee = Container(PodRole.Referee, JobImage.None, CourierLimits, [], new Dictionary<string, string>()),
            Play = job.Plan,
            Scoring = new ScoringPlan { Job = scoring, OpenAsync = open, KeepAsync = keep },
            PullLimit = TimeSpan.FromSeconds(job.PullSeconds),
            StartLimit = TimeSpan.FromSeconds(job.StartSeconds),
            Deadline = TimeSpan.FromSeconds(job.DeadlineSeconds),
            LogBytes = job.LogBytes,
        };
    }

    private static Dictionary<string, string> Plain { get; } = new()
    {
        ["HOME"] = "/tmp",
        ["PYTHONUNBUFFERED"] = "1",
        ["PYTHONDONTWRITEBYTECODE"] = "1",
    };

    // EvalAI's names.
    private static Dictionary<string, string> Variables(ScoringJob scoring) => new(Plain)
    {
        ["SUBMISSION_PATH"] = ScoringPlan.OutputDirectory,
        ["CHALLENGE_PK"] = Text(scoring.ChallengeId),
        ["PHASE_PK"] = Text(scoring.PhaseId),
    };

    private static string Text(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
