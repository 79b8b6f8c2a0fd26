using System.Net;
using System.Net.Http.Headers;
using Palio.Protocol.Api;

namespace Palio.Cli.Api;

internal sealed partial class PalioClient
{
    public Task<Page<ChallengeSummary>> ChallengesAsync(string? state, bool mine, int page, CancellationToken cancellationToken)
    {
        var query = $"challenges?page={page}&size=100" + (state is null ? "" : $"&state={Segment(state)}") + (mine ? "&mine=true" : "");
        return GetAsync(query, ApiJsonContext.Default.PageChallengeSummary, cancellationToken);
    }

    /// <summary>Challenges a team of the caller takes part in.</summary>
    public Task<Page<ChallengeSummary>> ParticipatingAsync(int page, CancellationToken cancellationToken) =>
        GetAsync($"challenges?page={page}&size=100&participating=true", ApiJsonContext.Default.PageChallengeSummary, cancellationToken);

    public Task<ChallengeDetail> ChallengeAsync(string challenge, CancellationToken cancellationToken) =>
        GetAsync($"challenges/{Segment(challenge)}", ApiJsonContext.Default.ChallengeDetail, cancellationToken);

    /// <summary>Uploads a bundle. Problems in it come back as a result, not as an exception.</summary>
    public async Task<PublishResult> PublishAsync(Stream zip, int? team, bool dryRun, CancellationToken cancellationToken)
    {
        var query = string.Join('&', new[] { team is null ? null : $"team={team}", dryRun ? "dryRun=true" : null }.OfType<string>());
        var content = new StreamContent(zip);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/zip");
        var request = new HttpRequestMessage(HttpMethod.Post, query.Length > 0 ? "challenges?" + query : "challenges") { Content = content };
        using var response = await SendRawAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
        if (response.IsSuccessStatusCode || (response.StatusCode == HttpStatusCode.UnprocessableEntity && !IsProblem(response)))
        {
            return await ReadAsync(response, ApiJsonContext.Default.PublishResult, cancellationToken);
        }

        throw ApiProblem.From(response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
    }

    public Task ReviewAsync(string challenge, ReviewRequest request, CancellationToken cancellationToken)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, $"challenges/{Segment(challenge)}/review")
        {
            Content = Json(request, ApiJsonContext.Default.ReviewRequest),
        };
        return SendAsync(message, cancellationToken);
    }

    public Task<Participation> ParticipateAsync(string challenge, ParticipateRequest request, CancellationToken cancellationToken) =>
        PostAsync($"challenges/{Segment(challenge)}/participation", request, ApiJsonContext.Default.ParticipateRequest,
            ApiJsonContext.Default.Participation, cancellationToken);

    public Task LeaveChallengeAsync(string challenge, CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Delete, $"challenges/{Segment(challenge)}/participation"), cancellationToken);

    public Task<Page<ParticipantRow>> ParticipantsAsync(string challenge, CancellationToken cancellationToken) =>
        GetAsync($"challenges/{Segment(challenge)}/participants?size=100", ApiJsonContext.Default.PageParticipantRow, cancellationToken);

    public Task JudgeParticipantAsync(string challenge, int participant, string verdict, CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, $"challenges/{Segment(challenge)}/participants/{participant}/{verdict}"), cancellationToken);

    public Task SwitchPhaseAsync(string challenge, string phase, string verb, CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, $"challenges/{Segment(challenge)}/phases/{Segment(phase)}/{verb}"), cancellationToken);

    public Task<Leaderboard> LeaderboardAsync(string challenge, string phase, string? split, string? sort, int? limit, CancellationToken cancellationToken)
    {
        var query = string.Join('&', new[]
        {
            split is null ? null : $"split={Segment(split)}", sort is null ? null : $"sort={Segment(sort)}", limit is null ? null : $"limit={limit}",
        }.OfType<string>());
        return GetAsync($"challenges/{Segment(challenge)}/phases/{Segment(phase)}/leaderboard" + (query.Length > 0 ? "?" + query : ""),
            ApiJsonContext.Default.Leaderboard, cancellationToken);
    }
}
