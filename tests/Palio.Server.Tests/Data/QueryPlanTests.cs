using Microsoft.EntityFrameworkCore;
using Palio.Server.Data;
using Palio.Server.Features.Evaluations;
using Palio.Server.Features.Leaderboards;
using Palio.Server.Features.Submissions;
using Palio.Server.Tests.Support;

namespace Palio.Server.Tests.Data;

/// <summary>What is asked often reads by index: a plan that goes through a whole table would grow with every submission ever made.</summary>
public sealed class QueryPlanTests
{
    [Fact]
    public Task EvaluationsThatRun_AreFoundByIndex() => NoScanAsync(LeaseEvaluation.Running);

    [Fact]
    public Task BoardVersion_IsReadByIndex() => NoScanAsync(db => RankedBoards.Version(1, db));

    [Fact]
    public Task BoardChanges_AreFoundByIndex() => NoScanAsync(db => RankedBoards.Changes(1, 1, 9, db));

    [Fact]
    public Task TeamsRows_AreFoundByIndex() => NoScanAsync(db => BoardRows.Kept(1, "score", [7, 8], db));

    [Fact]
    public Task TeamsCandidates_AreFoundByIndex() => NoScanAsync(db => BoardCandidates.Submissions(1, 1, withPrivate: false, db));

    [Fact]
    public Task TeamsScores_AreFoundByIndex() => NoScanAsync(db => BoardCandidates.Scores(1, 1, withPrivate: false, db));

    [Fact]
    public async Task HostsList_IsReadInOrderByIndex()
    {
        var plan = await NoScanAsync(db => Newest(ListSubmissions.Find(new ListSubmissions.Reach([1], [7], [1]), db)));
        Assert.DoesNotContain("TEMP B-TREE", plan, StringComparison.Ordinal);
    }

    [Fact]
    public Task TeamsList_IsFoundByIndex() => NoScanAsync(db => Newest(ListSubmissions.Find(new ListSubmissions.Reach(null, [7, 8], []), db)));

    [Fact]
    public async Task OneTeamsList_IsReadInOrderByIndex()
    {
        var plan = await NoScanAsync(db => Newest(ListSubmissions.Find(new ListSubmissions.Reach([1], [7], []), db)));
        Assert.DoesNotContain("TEMP B-TREE", plan, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TeamsListOfAPhase_IsFoundByTheTeam()
    {
        var plan = await NoScanAsync(db => Newest(ListSubmissions.Find(new ListSubmissions.Reach([1], [7, 8], []), db)));
        Assert.Contains("ParticipationId=?", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("PhaseId=?", plan, StringComparison.Ordinal);
    }

    [Fact]
    public Task HostsWholeList_IsFoundByIndex() => NoScanAsync(db => Newest(ListSubmissions.Find(new ListSubmissions.Reach(null, [7], [1, 2]), db)));

    private static IQueryable<int> Newest(IQueryable<Submission> submissions) => submissions.OrderByDescending(s => s.Id).Take(50).Select(s => s.Id);

    private static async Task<string> NoScanAsync(Func<PalioDbContext, IQueryable> query)
    {
        await using var palio = await PalioInstance.StartAsync();
        var steps = await palio.InDatabaseAsync(db => PlanAsync(query(db), db));
        var plan = string.Join('\n', steps);
        Assert.NotEmpty(steps);
        Assert.False(steps.Exists(step => step.StartsWith("SCAN ", StringComparison.Ordinal)), plan);
        return plan;
    }

    private static async Task<List<string>> PlanAsync(IQueryable query, PalioDbContext db)
    {
        await db.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var command = query.CreateDbCommand();
        command.CommandText = "EXPLAIN QUERY PLAN " + command.CommandText;
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var steps = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            steps.Add(reader.GetString(3));
        }

        return steps;
    }
}
