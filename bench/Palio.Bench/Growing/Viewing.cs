using System.Diagnostics;
using Palio.Bench.Seeds;
using Palio.Protocol.Api;

namespace Palio.Bench.Growing;

/// <summary>People who watch a submission that waits in the queue, until it is cancelled.</summary>
internal static class Viewing
{
    /// <summary>From the request that cancels it to the last viewer who has been told, in milliseconds.</summary>
    /// <param name="server">One that judges nothing.</param>
    /// <param name="seeds">What to submit.</param>
    /// <param name="viewers">How many watch.</param>
    /// <param name="whileWatching">Looks at the server when all watch.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<double> TellAsync(BenchServer server, SeededServers seeds, int viewers, Action whileWatching, CancellationToken cancellationToken)
    {
        var watched = await BenchSubmission.SubmitAsync(server.Http, seeds.Submission, cancellationToken);
        var (watching, all) = (viewers, new TaskCompletionSource());
        var told = Task.WhenAll(Enumerable.Range(0, viewers).Select(_ => WatchAsync()));
        await Task.WhenAny(all.Task, told); // who cannot watch says so at once
        whileWatching();
        var begun = Stopwatch.GetTimestamp();
        using var cancelled = await server.Http.PostAsync($"api/v1/submissions/{watched}/cancel", null, cancellationToken);
        cancelled.EnsureSuccessStatusCode();
        await told;
        return Stopwatch.GetElapsedTime(begun).TotalMilliseconds;

        async Task WatchAsync()
        {
            SubmissionState? last = null;
            await foreach (var happened in BenchSubmission.WatchAsync(server.Http, watched, cancellationToken))
            {
                if (last is null && Interlocked.Decrement(ref watching) == 0)
                {
                    all.TrySetResult();
                }

                last = happened.State;
            }

            if (last is not SubmissionState.Cancelled)
            {
                throw new InvalidOperationException($"a viewer of submission {watched} was told {last} last");
            }
        }
    }
}
