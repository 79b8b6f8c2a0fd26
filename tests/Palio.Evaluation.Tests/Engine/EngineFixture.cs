using System.Diagnostics;
using System.Security.Cryptography;
using Docker.DotNet;
using Docker.DotNet.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Palio.Evaluation.Docker;
using Palio.Evaluation.Pods;
using Palio.Evaluation.Verdicts;
using Palio.Evaluation.Workers;
using Palio.Protocol.Evaluations;

namespace Palio.Evaluation.Tests.Engine;

/// <summary>
/// The real engine with the images of <c>attacks/</c>: compiled here with gcc, FROM scratch, no hub. An engine or a referee that is
/// missing fails the tests: nothing is skipped.
/// </summary>
public sealed class EngineFixture : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("palio-attacks-").FullName;
    private readonly Dictionary<string, byte[]> _programs = [];
    private readonly List<string> _tags = [];
    private string? _usual;

    /// <summary>Label of all that these tests make.</summary>
    public string Instance { get; } = $"tests-{Guid.NewGuid():N}";

    public DockerRuntime Runtime { get; private set; } = null!;

    public DockerClient Client { get; private set; } = null!;

    public Palio.Evaluation.Pods.EngineDescription Engine { get; private set; } = null!;

    /// <summary>The tests run on Podman, whose socket DOCKER_HOST names.</summary>
    public bool IsPodman { get; private set; }

    public static string AttacksDirectory { get; } = FindUpwards("attacks");

    public WorkerOptions Options => new() { Instance = Instance, RefereePath = FindReferee() };

    public async ValueTask InitializeAsync()
    {
        Runtime = new DockerRuntime(Options, TimeProvider.System, NullLogger<DockerRuntime>.Instance);
        Engine = await Runtime.DescribeAsync(CancellationToken.None);
        var connected = (await Runtime.ConnectAsync(CancellationToken.None)).Engine;
        (Client, IsPodman) = (connected.Client, connected.IsPodman);
        await CompileAsync("agent", "agent.c", "-lpthread");
        await CompileAsync("environment", "environment.c", "-lm");
    }

    public async ValueTask DisposeAsync()
    {
        await Runtime.SweepAsync(Instance, new HashSet<long>(), CancellationToken.None);
        foreach (var tag in _tags.Distinct())
        {
            await Client.Images.DeleteImageAsync(tag, new ImageDeleteParameters { Force = true });
        }

        await Runtime.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>Has an image that a test made removed at the end.</summary>
    public void Remember(string image)
    {
        lock (_tags)
        {
            _tags.Add(image);
        }
    }

    /// <summary>An image whose program is an attack of <c>attacks/</c>.</summary>
    public Task<JobImage> ImageAsync(string program, string mode, string user = "1000:1000", string[]? volumes = null) =>
        ImageAsync(program, [$"/{program}", mode], user, volumes: volumes);

    /// <summary>An image with any entry point.</summary>
    public async Task<JobImage> ImageAsync(
        string program, string[] entrypoint, string user = "1000:1000", string? architecture = null, string[]? volumes = null)
    {
        var configuration = new ImageArchive.Configuration(entrypoint, user, architecture ?? Engine.Architecture, volumes);
        var name = Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(
            string.Join('|', [Instance, program, user, architecture ?? "", .. entrypoint, .. volumes ?? []]))))[..24];
        var tag = $"palio-attacks:{name}";
        using var archive = ImageArchive.Write(tag, [(program, _programs[program])], configuration);
        await Client.Images.LoadImageAsync(new ImageLoadParameters { Quiet = true }, archive, new Progress<JSONMessage>(), TestContext.Current.CancellationToken);
        lock (_tags)
        {
            _tags.Add(tag);
        }

        return new JobImage((await Client.Images.InspectImageAsync(tag, TestContext.Current.CancellationToken)).ID!);
    }

    /// <summary>A job of two images; budgets are short where a test waits for them to pass.</summary>
    public static EvaluationJob Job(JobImage agent, JobImage environment, RefereeBudgets? budgets = null, int episodes = 3, long evaluation = 1) => new()
    {
        Lease = new EvaluationLease(evaluation, 1, 1, 60),
        Agent = agent,
        Environment = environment,
        AgentLimits = new ContainerLimits { MemoryBytes = 64L << 20, TmpBytes = 8L << 20, Pids = 64 },
        EnvironmentLimits = new ContainerLimits { MemoryBytes = 64L << 20, TmpBytes = 8L << 20, Pids = 64 },
        Plan = new RefereePlan
        {
            Evaluation = "1",
            Episodes = [.. Enumerable.Range(0, episodes).Select(i => new PlannedEpisode(i, i))],
            MaxSteps = 100,
            Budgets = budgets ?? new RefereeBudgets { StepMs = 2000, BankMs = 5000 },
        },
        DeadlineSeconds = 60,
    };

    /// <summary>Path of a compiled attack.</summary>
    public string Program(string name) => Path.Combine(_directory, name);

    /// <summary>A loose plan of a job, under this fixture's instance.</summary>
    public PodPlan Plan(EvaluationJob job) => PodPlanner.Plan(job, Instance, DockerRuntime.NewName(job.Lease.Evaluation), CpuPlacement.Anywhere);

    /// <summary>Plays an honest pair.</summary>
    public async Task<(PodOutcome Outcome, RecordingObserver Events)> HonestAsync(long evaluation)
    {
        var job = Job(await ImageAsync("agent", "honest"), await ImageAsync("environment", "honest"), evaluation: evaluation);
        var events = new RecordingObserver();
        return (await Runtime.PlayAsync(Plan(job), events, TestContext.Current.CancellationToken), events);
    }

    /// <summary>What an honest pair gets when nobody is beside it, to the last byte of the record.</summary>
    public async Task AssertUsualScoreAsync((PodOutcome Outcome, RecordingObserver Events) play)
    {
        var verdict = FaultJudge.Judge(play.Outcome);
        Assert.True(verdict.Fault is null, $"honest pair: {verdict.Fault} {play.Outcome.RefereeLog}");
        Assert.Equal((3, 0), (verdict.Result!.Episodes, verdict.Result.Forfeited));
        Assert.All(play.Events.Episodes, episode => Assert.Equal((20, 20.0), (episode.Steps, episode.Return)));
        _usual ??= FaultJudge.Judge((await HonestAsync(1)).Outcome).Result!.TranscriptDigest;
        Assert.Equal(_usual, verdict.Result.TranscriptDigest);
    }

    /// <summary>No container and no volume of these tests is on the engine.</summary>
    public async Task AssertNothingLeftAsync() => Assert.Equal((0, 0), await CountAsync());

    /// <summary>Containers and volumes of these tests.</summary>
    public async Task<(int Containers, int Volumes)> CountAsync()
    {
        var containers = await Client.Containers.ListContainersAsync(new ContainersListParameters { All = true, Filters = Label }, CancellationToken.None);
        var volumes = await Client.Volumes.ListAsync(new VolumesListParameters { Filters = Label }, CancellationToken.None);
        return (containers.Count, volumes.Volumes?.Count ?? 0);
    }

    /// <summary>First process of each container of these tests, as this machine numbers them.</summary>
    public async Task<long[]> ProcessesAsync()
    {
        var containers = await Client.Containers.ListContainersAsync(new ContainersListParameters { Filters = Label }, CancellationToken.None);
        var inspected = await Task.WhenAll(containers.Select(container => Client.Containers.InspectContainerAsync(container.ID, CancellationToken.None)));
        return [.. inspected.Select(container => (long)container.State!.Pid)];
    }

    private Dictionary<string, IDictionary<string, bool>> Label => new()
    {
        ["label"] = new Dictionary<string, bool> { [$"{PodPlanner.InstanceLabel}={Instance}"] = true },
    };

    private async Task CompileAsync(string name, string source, string library)
    {
        var output = Path.Combine(_directory, name);
        using var compiler = Process.Start(new ProcessStartInfo("gcc", ["-O1", "-static", "-o", output, Path.Combine(AttacksDirectory, source), library])
        {
            RedirectStandardError = true,
        })!;
        var errors = await compiler.StandardError.ReadToEndAsync(CancellationToken.None);
        await compiler.WaitForExitAsync(CancellationToken.None);
        Assert.True(compiler.ExitCode is 0, errors);
        _programs[name] = await File.ReadAllBytesAsync(output, CancellationToken.None);
    }

    /// <summary>The referee's program.</summary>
    public static string FindReferee()
    {
        var told = Environment.GetEnvironmentVariable("PALIO_REFEREE");
        var published = Path.Combine(Path.GetDirectoryName(AttacksDirectory)!, "artifacts/publish/Palio.Referee");
        var path = told ?? new[] { "release", "release_linux-x64" }.Select(folder => Path.Combine(published, folder, "palio-referee")).FirstOrDefault(File.Exists, published);
        Assert.True(File.Exists(path), $"{path} is missing: dotnet publish src/Palio.Referee -r linux-x64 -c Release, or set PALIO_REFEREE");
        return path;
    }

    private static string FindUpwards(string name)
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (Directory.Exists(Path.Combine(directory.FullName, name)) && File.Exists(Path.Combine(directory.FullName, "Palio.slnx")))
            {
                return Path.Combine(directory.FullName, name);
            }
        }

        throw new DirectoryNotFoundException(name);
    }
}

/// <summary>The tests that share the engine run one after the other.</summary>
[CollectionDefinition("engine")]
public sealed class EngineCollection : ICollectionFixture<EngineFixture>;
