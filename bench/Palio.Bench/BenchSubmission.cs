using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Palio.Protocol.Api;

namespace Palio.Bench;

/// <summary>Submitting and watching, as any client does it.</summary>
internal static class BenchSubmission
{
    /// <summary>Submits, also what was submitted before; gives the submission's id.</summary>
    public static async Task<int> SubmitAsync(HttpClient http, SubmitRequest submission, CancellationToken cancellationToken) =>
        await TrySubmitAsync(http, submission, cancellationToken) ?? throw new InvalidOperationException("the quota is used up");

    /// <summary>Submits; null when the quota is used up.</summary>
    public static async Task<int?> TrySubmitAsync(HttpClient http, SubmitRequest submission, CancellationToken cancellationToken)
    {
        using var answer = await http.PostAsJsonAsync("api/v1/submissions?again=true", submission, cancellationToken);
        if (answer.StatusCode is HttpStatusCode.TooManyRequests)
        {
            return null;
        }

        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"submit: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(cancellationToken)}");
        }

        return (await answer.Content.ReadFromJsonAsync(ApiJsonContext.Default.SubmissionSummary, cancellationToken))?.Id
            ?? throw new InvalidOperationException("no submission in the answer");
    }

    /// <summary>Watches a submission until it has its score.</summary>
    public static async Task<SubmissionEvent> ScoreAsync(HttpClient http, int id, CancellationToken cancellationToken)
    {
        await foreach (var happened in WatchAsync(http, id, cancellationToken))
        {
            if (happened.State is SubmissionState.Finished)
            {
                return happened;
            }

            if (happened.State is SubmissionState.Failed or SubmissionState.Cancelled)
            {
                throw new InvalidOperationException($"the submission failed: {happened.Evaluation.Fault?.Message}");
            }
        }

        throw new InvalidOperationException("the events ended before the submission did");
    }

    /// <summary>A submission's events until it is over.</summary>
    public static async IAsyncEnumerable<SubmissionEvent> WatchAsync(
        HttpClient http, int id, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var events = await http.GetStreamAsync($"api/v1/submissions/{id}/events", cancellationToken);
        using var lines = new StreamReader(events);
        while (await lines.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.StartsWith("data:", StringComparison.Ordinal)
                && JsonSerializer.Deserialize(line.AsSpan(5), ApiJsonContext.Default.SubmissionEvent) is { } happened)
            {
                yield return happened;
            }
        }
    }
}
