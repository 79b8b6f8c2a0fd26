using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Palio.Protocol.Api;
using Palio.Server.Data;
using Palio.Server.Tests.Support;

namespace Palio.Server.Tests.Leaderboards;

public sealed class BoardAnswersTests
{
    private const string Board = "/api/v1/challenges/pole/phases/dev/leaderboard";
    private const string Page = "/challenges/pole/leaderboard";

    [Theory]
    [InlineData(Board)]
    [InlineData(Page)]
    public async Task Answer_ToNobodyInParticular_IsKeptUntilSomethingIsWritten(string path)
    {
        await using var played = await PlayedChallenge.StartAsync();
        var made = await played.SubmitAsync("agent");
        await played.PlayAsync(await played.LeaseAsync(), 5);
        var epoch = played.Palio.App.Services.GetRequiredService<WriteEpoch>();
        var before = epoch.Current;
        using var first = await played.Palio.Anonymous.GetAsync(path, TestContext.Current.CancellationToken);
        using var second = await played.Palio.Anonymous.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.Equal(before, epoch.Current);
        Assert.Equal(await TextAsync(first), await TextAsync(second));
        Assert.True(second.Headers.Contains("Age"), "The second answer was not a kept one.");

        await played.Participant.SendAsync<SubmissionDetail>(HttpMethod.Patch, $"/api/v1/submissions/{made.Id}", new UpdateSubmissionRequest { MethodName = "Renamed" });
        using var third = await played.Palio.Anonymous.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Contains("Renamed", await TextAsync(third), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Board)]
    [InlineData(Page)]
    public async Task Answer_ThatIsKnown_IsNotSentAgain(string path)
    {
        await using var played = await PlayedChallenge.StartAsync();
        using var first = await played.Palio.Anonymous.GetAsync(path, TestContext.Current.CancellationToken);
        using var again = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { IfNoneMatch = { first.Headers.ETag! } } };
        using var second = await played.Palio.Anonymous.SendAsync(again, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Empty(await TextAsync(second));

        await played.SubmitAsync("agent");
        await played.PlayAsync(await played.LeaseAsync(), 5);
        using var changed = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { IfNoneMatch = { first.Headers.ETag! } } };
        using var third = await played.Palio.Anonymous.SendAsync(changed, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, third.StatusCode);
    }

    [Fact]
    public async Task Answer_OfAnotherReplica_IsSeenWithinASecond()
    {
        await using var played = await PlayedChallenge.StartAsync();
        Assert.Empty((await played.Palio.Anonymous.GetAsync<Leaderboard>(Board)).Columns[0].Description ?? "");
        await played.Palio.InDatabaseAsync(async db =>
        {
            // Not by a way that this process's epoch looks at.
            var connection = db.Database.GetDbConnection();
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var command = connection.CreateCommand();
            command.CommandText = "UPDATE PhaseSplits SET Name = 'Renamed'";
            return await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        });
        Assert.Equal("Hidden", (await played.Palio.Anonymous.GetAsync<Leaderboard>(Board)).Split.Name);
        played.Palio.Time.Advance(TimeSpan.FromMilliseconds(600));
        Assert.Equal("Renamed", (await played.Palio.Anonymous.GetAsync<Leaderboard>(Board)).Split.Name);
    }

    [Fact]
    public async Task Answer_Compressed_IsKeptCompressed()
    {
        await using var played = await PlayedChallenge.StartAsync();
        for (var round = 0; round < 2; round++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Page) { Headers = { AcceptEncoding = { new("gzip") } } };
            using var response = await played.Palio.Anonymous.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal("gzip", Assert.Single(response.Content.Headers.ContentEncoding));
            await using var unpacked = new System.IO.Compression.GZipStream(
                await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken), System.IO.Compression.CompressionMode.Decompress);
            using var text = new StreamReader(unpacked);
            Assert.Contains("</html>", await text.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }

        Assert.Contains("</html>", await played.Palio.Anonymous.GetStringAsync(Page, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refusal_IsNotKept()
    {
        await using var played = await PlayedChallenge.StartAsync();
        foreach (var _ in (int[])[1, 2])
        {
            await played.Palio.Anonymous.SendAsync(HttpMethod.Get, $"{Board}?sort=nothing").RefusedAsync(HttpStatusCode.BadRequest, "validation");
        }
    }

    [Fact]
    public async Task Answer_ToAMember_IsNotKept()
    {
        await using var played = await PlayedChallenge.StartAsync();
        await played.SubmitAsync("agent");
        await played.PlayAsync(await played.LeaseAsync(), 5);
        Assert.False(Assert.Single((await played.Palio.Anonymous.GetAsync<Leaderboard>(Board)).Entries).Mine);
        Assert.True(Assert.Single((await played.Participant.GetAsync<Leaderboard>(Board)).Entries).Mine);
        Assert.False(Assert.Single((await played.Palio.Anonymous.GetAsync<Leaderboard>(Board)).Entries).Mine);
    }

    [Fact]
    public async Task RenamedTeam_IsSeenAtOnce()
    {
        await using var played = await PlayedChallenge.StartAsync();
        await played.SubmitAsync("agent");
        await played.PlayAsync(await played.LeaseAsync(), 5);
        var before = Assert.Single((await played.Participant.GetAsync<Leaderboard>(Board)).Entries);
        var team = (await played.Participant.GetAsync<IReadOnlyList<TeamSummary>>("/api/v1/teams")).Single(team => team.Name == before.Team).Id;

        using var renamed = await played.Participant.SendAsync(HttpMethod.Patch, $"/api/participants/participant_team/{team}", new { team_name = "New name" });
        Assert.Equal(HttpStatusCode.OK, renamed.StatusCode);

        Assert.Equal("New name", Assert.Single((await played.Participant.GetAsync<Leaderboard>(Board)).Entries).Team);
        Assert.Equal("New name", Assert.Single((await played.Palio.Anonymous.GetAsync<Leaderboard>(Board)).Entries).Team);
    }

    [Fact]
    public async Task NewScore_IsSeenAtOnce()
    {
        await using var played = await PlayedChallenge.StartAsync();
        foreach (var value in (double[])[5, 7, 9])
        {
            await played.SubmitAsync($"agent {value}");
            await played.PlayAsync(await played.LeaseAsync(), value);
            Assert.Equal(value, Assert.Single((await played.Palio.Anonymous.GetAsync<Leaderboard>(Board)).Entries).Scores[0].Value);
        }
    }

    private static Task<string> TextAsync(HttpResponseMessage response) => response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
}
