using System.Runtime.CompilerServices;
using Palio.Bench.Seeds;

namespace Palio.Bench.Figures;

/// <summary>Resident memory of the server: idle, and what a push and a pull of a 500 MB layer add.</summary>
internal sealed class ServerMemory(SeededServers seeds) : IFigure
{
    private const int LayerBytes = 500_000_000;

    public string Name => "memory";

    public string Question => "how much memory does the server take, idle and while 500 MB pass through the registry?";

    public async IAsyncEnumerable<BenchRow> MeasureAsync(BenchOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using (var nothing = await BenchServer.StartAsync(options.Root, cancellationToken))
        {
            // What the other server begins with is made meanwhile.
            await Task.WhenAll(IdleAsync(options, cancellationToken), seeds.FirstAsync(cancellationToken));
            yield return BenchRow.OfBound("server resident, idle", nothing.ResidentBytes, 200e6, "under 200 MB");
        }

        await using var server = await seeds.StartAsync(cancellationToken);
        await WarmUpAsync(server, cancellationToken);
        var before = server.ResidentBytes;
        using var layer = new RegistryTransfer(server);
        var peak = await PeakAsync(server, layer.PushAsync(LayerBytes, cancellationToken), cancellationToken);
        yield return BenchRow.OfBound("added by a push of 500 MB", peak - before, 50e6, "under 50 MB");
        peak = await PeakAsync(server, layer.PullAsync(cancellationToken), cancellationToken);
        yield return BenchRow.OfBound("added by a push and a pull of 500 MB", peak - before, 50e6, "under 50 MB");
        if (options.Quick)
        {
            yield break; // what is left has no aim, and needs another wait
        }

        await BenchSubmission.ScoreAsync(server.Http, await BenchSubmission.SubmitAsync(server.Http, seeds.Submission, cancellationToken), cancellationToken);
        await IdleAsync(options, cancellationToken);
        yield return BenchRow.OfSamples("server resident, idle after all that and an evaluation", "MB", [server.ResidentBytes / 1e6], null, "reported");
    }

    // What is loaded and compiled at the first bytes is not what is asked.
    private static async Task WarmUpAsync(BenchServer server, CancellationToken cancellationToken)
    {
        using var small = new RegistryTransfer(server);
        await small.PushAsync(LayerBytes / 50, cancellationToken);
        await small.PullAsync(cancellationToken);
    }

    // Longer than the server takes to see that it has nothing to do.
    private static Task IdleAsync(BenchOptions options, CancellationToken cancellationToken) =>
        Task.Delay(TimeSpan.FromSeconds(options.Quick ? 9 : 20), cancellationToken);

    /// <summary>Samples the resident memory every 50 ms while the work runs.</summary>
    private static async Task<long> PeakAsync(BenchServer server, Task work, CancellationToken cancellationToken)
    {
        var peak = server.ResidentBytes;
        while (!work.IsCompleted)
        {
            await Task.WhenAny(work, Task.Delay(50, cancellationToken));
            peak = Math.Max(peak, server.ResidentBytes);
        }

        await work;
        return peak;
    }
}
