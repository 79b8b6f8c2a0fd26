using System.Runtime.CompilerServices;
using Palio.Bench.Seeds;
using Palio.Protocol.Api;

namespace Palio.Bench.Figures;

/// <summary>A thousand people watch one submission from the queue to its score: the server's memory, and whether all see the end.</summary>
internal sealed class LiveViewers(SeededServers seeds) : IFigure
{
    private const int Viewers = 1000;

    // So many are before it in the queue, so that all watch before it begins.
    private const int Before = 6;

    public string Name => "viewers";

    public string Question => "what do 1000 live viewers of one submission cost, and does any miss an event?";

    public async IAsyncEnumerable<BenchRow> MeasureAsync(BenchOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var server = await seeds.StartAsync(cancellationToken, new Dictionary<string, string> { ["Worker__Capacity"] = "1" });
        var watched = 0;
        for (var i = 0; i <= Before; i++)
        {
            watched = await BenchSubmission.SubmitAsync(server.Http, seeds.Submission, cancellationToken);
        }

        var missed = 0;
        var peak = 0L;
        var viewers = Task.WhenAll(Enumerable.Range(0, Viewers).Select(async _ =>
        {
            if (!await SeesAllAsync(server.Http, watched, cancellationToken))
            {
                Interlocked.Increment(ref missed);
            }
        }));
        while (!viewers.IsCompleted)
        {
            await Task.WhenAny(viewers, Task.Delay(50, cancellationToken));
            peak = Math.Max(peak, server.ResidentBytes);
        }

        await viewers;
        yield return BenchRow.OfBound($"server resident, {Viewers} live viewers", peak, 400e6, "under 400 MB");
        yield return new BenchRow("viewers that missed the start or the end", missed, 0, "", $"{Viewers} viewers", missed, missed, missed, "none", missed is 0);
    }

    // Queued when it began to look, then in order, then finished.
    private static async Task<bool> SeesAllAsync(HttpClient http, int id, CancellationToken cancellationToken)
    {
        var states = new List<SubmissionState>();
        await foreach (var happened in BenchSubmission.WatchAsync(http, id, cancellationToken))
        {
            states.Add(happened.State);
        }

        return states is [not SubmissionState.Finished, .., SubmissionState.Finished] && states.SequenceEqual(states.Order());
    }
}
