using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Palio.Evaluation.Workers;
using Palio.Protocol.Api;
using Palio.Protocol.Evaluations;

namespace Palio.Server.Tests.Support;

/// <summary>A published, approved challenge with a host and a participant who has joined; and a worker's part, played by the test.</summary>
internal sealed class PlayedChallenge : IAsyncDisposable
{
    public static readonly WorkerDescription Worker = new("test", 4, "test engine", 4, 8L << 30, ["runc"]);

    public required PalioInstance Palio { get; init; }

    public required HttpClient Host { get; init; }

    public required HttpClient Participant { get; init; }

    public IJobSource Jobs => Palio.App.Services.GetRequiredService<IJobSource>();

    public static async Task<PlayedChallenge> StartAsync(string config = TestBundle.Config, string? postgres = null)
    {
        var palio = await PalioInstance.StartOnAsync(postgres, "--Challenges:SelfService", "true");
        var host = await palio.PersonAsync("hanna");
        await host.PostAsync<TeamSummary>("/api/v1/teams", new CreateTeamRequest { Name = "Hosts", Kind = TeamKind.Host });
        palio.Images.Add("pole/host/environment", "environment", "1");
        using var published = await host.PublishAsync(TestBundle.Zip(config));
        Assert.True(published.StatusCode == HttpStatusCode.Created, await published.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var participant = await palio.PersonAsync("pia");
        await participant.PostAsync<TeamSummary>("/api/v1/teams", new CreateTeamRequest { Name = "Players" });
        await participant.PostAsync<Participation>("/api/v1/challenges/pole/participation", new ParticipateRequest { AcceptTerms = true });
        return new PlayedChallenge { Palio = palio, Host = host, Participant = participant };
    }

    /// <summary>One more person with a team that takes part.</summary>
    public async Task<HttpClient> JoinAsync(string userName, string team)
    {
        var person = await Palio.PersonAsync(userName);
        await person.PostAsync<TeamSummary>("/api/v1/teams", new CreateTeamRequest { Name = team });
        await person.PostAsync<Participation>("/api/v1/challenges/pole/participation", new ParticipateRequest { AcceptTerms = true });
        return person;
    }

    public SubmitRequest Request(string image) =>
        new() { Challenge = "pole", Phase = "dev", Digest = Palio.Images.Add("pole/players", image) };

    public Task<SubmissionSummary> SubmitAsync(string image) => Participant.PostAsync<SubmissionSummary>("/api/v1/submissions", Request(image));

    public async Task<EvaluationJob> LeaseAsync() =>
        await Jobs.LeaseAsync(Worker, TimeSpan.Zero, TestContext.Current.CancellationToken) ?? throw new InvalidOperationException("There is no work.");

    public Task<LeaseStanding> ReportAsync(EvaluationJob job, EvaluationReport report) => Jobs.ReportAsync(job.Lease, report, TestContext.Current.CancellationToken);

    /// <summary>Plays a leased evaluation to its end.</summary>
    public async Task PlayAsync(EvaluationJob job, double perEpisode)
    {
        await ReportAsync(job, new StateReport(EvaluationState.Running));
        foreach (var episode in job.Plan.Episodes)
        {
            await ReportAsync(job, EpisodeOf(episode.Ordinal, perEpisode));
        }

        Assert.Equal(LeaseStanding.Held, await ReportAsync(job, Finished(job)));
    }

    public static EpisodeReport EpisodeOf(int ordinal, double value) =>
        new(new EpisodeResult { Ordinal = ordinal, Scenario = "default", Steps = 5, Return = value, End = EpisodeEnd.Terminated });

    public static FinishedReport Finished(EvaluationJob job) => new(
        new PlayResult { Sequence = 9, Episodes = job.Plan.Episodes.Count, Forfeited = 0, Steps = 15, TranscriptDigest = new string('a', 64) },
        new PodPolicy { Version = 1, Engine = "test", Runtime = "runc", Restrictions = new Dictionary<string, string>() },
        new PodTimings(1, 2, 3, 4));

    public Task<SubmissionDetail> DetailAsync(int id) => Participant.GetAsync<SubmissionDetail>($"/api/v1/submissions/{id}");

    public ValueTask DisposeAsync() => Palio.DisposeAsync();
}
