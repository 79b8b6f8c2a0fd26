using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Palio.Protocol.Api;

namespace Palio.Bench.Growing;

/// <summary>The requests that are timed, as any client sends them.</summary>
internal static class Requests
{
    /// <summary>Where the board is.</summary>
    public const string Board = "api/v1/challenges/one-step/phases/bench/leaderboard";

    /// <summary>The caller's own submissions.</summary>
    public const string Own = "api/v1/submissions?challenge=one-step";

    /// <summary>All of a phase, for its host.</summary>
    public const string OfPhase = $"{Own}&phase=bench&all=true";

    /// <summary>From the question to the end of the answer, in milliseconds.</summary>
    /// <param name="server">Whom.</param>
    /// <param name="address">What.</param>
    /// <param name="token">As whom; null as nobody.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<double> GetAsync(BenchServer server, string address, string? token, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return await TimeAsync(() => (token is null ? server.Nobody : server.Http).SendAsync(request, cancellationToken), cancellationToken);
    }

    /// <summary>Submits; the time it takes.</summary>
    public static Task<double> SubmitAsync(BenchServer server, SubmitRequest submission, CancellationToken cancellationToken) =>
        TimeAsync(() => server.Http.PostAsJsonAsync("api/v1/submissions?again=true", submission, cancellationToken), cancellationToken);

    /// <summary>Cancels what was submitted last; the time that takes.</summary>
    public static async Task<double> CancelAsync(BenchServer server, CancellationToken cancellationToken)
    {
        var newest = await OwnAsync(server, 1, cancellationToken);
        return await TimeAsync(() => server.Http.PostAsync($"api/v1/submissions/{newest[0].Id}/cancel", null, cancellationToken), cancellationToken);
    }

    /// <summary>Takes the caller's one entry off the board, or puts it back; the time until whoever looks at the board next has it without, or with it.</summary>
    public static async Task<double> ChangeBoardAsync(BenchServer server, CancellationToken cancellationToken)
    {
        var judged = (await OwnAsync(server, 100, cancellationToken)).First(one => one.State is SubmissionState.Finished);
        using var changed = await server.Http.PatchAsJsonAsync($"api/v1/submissions/{judged.Id}", new UpdateSubmissionRequest { Public = !judged.Public }, cancellationToken);
        changed.EnsureSuccessStatusCode();
        return await GetAsync(server, Board, null, cancellationToken);
    }

    private static async Task<IReadOnlyList<SubmissionSummary>> OwnAsync(BenchServer server, int size, CancellationToken cancellationToken) =>
        (await server.Http.GetFromJsonAsync($"{Own}&size={size}", ApiJsonContext.Default.PageSubmissionSummary, cancellationToken))?.Items ?? [];

    private static async Task<double> TimeAsync(Func<Task<HttpResponseMessage>> ask, CancellationToken cancellationToken)
    {
        var begun = Stopwatch.GetTimestamp();
        using var answer = await ask();
        await answer.Content.ReadAsByteArrayAsync(cancellationToken);
        answer.EnsureSuccessStatusCode();
        return Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
    }
}
