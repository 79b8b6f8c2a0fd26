using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Palio.Protocol.Api;
using Palio.Server.Data;
using Palio.Server.Features.Leaderboards;
using Palio.Server.Tests.Support;

namespace Palio.Server.Tests.Leaderboards;

public sealed class BoardFeedTests
{
    private const string Board = "/api/v1/challenges/pole/phases/dev/leaderboard";
    private const string Events = "/challenges/pole/leaderboard/dev/Hidden/events";

    [Fact]
    public async Task Listeners_AreToldOfANewScore()
    {
        await using var played = await PlayedChallenge.StartAsync();
        using var first = await ListenAsync(played);
        using var second = await ListenAsync(played);
        await played.SubmitAsync("agent");
        await played.PlayAsync(await played.LeaseAsync(), 5);
        Assert.Equal(["hello", "update"], [await NextAsync(first), await NextAsync(first)]);
        Assert.Equal(["hello", "update"], [await NextAsync(second), await NextAsync(second)]);
    }

    [Fact]
    public async Task Listeners_OfABoardTheyMayNotSee_AreRefused()
    {
        await using var played = await PlayedChallenge.StartAsync(TestBundle.Config.Replace("visibility: 3", "visibility: 1", StringComparison.Ordinal));
        using var response = await played.Palio.Anonymous.GetAsync(Events, TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Intervals_ThatTakeLong_ComeLater_AndListenersAreTold()
    {
        await using var played = await PlayedChallenge.StartAsync();
        await played.SubmitAsync("agent");
        await played.PlayAsync(await played.LeaseAsync(), 5);
        var services = played.Palio.App.Services;
        var (feed, epoch) = (services.GetRequiredService<BoardFeed>(), services.GetRequiredService<WriteEpoch>());
        using var slow = new RankIntervals(services.GetRequiredService<IServiceScopeFactory>(), epoch, feed, played.Palio.Time, NullLogger<RankIntervals>.Instance);
        var (split, version, revision, evaluation) = await played.Palio.InDatabaseAsync(db =>
            Task.FromResult((db.PhaseSplits.Single().Id, db.PhaseSplits.Single().BoardVersion, db.Phases.Single().CurrentId, db.BoardEntries.Single().EvaluationId)));
        var key = new BoardKey(split, "score", Descending: true, ByLatest: false, WithPrivate: false);
        using var listener = feed.Listen(split, version);

        var asked = slow.GetAsync(key, revision, [evaluation], TestContext.Current.CancellationToken);
        Assert.False(asked.IsCompleted);
        played.Palio.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await asked);
        Assert.Null(await slow.GetAsync(key, revision, [evaluation], TestContext.Current.CancellationToken));
        var before = epoch.Current;

        await slow.StartAsync(TestContext.Current.CancellationToken);
        Assert.True(await listener.NextAsync(TimeSpan.FromDays(1), TestContext.Current.CancellationToken));
        Assert.True(epoch.Current > before);
        var known = await slow.GetAsync(key, revision, [evaluation], TestContext.Current.CancellationToken);
        Assert.Equal((1, 1), (known?[evaluation].Best, known?[evaluation].Worst));
        await slow.StopAsync(TestContext.Current.CancellationToken);
        Assert.False((await played.Palio.Anonymous.GetAsync<Leaderboard>(Board)).IntervalsPending);
    }

    [Theory]
    [InlineData("UPDATE \"PhaseSplits\" SET \"BoardVersion\" = 2", true)]
    [InlineData("DELETE FROM \"BoardEntries\" AS \"b\"", true)]
    [InlineData("UPDATE \"Workers\" SET \"Seen\" = 1;\nINSERT INTO \"Teams\" (\"Name\") VALUES (1)", true)]
    [InlineData("UPDATE \"Submissions\" SET \"State\" = @p0", false)]
    [InlineData("INSERT INTO \"Episodes\" (\"Id\") VALUES (1);\nUPDATE \"Evaluations\" SET \"State\" = 1", false)]
    [InlineData("UPDATE \"Participations\" SET \"Submissions\" = \"Submissions\" + 1 WHERE \"Id\" = @p0", false)]
    [InlineData("UPDATE \"Participations\" SET \"Approved\" = @p0", true)]
    [InlineData("SELECT \"Name\" FROM \"Teams\"", false)]
    public void Epoch_MovesForWhatBoardsShow(string sql, bool moves) => Assert.Equal(moves, WriteEpoch.IsShown(sql));

    private static async Task<StreamReader> ListenAsync(PlayedChallenge played)
    {
        var response = await played.Palio.Anonymous.GetAsync(Events, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
        return new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
    }

    private static async Task<string> NextAsync(StreamReader events)
    {
        while (await events.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                return line[7..];
            }
        }

        return "";
    }
}
