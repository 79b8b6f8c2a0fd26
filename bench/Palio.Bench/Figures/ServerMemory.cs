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
        await server.SignInAsync(cancellationToken);
        await OneStepChallenge.PrepareAsync(server, options.Root, cancellationToken);
        await Task.Delay(TimeSpan.FromSeconds(options.Quick ? 10 : 20), cancellationToken);
        var idle = server.ResidentBytes;
        yield return BenchRow.OfBound("server resident, idle", idle, 200e6, "under 200 MB");

        using var layer = new RegistryTransfer(server);
        var peak = await PeakAsync(server, layer.PushAsync(LayerBytes, cancellationToken), cancellationToken);
        yield return BenchRow.OfBound("added by a push of 500 MB", peak - idle, 50e6, "under 50 MB");
        peak = await PeakAsync(server, layer.PullAsync(cancellationToken), cancellationToken);
        yield return BenchRow.OfBound("added by a push and a pull of 500 MB", peak - idle, 50e6, "under 50 MB");
    }

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
