using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Palio.Challenges.Ranking;
using Palio.Protocol.Api;
using Palio.Protocol.Evaluations;
using Palio.Server.Features.Leaderboards;
using Palio.Server.Tests.Support;

namespace Palio.Server.Tests.Leaderboards;

/// <summary>A board that is kept and changed row by row is the board that is read from nothing, whatever happened to it.</summary>
public sealed class RankedBoardsTests
{
    private static readonly string TwoMetrics = TestBundle.Config
        .Replace("labels: [score]", "labels: [score, length]", StringComparison.Ordinal)
        .Replace("score: {from: return, aggregate: mean}", "score: {from: return, aggregate: mean}\n        length: {from: steps, aggregate: mean}", StringComparison.Ordinal)
        .Replace("max_submissions: 20\n", "max_submissions: 1000\n", StringComparison.Ordinal)
        .Replace("max_submissions_per_month: 15", "max_submissions_per_month: 1000", StringComparison.Ordinal)
        .Replace("max_submissions_per_day: 10", "max_submissions_per_day: 1000", StringComparison.Ordinal);

    [Theory]
    [InlineData(1, "visibility: 3")]
    [InlineData(2, "visibility: 2")]
    [InlineData(3, "visibility: 3, show_leaderboard_by_latest_submission: true")]
    public async Task Board_AfterAnyChanges_IsTheOneReadFromNothing(int seed, string visibility)
    {
        await using var played = await PlayedChallenge.StartAsync(TwoMetrics.Replace("visibility: 3", visibility, StringComparison.Ordinal));
        var teams = new List<(HttpClient Person, string Repository)> { (played.Participant, "players") };
        foreach (var name in (string[])["rita", "tom", "una", "vic"])
        {
            teams.Add((await played.JoinAsync(name, $"Team of {name}"), $"team-of-{name}"));
        }

        var random = new Random(seed);
        var made = new List<(HttpClient Person, int Id)>();
        for (var change = 0; change < 30; change++)
        {
            if (made.Count < 4 || random.Next(2) == 0)
            {
                var (person, repository) = teams[random.Next(teams.Count)];
                made.Add((person, await PlayAsync(played, person, repository, change, random.Next(4), random.Next(1, 4))));
            }
            else
            {
                var (person, id) = made[random.Next(made.Count)];
                var (by, what) = random.Next(4) switch
                {
                    0 => (person, new UpdateSubmissionRequest { Public = random.Next(2) == 0 }),
                    1 => (played.Host, new UpdateSubmissionRequest { Baseline = random.Next(2) == 0 }),
                    2 => (played.Host, new UpdateSubmissionRequest { Flagged = random.Next(3) == 0 }),
                    _ => (person, new UpdateSubmissionRequest { MethodName = $"method {change}" }),
                };
                await by.SendAsync<SubmissionDetail>(HttpMethod.Patch, $"/api/v1/submissions/{id}", what);
            }

            await AssertKeptAsync(played);
        }
    }

    private static Task<bool> AssertKeptAsync(PlayedChallenge played) => played.Palio.InDatabaseAsync(async db =>
    {
        var cancel = TestContext.Current.CancellationToken;
        var kept = played.Palio.App.Services.GetRequiredService<KeptBoards>().Ranked;
        var board = await db.PhaseSplits.AsNoTracking().SingleAsync(cancel);
        foreach (var order in new[] { board.Order(), board.Order() with { OrderBy = "length" } })
        {
            var ours = await kept.GetAsync(board, order, db, cancel);
            var read = await new RankedBoards().GetAsync(board, order, db, cancel);
            Assert.Equal(board.BoardVersion, ours.Version);
            Assert.Equal(read.Places.Select(Shown), ours.Places.Select(Shown));
            Assert.Equal((read.Updated, read.Count), (ours.Updated, ours.Count));
            Assert.Equal(read.First, ours.First);
        }

        return true;
    });

    private static (int, int?, int, long, string?, bool, bool) Shown(Standing<BoardRows.Row> place) =>
        (place.Position, place.Rank, place.Row.SubmissionId, place.Row.EvaluationId, place.Row.Method, place.Row.IsBaseline, place.Row.IsPrivate);

    private static async Task<int> PlayAsync(PlayedChallenge played, HttpClient person, string repository, int change, double value, long steps)
    {
        var digest = played.Palio.Images.Add($"pole/{repository}", $"{repository} {change}");
        var made = await person.PostAsync<SubmissionSummary>("/api/v1/submissions", new SubmitRequest { Challenge = "pole", Phase = "dev", Digest = digest });
        var job = await played.LeaseAsync();
        await played.ReportAsync(job, new StateReport(EvaluationState.Running));
        foreach (var episode in job.Plan.Episodes)
        {
            var report = PlayedChallenge.EpisodeOf(episode.Ordinal, value);
            await played.ReportAsync(job, report with { Episode = report.Episode with { Steps = steps } });
        }

        Assert.Equal(LeaseStanding.Held, await played.ReportAsync(job, PlayedChallenge.Finished(job)));
        return made.Id;
    }
}
