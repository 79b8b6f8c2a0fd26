using Microsoft.Extensions.Logging.Abstractions;
using Palio.Challenges.Bundles;
using Palio.Challenges.Scoring;
using Palio.Evaluation.Docker;
using Palio.Evaluation.Pods;
using Palio.Evaluation.Workers;
using Palio.Protocol.Evaluations;
using Played = Palio.Challenges.Scoring.EpisodeEnd;

namespace Palio.Evaluation.Local;

/// <summary>
/// Plays at home what a server would play: the same plan, referee, session, verdict and score. Two images are the server's three
/// containers; a command is a process beside them.
/// </summary>
/// <param name="options">Where engine and referee are; the rest is the worker's.</param>
/// <param name="time">Clock of limits and waits.</param>
public sealed class LocalPlay(WorkerOptions options, TimeProvider time)
{
    /// <summary>Plays. Throws <see cref="EngineUnavailableException"/> when engine or referee are not there, else nothing for what the programs do.</summary>
    public async Task<LocalOutcome> PlayAsync(LocalGame game, IPodObserver observer, CancellationToken cancellationToken)
    {
        var plan = game.Plan(LocalSweep.Instance, DockerRuntime.NewName(0));
        var episodes = new EpisodeCollector(observer);
        var outcome = game is { Agent: ImageProgram, Environment: ImageProgram }
            ? await InContainersAsync(plan, episodes, cancellationToken).ConfigureAwait(false)
            : await new LocalPod(game, plan, options, episodes, time).PlayAsync(cancellationToken).ConfigureAwait(false);
        var verdict = LocalFaults.Judge(game, outcome);
        var scoring = verdict.Result is null ? null : Score.Compute(game.Declaration, [.. episodes.Rows.Select(Scored)]);
        return new LocalOutcome
        {
            Result = verdict.Result,
            Fault = scoring is { Score: null, Problems: var problems }
                ? Fault.Of(FaultCode.EnvironmentSpecViolation, string.Join(' ', problems.Take(5).Select(problem => problem.Message)))
                : verdict.Fault,
            Score = scoring?.Score,
            Scored = verdict.Scored,
            Episodes = [.. episodes.Rows.OrderBy(row => row.Ordinal)],
            AgentLog = outcome.AgentLog,
            EnvironmentLog = outcome.EnvironmentLog,
            Timings = outcome.Timings,
        };
    }

    private async Task<PodOutcome> InContainersAsync(PodPlan plan, IPodObserver observer, CancellationToken cancellationToken)
    {
        var runtime = new DockerRuntime(options, time, NullLogger<DockerRuntime>.Instance);
        await using (runtime.ConfigureAwait(false))
        {
            await LocalSweep.RunAsync((await runtime.ConnectAsync(cancellationToken).ConfigureAwait(false)).Engine, cancellationToken).ConfigureAwait(false);
            return await runtime.PlayAsync(plan, observer, cancellationToken).ConfigureAwait(false);
        }
    }

    private static ScoredEpisode Scored(EpisodeResult episode) => new()
    {
        Ordinal = episode.Ordinal,
        Scenario = episode.Scenario ?? ScenarioDeclaration.DefaultName,
        Steps = (int)Math.Min(episode.Steps, int.MaxValue),
        Return = episode.Return,
        Metrics = episode.Metrics,
        End = episode.End switch
        {
            Protocol.Evaluations.EpisodeEnd.Terminated => Played.Terminated,
            Protocol.Evaluations.EpisodeEnd.Truncated => Played.Truncated,
            Protocol.Evaluations.EpisodeEnd.StepCap => Played.StepLimit,
            _ => Played.Forfeited,
        },
    };

    /// <summary>Keeps the rows and hands everything on.</summary>
    private sealed class EpisodeCollector(IPodObserver observer) : IPodObserver
    {
        public List<EpisodeResult> Rows { get; } = [];

        public ValueTask PreparingAsync(string detail, CancellationToken cancellationToken) => observer.PreparingAsync(detail, cancellationToken);

        public ValueTask EventAsync(RefereeEvent refereeEvent, CancellationToken cancellationToken)
        {
            if (refereeEvent is EpisodeFinished finished)
            {
                Rows.Add(finished.Episode);
            }

            return observer.EventAsync(refereeEvent, cancellationToken);
        }
    }
}
