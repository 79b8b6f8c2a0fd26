using System.Net;
using System.Text.Json;
using Palio.Protocol.Api;
using Palio.Protocol.Evaluations;
using Palio.Server.Tests.Support;

namespace Palio.Server.Tests.Evaluations;

public sealed class LiveLogTests
{
    [Fact]
    public async Task Tail_WhileItPlays_IsSeenByTheTeam_AndTheEnvironmentsByHostsAlone()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var made = await played.SubmitAsync("agent");
        var job = await played.LeaseAsync();
        await played.ReportAsync(job, new LogTailReport("loading\n", "the seed is 7"));
        await played.ReportAsync(job, new LogTailReport("loading\nready\n", "the seed is 7"));
        var address = $"/api/v1/evaluations/{job.Lease.Evaluation}/log";

        var own = await played.Participant.GetAsync<EvaluationLog>(address);
        Assert.Equal(("loading\nready\n", null), (own.Agent, own.Environment));
        Assert.Equal("the seed is 7", (await played.Host.GetAsync<EvaluationLog>(address)).Environment);
        var told = await FirstEventAsync(played.Participant, made.Id);
        Assert.Equal("loading\nready\n", told.AgentLog);

        await played.ReportAsync(job, new LogReport("all of it", "the seed is 7"));
        Assert.Equal("all of it", (await played.Participant.GetAsync<EvaluationLog>(address)).Agent);
    }

    [Fact]
    public async Task Tail_WherePhaseKeepsItsLogs_IsTheHostsAlone()
    {
        await using var played = await PlayedChallenge.StartAsync(TestBundle.Config.Replace("is_public: true", "is_public: true\n    disable_logs: true", StringComparison.Ordinal));
        var made = await played.SubmitAsync("agent");
        var job = await played.LeaseAsync();
        await played.ReportAsync(job, new LogTailReport("loading", ""));

        Assert.Null((await FirstEventAsync(played.Participant, made.Id)).AgentLog);
        Assert.Equal("loading", (await FirstEventAsync(played.Host, made.Id)).AgentLog);
        await played.Participant.SendAsync(HttpMethod.Get, $"/api/v1/evaluations/{job.Lease.Evaluation}/log").RefusedAsync(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task Tail_LongerThanAnEventTakes_KeepsItsLastLines()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var made = await played.SubmitAsync("agent");
        var job = await played.LeaseAsync();
        await played.ReportAsync(job, new LogTailReport(string.Concat(Enumerable.Range(0, 5000).Select(i => $"line {i:D5} ä\n")), ""));

        var log = (await FirstEventAsync(played.Participant, made.Id)).AgentLog ?? "";

        Assert.InRange(log.Length, 8 * 1024, 16 * 1024);
        Assert.StartsWith("line ", log, StringComparison.Ordinal);
        Assert.EndsWith("line 04999 ä\n", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tail_OfALostLease_ChangesNothing()
    {
        await using var played = await PlayedChallenge.StartAsync();
        await played.SubmitAsync("agent");
        var job = await played.LeaseAsync();
        await played.ReportAsync(job, new LogTailReport("before", ""));
        var late = job with { Lease = job.Lease with { Fence = job.Lease.Fence - 1 } };

        Assert.Equal(LeaseStanding.Lost, await played.ReportAsync(late, new LogTailReport("after", "")));

        Assert.Equal("before", (await played.Participant.GetAsync<EvaluationLog>($"/api/v1/evaluations/{job.Lease.Evaluation}/log")).Agent);
    }

    private static async Task<SubmissionEvent> FirstEventAsync(HttpClient client, int submission)
    {
        using var response = await client.GetAsync($"/api/v1/submissions/{submission}/events", HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.StartsWith("data:", StringComparison.Ordinal))
            {
                return JsonSerializer.Deserialize<SubmissionEvent>(line[5..], HttpExtensions.Json) ?? throw new InvalidOperationException();
            }
        }

        throw new InvalidOperationException("The stream ended without an event.");
    }
}
