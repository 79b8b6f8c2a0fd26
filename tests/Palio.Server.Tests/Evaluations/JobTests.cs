using System.Net;
using Palio.Protocol.Api;
using Palio.Registry;
using Palio.Server.Tests.Support;

namespace Palio.Server.Tests.Evaluations;

public sealed class JobTests
{
    [Fact]
    public async Task Job_OfAnIndex_PlaysTheManifestThatWasLookedAt()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var index = played.Palio.Images.Add("pole/players", "index", manifest: "for this platform");
        var environment = played.Palio.Images.Add("pole/host/environment", "environment index", "1", manifest: "environment for this platform");
        using var published = await played.Host.PublishAsync(TestBundle.Zip(TestBundle.Config.Replace("Keep it upright.", "Anew.", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.OK, published.StatusCode);

        await played.Participant.PostAsync<SubmissionSummary>("/api/v1/submissions", new SubmitRequest { Challenge = "pole", Phase = "dev", Digest = index });
        var job = await played.LeaseAsync();

        Assert.EndsWith("@" + DigestOf("for this platform"), job.Agent.Reference, StringComparison.Ordinal);
        Assert.EndsWith("@" + DigestOf("environment for this platform"), job.Environment.Reference, StringComparison.Ordinal);
        Assert.Equal(index, (await played.DetailAsync((int)job.Lease.Submission)).Summary.Digest);
        Assert.Equal(environment, (await played.Host.GetAsync<ChallengeDetail>("/api/v1/challenges/pole")).Phases[0].EnvironmentDigest);
    }

    private static string DigestOf(string name) => Digest.Of(System.Text.Encoding.UTF8.GetBytes(name)).ToString();
}
