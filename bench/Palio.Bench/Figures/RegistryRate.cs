using System.Diagnostics;
using System.Runtime.CompilerServices;
using Palio.Bench.Seeds;

namespace Palio.Bench.Figures;

/// <summary>Pushing five layers, pulling them, and twenty pulling them at once: against Debian's docker-registry, by the same client, on the same disk.</summary>
internal sealed class RegistryRate(SeededServers seeds) : IFigure
{
    private const string OtherSide = "docker-registry 2.8";
    private const int Pullers = 20;

    public string Name => "registry";

    public string Question => "how fast are layers pushed and pulled, against docker-registry, and in how much memory?";

    public async IAsyncEnumerable<BenchRow> MeasureAsync(BenchOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var layers = new RegistryLayers(5, options.Quick ? 20_000_000 : 100_000_000);
        await using var server = await seeds.StartAsync(cancellationToken);
        await using var peer = await PeerRegistry.StartAsync(cancellationToken);
        using var ours = new RegistryClient(server.Url, OneStepChallenge.Repository, await RegistryTransfer.TokenAsync(server, cancellationToken));
        using var theirs = new RegistryClient(peer.Url, OneStepChallenge.Repository, null);

        // A whole round unseen: a server just started spends as much on compiling itself as on the layers.
        await RoundAsync(ours, () => server.ProcessorMs, layers.Next(), 1, cancellationToken);
        await RoundAsync(theirs, () => peer.ProcessorMs, layers.Next(), 1, cancellationToken);
        var (idle, peerIdle) = (server.ResidentBytes, peer.ResidentBytes);
        await using var memory = new MemoryPeak(() => server.ResidentBytes);
        await using var peerMemory = new MemoryPeak(() => peer.ResidentBytes);
        var rounds = new List<(Times Ours, Times Theirs)>();
        for (var round = 0; round < 3; round++)
        {
            var pullers = options.Quick ? 5 : Pullers;
            rounds.Add((
                await RoundAsync(ours, () => server.ProcessorMs, layers.Next(), pullers, cancellationToken),
                await RoundAsync(theirs, () => peer.ProcessorMs, layers.Next(), pullers, cancellationToken)));
        }

        var size = $"{layers.Bytes / 1e6:0} MB in 5 layers";
        yield return Row($"push, {size}", rounds, times => times.Push.Ms);
        yield return Row($"pull, {size}", rounds, times => times.Pull.Ms);
        yield return Row($"{(options.Quick ? 5 : Pullers)} pulls at once, {size}", rounds, times => times.Pulls.Ms);
        yield return ProcessorRow("push: the server's processor time", rounds, times => times.Push.ProcessorMs);
        yield return ProcessorRow("pull: the server's processor time", rounds, times => times.Pull.ProcessorMs);
        yield return BenchRow.OfSamples("server's memory added by all that", "MB", [(memory.Highest - idle) / 1e6], 50, "under 50 MB");
        yield return BenchRow.OfSamples("docker-registry's memory added by all that", "MB", [(peerMemory.Highest - peerIdle) / 1e6], null, "reported");
    }

    private static BenchRow Row(string figure, List<(Times Ours, Times Theirs)> rounds, Func<Times, double> time) =>
        BenchRow.OfPairs(figure, "ms", OtherSide, [.. rounds.Select(pair => (time(pair.Ours), time(pair.Theirs)))], (ours, theirs) => theirs / ours,
            "at least 1x as fast", ratio => ratio >= 1);

    private static BenchRow ProcessorRow(string figure, List<(Times Ours, Times Theirs)> rounds, Func<Times, double> time) =>
        BenchRow.OfPairs(figure, "ms", OtherSide, [.. rounds.Select(pair => (time(pair.Ours), time(pair.Theirs)))], (ours, theirs) => theirs / ours, "reported", null);

    private static async Task<Times> RoundAsync(
        RegistryClient client, Func<double> processor, IReadOnlyList<RegistryLayer> layers, int pullers, CancellationToken cancellationToken)
    {
        var push = await TimeAsync(() => client.PushAsync(layers, cancellationToken), processor);
        var pull = await TimeAsync(() => client.PullAsync(layers, cancellationToken), processor);
        var pulls = await TimeAsync(() => Task.WhenAll(Enumerable.Range(0, pullers).Select(_ => client.PullAsync(layers, cancellationToken))), processor);
        return new Times(push, pull, pulls);
    }

    private static async Task<Time> TimeAsync(Func<Task> work, Func<double> processor)
    {
        var (start, before) = (Stopwatch.GetTimestamp(), processor());
        await work();
        return new Time(Stopwatch.GetElapsedTime(start).TotalMilliseconds, processor() - before);
    }

    private sealed record Time(double Ms, double ProcessorMs);

    private sealed record Times(Time Push, Time Pull, Time Pulls);

    /// <summary>Looks every 50 ms until it is disposed.</summary>
    private sealed class MemoryPeak : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _looking;
        private long _highest;

        public MemoryPeak(Func<long> look)
        {
            _highest = look();
            _looking = LookAsync(look);
        }

        public long Highest => Volatile.Read(ref _highest);

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _looking;
            _stop.Dispose();
        }

        private async Task LookAsync(Func<long> look)
        {
            while (!_stop.IsCancellationRequested)
            {
                Volatile.Write(ref _highest, Math.Max(_highest, look()));
                await Task.Delay(50, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
