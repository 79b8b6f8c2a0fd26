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

    /// <summary>Submits a file, read while it is sent; the same key, fields and file again give the same submission.</summary>
    public async Task<SubmissionSummary> SubmitFileAsync(SubmitFileRequest request, string path, string idempotencyKey, bool again, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16, useAsync: true);
        var form = new MultipartFormDataContent();
        Add("challenge", request.Challenge);
        Add("phase", request.Phase);
        Add("methodName", request.MethodName);
        Add("methodDescription", request.MethodDescription);
        Add("projectUrl", request.ProjectUrl);
        Add("publicationUrl", request.PublicationUrl);
        Add("public", request.Public is { } shown ? (shown ? "true" : "false") : null);
        Add("metadata", request.Metadata is { } answers
            ? System.Text.Json.JsonSerializer.Serialize(answers.ToDictionary(), ApiJsonContext.Default.DictionaryStringString) : null);
        form.Add(new StreamContent(file), "file", Path.GetFileName(path));
        var message = new HttpRequestMessage(HttpMethod.Post, again ? "submissions/file?again=true" : "submissions/file") { Content = form };
        message.Headers.Add("Idempotency-Key", idempotencyKey);
        return await SendAsync(message, ApiJsonContext.Default.SubmissionSummary, cancellationToken);

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                form.Add(new StringContent(value), name);
            }
        }
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
