using System.Formats.Tar;
using System.Net;
using System.Text;
using Palio.Protocol.Api;
using Palio.Protocol.Evaluations;
using Palio.Server.Tests.EvalAi;
using Palio.Server.Tests.Support;

namespace Palio.Server.Tests.Submissions;

/// <summary>Static code upload: teams' images find a dataset, and the file they write is kept.</summary>
public sealed class StaticCodeTests
{
    private static readonly string Config = FileChallenge.Config
        .Replace("published: True", "published: True\nis_docker_based: True\nis_static_dataset_code_upload: True", StringComparison.Ordinal)
        .Replace("evaluation: {max_file_size: 4KiB", "evaluation: {dataset: annotations/, max_file_size: 4KiB", StringComparison.Ordinal);

    [Fact]
    public async Task Lease_APhaseWithADataset_HasItAsAnArchive()
    {
        await using var challenge = await FileChallenge.StartAsync(Config);
        await SubmitAsync(challenge);

        var job = await challenge.LeaseAsync();

        await using var content = await challenge.Jobs.OpenFileAsync(job.Lease, job.Scoring!.Dataset!, TestContext.Current.CancellationToken);
        await using var tar = new TarReader(content);
        var entry = await tar.GetNextEntryAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal("truth.json", entry!.Name);
        Assert.Null(job.Scoring.Submission);
    }

    [Fact]
    public async Task File_ThatAnImageWrote_IsItsTeamsToRead()
    {
        await using var challenge = await FileChallenge.StartAsync(Config);
        var submission = await EvaluateAsync(challenge);

        Assert.Equal("submission.csv", (await challenge.DetailAsync(submission)).Evaluations[0].WrittenFile);
        Assert.Equal("1,2,3", await challenge.Participant.GetStringAsync(new Uri($"/api/v1/submissions/{submission}/file", UriKind.Relative), TestContext.Current.CancellationToken));
        var link = (await challenge.Participant.AskAsync($"/api/jobs/submission/{submission}")).Ok()["submission_input_file"].GetString()!;
        Assert.Equal("1,2,3", await challenge.Palio.Anonymous.GetStringAsync(new Uri(new Uri(link).PathAndQuery, UriKind.Relative), TestContext.Current.CancellationToken));
        var page = await challenge.Participant.GetStringAsync(new Uri($"/submissions/{submission}", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.DoesNotContain("no such", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_WhereLogsAreKeptFromTeams_IsTheHostsAlone()
    {
        await using var challenge = await FileChallenge.StartAsync(Config.Replace("is_public: True", "is_public: True\n    disable_logs: True", StringComparison.Ordinal));
        var submission = await EvaluateAsync(challenge);

        using var refused = await challenge.Participant.GetAsync(new Uri($"/api/v1/submissions/{submission}/file", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Null((await challenge.DetailAsync(submission)).Evaluations[0].WrittenFile);
        Assert.Equal(System.Text.Json.JsonValueKind.Null, (await challenge.Participant.AskAsync($"/api/jobs/submission/{submission}")).Ok()["submission_input_file"].ValueKind);
        Assert.Equal("1,2,3", await challenge.Host.GetStringAsync(new Uri($"/api/v1/submissions/{submission}/file", UriKind.Relative), TestContext.Current.CancellationToken));
    }

    private static async Task<int> EvaluateAsync(FileChallenge challenge)
    {
        var submission = await SubmitAsync(challenge);
        var job = await challenge.LeaseAsync();
        await challenge.Jobs.KeepFileAsync(job.Lease, "submission.csv", new MemoryStream(Encoding.UTF8.GetBytes("1,2,3")), TestContext.Current.CancellationToken);
        await challenge.Jobs.KeepFileAsync(job.Lease with { Fence = 99 }, "late.csv", new MemoryStream("9"u8.ToArray()), TestContext.Current.CancellationToken);
        await challenge.ScoreAsync(job);
        Assert.Equal(EvaluationState.Finished, (await challenge.DetailAsync(submission)).Evaluations[0].State);
        return submission;
    }

    private static async Task<int> SubmitAsync(FileChallenge challenge) => (await challenge.Participant.PostAsync<SubmissionSummary>(
        "/api/v1/submissions", new SubmitRequest { Challenge = "guess", Phase = "test", Digest = challenge.Palio.Images.Add("guess/players", "agent") })).Id;
}
