using Palio.Protocol.Api;
using Palio.Server.Tests.Support;

namespace Palio.Server.Tests.Submissions;

public sealed class VisibilityTests
{
    private static string OnePublic => TestBundle.Config
        .Replace("is_submission_public: true", "is_submission_public: false\n    is_restricted_to_select_one_submission: true", StringComparison.Ordinal);

    [Fact]
    public async Task Submission_ShownWhereATeamShowsOne_HidesTheOthersAtOnce()
    {
        await using var played = await PlayedChallenge.StartAsync(OnePublic);
        var first = await SubmitAsync(played, "first", true);
        await played.PlayAsync(await played.LeaseAsync(), 3);
        Assert.Equal([first], await BoardAsync(played));

        var hidden = await SubmitAsync(played, "hidden", null);
        Assert.Equal([first], await PublicAsync(played));

        var second = await SubmitAsync(played, "second", true);
        Assert.Equal([second], await PublicAsync(played));
        Assert.Empty(await BoardAsync(played));

        await played.PlayAsync(await played.LeaseAsync(), 1);
        await played.PlayAsync(await played.LeaseAsync(), 2);
        Assert.Equal([second], await BoardAsync(played));
        await played.Participant.SendAsync<SubmissionDetail>(HttpMethod.Patch, $"/api/v1/submissions/{hidden}", new UpdateSubmissionRequest { Public = true });
        Assert.Equal([hidden], await BoardAsync(played));
    }

    [Fact]
    public async Task Submission_OfAnotherTeam_StaysAsItIs()
    {
        await using var played = await PlayedChallenge.StartAsync(OnePublic);
        await SubmitAsync(played, "ours", true);
        var other = await played.JoinAsync("otto", "Others");
        var theirs = new SubmitRequest { Challenge = "pole", Phase = "dev", Digest = played.Palio.Images.Add("pole/others", "theirs"), Public = true };
        await other.PostAsync<SubmissionSummary>("/api/v1/submissions", theirs);

        Assert.Single(await PublicAsync(played));
    }

    private static async Task<int> SubmitAsync(PlayedChallenge played, string image, bool? shown) =>
        (await played.Participant.PostAsync<SubmissionSummary>("/api/v1/submissions", played.Request(image) with { Public = shown })).Id;

    private static async Task<IEnumerable<int>> PublicAsync(PlayedChallenge played) =>
        (await played.Participant.GetAsync<Page<SubmissionSummary>>("/api/v1/submissions")).Items.Where(submission => submission.Public).Select(submission => submission.Id);

    private static async Task<IEnumerable<int>> BoardAsync(PlayedChallenge played) =>
        (await played.Palio.Anonymous.GetAsync<Leaderboard>("/api/v1/challenges/pole/phases/dev/leaderboard")).Entries.Select(entry => entry.SubmissionId);
}
