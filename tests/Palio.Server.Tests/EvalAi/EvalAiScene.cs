using Microsoft.EntityFrameworkCore;
using Palio.Protocol.Api;
using Palio.Server.Tests.Support;

namespace Palio.Server.Tests.EvalAi;

/// <summary>The numbers by which EvalAI's clients know the played challenge.</summary>
internal sealed record EvalAiScene(int Challenge, int Phase, int Split, int Team, int HostTeam)
{
    public static async Task<EvalAiScene> OfAsync(PlayedChallenge played)
    {
        var (challenge, phase, split) = await played.Palio.InDatabaseAsync(async db => (
            await db.Challenges.Select(c => c.Id).SingleAsync(TestContext.Current.CancellationToken),
            await db.Phases.OrderBy(p => p.Position).Select(p => p.Id).FirstAsync(TestContext.Current.CancellationToken),
            await db.PhaseSplits.OrderBy(s => s.Position).Select(s => s.Id).FirstAsync(TestContext.Current.CancellationToken)));
        return new EvalAiScene(challenge, phase, split, await TeamAsync(played.Participant, "participant"), await TeamAsync(played.Host, "host"));
    }

    public static async Task<int> TeamAsync(HttpClient person, string kind) => (await person.GetAsync<List<TeamSummary>>($"/api/v1/teams?kind={kind}"))[0].Id;
}
