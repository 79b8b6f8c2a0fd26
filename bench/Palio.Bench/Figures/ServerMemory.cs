using System.Runtime.CompilerServices;

namespace Palio.Bench.Figures;

/// <summary>Resident memory of the server: idle, and what a push and a pull of a 500 MB layer add.</summary>
internal sealed class ServerMemory : IFigure
{
    private const int LayerBytes = 500_000_000;

    public string Name => "memory";

    public string Question => "how much memory does the server take, idle and while 500 MB pass through the registry?";

    public async IAsyncEnumerable<BenchRow> MeasureAsync(BenchOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var server = await BenchServer.StartAsync(options.Root, cancellationToken);
        await IdleAsync(options, cancellationToken);
        yield return BenchRow.OfBound("server resident, idle", server.ResidentBytes, 200e6, "under 200 MB");
        await server.SignInAsync(cancellationToken);
        await OneStepChallenge.PrepareAsync(server, options.Root, cancellationToken);
        await IdleAsync(options, cancellationToken);
        var idle = server.ResidentBytes;
        yield return BenchRow.OfSamples("server resident, idle after a challenge was published and an agent pushed", "MB", [idle / 1e6], null, "reported");

        using var layer = new RegistryTransfer(server);
        var peak = await PeakAsync(server, layer.PushAsync(LayerBytes, cancellationToken), cancellationToken);
        yield return BenchRow.OfBound("added by a push of 500 MB", peak - idle, 50e6, "under 50 MB");
        peak = await PeakAsync(server, layer.PullAsync(cancellationToken), cancellationToken);
        yield return BenchRow.OfBound("added by a push and a pull of 500 MB", peak - idle, 50e6, "under 50 MB");
    }

    // Longer than the server takes to see that it has nothing to do.
    private static Task IdleAsync(BenchOptions options, CancellationToken cancellationToken) =>
        Task.Delay(TimeSpan.FromSeconds(options.Quick ? 10 : 20), cancellationToken);

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
