using System.Runtime.CompilerServices;
using Palio.Bench.Plays;

namespace Palio.Bench.Figures;

/// <summary>What images made for EvalAI pay for gate, referee and the checks of their pickles, against the same two programs with nothing in between.</summary>
internal sealed class LegacySteps : IFigure
{
    public string Name => "legacy";

    public string Question => "what does a call of images made for EvalAI cost through gate and referee, against a direct one?";

    public async IAsyncEnumerable<BenchRow> MeasureAsync(BenchOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var cores in (string?[])["0", null])
        {
            await using var palio = await StepPlay.LegacyAsync(options.Root, "small", cores, cancellationToken);
            await using var direct = await StepPlay.StarterAsync(options.Root, "small", cores, cancellationToken);
            var pairs = await Interleaved.PlayAsync(palio, direct, options.Quick, cancellationToken);
            yield return BenchRow.OfPairs($"EvalAI's call, small, {(cores is null ? "unpinned" : "one core")}, p50", "us", "direct unary gRPC + pickle",
                [.. pairs.Select(pair => (pair.Ours.P50, pair.Theirs.P50))], (ours, theirs) => ours / theirs, "reported", null);
        }
    }
}
