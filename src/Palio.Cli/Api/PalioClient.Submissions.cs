using Palio.Protocol.Api;

namespace Palio.Cli.Api;

internal sealed partial class PalioClient
{
    /// <summary>Submits; the same key and body again give the same submission.</summary>
    public Task<SubmissionSummary> SubmitAsync(SubmitRequest request, string idempotencyKey, bool again, CancellationToken cancellationToken)
    {
        var message = new HttpRequestMessage(HttpMethod.Post, again ? "submissions?again=true" : "submissions")
        {
            Content = Json(request, ApiJsonContext.Default.SubmitRequest),
        };
        message.Headers.Add("Idempotency-Key", idempotencyKey);
        return SendAsync(message, ApiJsonContext.Default.SubmissionSummary, cancellationToken);
    }

    public Task<Page<SubmissionSummary>> SubmissionsAsync(string? challenge, string? phase, bool all, int page, CancellationToken cancellationToken)
    {
        var query = $"submissions?page={page}" + (challenge is null ? "" : $"&challenge={Segment(challenge)}")
            + (phase is null ? "" : $"&phase={Segment(phase)}") + (all ? "&all=true" : "");
        return GetAsync(query, ApiJsonContext.Default.PageSubmissionSummary, cancellationToken);
    }

    public Task<SubmissionDetail> SubmissionAsync(int id, CancellationToken cancellationToken) =>
        GetAsync($"submissions/{id}", ApiJsonContext.Default.SubmissionDetail, cancellationToken);

    public Task<SubmissionDetail> CancelAsync(int id, CancellationToken cancellationToken) =>
        PostAsync($"submissions/{id}/cancel", ApiJsonContext.Default.SubmissionDetail, cancellationToken);

    public Task<SubmissionDetail> RerunAsync(int id, CancellationToken cancellationToken) =>
        PostAsync($"submissions/{id}/rerun", ApiJsonContext.Default.SubmissionDetail, cancellationToken);

    public Task<EpisodePage> EpisodesAsync(long evaluation, int from, int size, CancellationToken cancellationToken) =>
        GetAsync($"evaluations/{evaluation}/episodes?from={from}&size={size}", ApiJsonContext.Default.EpisodePage, cancellationToken);

    public Task<EvaluationLog> LogAsync(long evaluation, CancellationToken cancellationToken) =>
        GetAsync($"evaluations/{evaluation}/log", ApiJsonContext.Default.EvaluationLog, cancellationToken);

    public Task<IReadOnlyList<WorkerRow>> WorkersAsync(CancellationToken cancellationToken) =>
        GetAsync("workers", ApiJsonContext.Default.IReadOnlyListWorkerRow, cancellationToken);
}
