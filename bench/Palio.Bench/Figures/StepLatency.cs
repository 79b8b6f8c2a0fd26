using System.Runtime.CompilerServices;
using Palio.Bench.Plays;

namespace Palio.Bench.Figures;

/// <summary>
/// A step of a Python agent and a Python environment through the referee, checked and recorded, against the starters' way: direct unary
/// gRPC with pickles. All three (or two) processes are alive at once and play in turn.
/// </summary>
internal sealed class StepLatency : IFigure
{
    private const string OtherSide = "starters' unary gRPC + pickle";

    // How many times faster at least, by the observation's kind.
    private static readonly (string Kind, double Pinned, double? Unpinned)[] Aims = [("small", 10, 3), ("atari", 8, null), ("image", 8, null)];

    public string Name => "step";

    public string Question => "what does a step cost through the referee, against the starters' direct gRPC and pickle?";

    public async IAsyncEnumerable<BenchRow> MeasureAsync(BenchOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var (kind, pinned, unpinned) in Aims)
        {
            foreach (var cores in (string?[])["0", null])
            {
                await using var palio = await StepPlay.PythonAsync(options.Root, kind, cores, cancellationToken);
                await using var starter = await StepPlay.StarterAsync(options.Root, kind, cores, cancellationToken);
                var pairs = await Interleaved.PlayAsync(palio, starter, options.Quick, cancellationToken);
                var name = $"step, {kind}, Python, {(cores is null ? "unpinned" : "one core")}";
                yield return Faster($"{name}, p50", pairs, round => round.P50, cores is null ? unpinned : pinned);
                if (kind is "small")
                {
                    yield return BenchRow.OfPairs($"{name}, CPU time", "us", OtherSide,
                        [.. pairs.Select(pair => (pair.Ours.CpuMicroseconds, pair.Theirs.CpuMicroseconds))], (ours, theirs) => ours / theirs,
                        "at most 0.1x", ratio => ratio <= 0.1);
                }

                if (kind is "small" && cores is not null)
                {
                    yield return BenchRow.OfPairs($"{name}, p99", "us", "its own median",
                        [.. pairs.Select(pair => (pair.Ours.P99, pair.Ours.P50))], (p99, p50) => p99 / p50, "at most 4x", ratio => ratio <= 4);
                }
            }
        }
    }

    private static BenchRow Faster(string name, List<(Round Ours, Round Theirs)> pairs, Func<Round, double> value, double? aim) => BenchRow.OfPairs(
        name, "us", OtherSide, [.. pairs.Select(pair => (value(pair.Ours), value(pair.Theirs)))], (ours, theirs) => theirs / ours,
        aim is null ? "reported" : $"at least {aim}x faster", aim is null ? null : ratio => ratio >= aim);
}
