using System.Runtime.CompilerServices;
using Palio.Bench.Plays;

namespace Palio.Bench.Figures;

/// <summary>C# on both sides: what the referee costs where a side costs next to nothing, and what playing many episodes at once gains.</summary>
internal sealed class SharpSteps : IFigure
{
    private const int Slots = 64;

    public string Name => "csharp";

    public string Question => "what does a step cost with C# on both sides, against two programs and a socket, and with many slots?";

    public async IAsyncEnumerable<BenchRow> MeasureAsync(BenchOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var cores in (string?[])["0", null])
        {
            await using var palio = await StepPlay.SharpAsync(options.Root, cores, 1, cancellationToken);
            await using var direct = await StepPlay.PingPongAsync(options.Root, cores, cancellationToken);
            var pairs = await Interleaved.PlayAsync(palio, direct, options.Quick, cancellationToken);
            yield return BenchRow.OfPairs($"step, small, C#, {(cores is null ? "unpinned" : "one core")}, p50", "us", "C# raw socket ping-pong",
                [.. pairs.Select(pair => (pair.Ours.P50, pair.Theirs.P50))], (ours, theirs) => ours / theirs,
                cores is null ? "reported" : "at most 3x", cores is null ? null : ratio => ratio <= 3);
            if (cores is not null)
            {
                yield return BenchRow.OfBound("referee resident, one session", palio.FirstResidentBytes, 20e6, "under 20 MB");
            }
        }

        await using var many = await StepPlay.SharpAsync(options.Root, null, Slots, cancellationToken);
        await using var one = await StepPlay.SharpAsync(options.Root, null, 1, cancellationToken);
        var both = await Interleaved.PlayAsync(many, one, options.Quick, cancellationToken);
        yield return BenchRow.OfPairs($"environment steps a second, {Slots} slots, C#", "k/s", "one slot",
            [.. both.Select(pair => (pair.Ours.Rate / 1000, pair.Theirs.Rate / 1000))], (ours, theirs) => ours / theirs,
            "at least 10x", ratio => ratio >= 10);
        yield return BenchRow.OfBound($"referee resident, {Slots} slots", many.FirstResidentBytes, 20e6, "under 20 MB");
    }
}
