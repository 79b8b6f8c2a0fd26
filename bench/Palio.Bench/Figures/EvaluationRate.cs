using System.Diagnostics;
using System.Runtime.CompilerServices;
using Palio.Bench.Seeds;
using Palio.Protocol.Api;

namespace Palio.Bench.Figures;

/// <summary>Evaluations a minute with a full queue, against three bare containers at the same parallelism; and what lies between two evaluations.</summary>
internal sealed class EvaluationRate(SeededServers seeds) : IFigure
{
    public string Name => "rate";

    public string Question => "how many evaluations a minute, against bare containers at the same parallelism?";

    public async IAsyncEnumerable<BenchRow> MeasureAsync(BenchOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var places = Environment.ProcessorCount;
        var server = await seeds.JudgingAsync(cancellationToken);
        using var engine = new BareEngine();
        var batch = places * (options.Quick ? 2 : 4);
        var rates = new List<(double, double)>();
        var gaps = new List<double>();
        var warmUps = options.Quick && options.Only.Count == 0 ? 0 : 1; // in a whole run the figure before has warmed the server up
        for (var round = 0; round < (options.Quick ? 3 : 10) + warmUps; round++)
        {
            var (ours, between) = await EvaluateAsync(server.Http, seeds.Submission, batch, places, cancellationToken);
            var theirs = await BareAsync(engine, batch, places, cancellationToken);
            if (round >= warmUps)
            {
                rates.Add((ours, theirs));
                gaps.AddRange(between);
            }
        }

        yield return BenchRow.OfPairs($"evaluations a minute, {places} at once", "/min", "three bare containers", rates,
            (ours, theirs) => ours / theirs, "at least 0.8x", ratio => ratio >= 0.8);
        double[] sorted = [.. gaps.Order()];
        var median = BenchRow.Quantile(sorted, 0.5);
        yield return new BenchRow("from one evaluation's end to the next one's start", median, null, "ms", "full queue; removal of the pod included",
            median, BenchRow.Quantile(sorted, 0.25), BenchRow.Quantile(sorted, 0.75), "reported", null);
    }

    private static async Task<(double Rate, IEnumerable<double> Gaps)> EvaluateAsync(
        HttpClient http, SubmitRequest submission, int batch, int places, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        var ids = await Task.WhenAll(Enumerable.Range(0, batch).Select(_ => BenchSubmission.SubmitAsync(http, submission, cancellationToken)));
        var ends = await Task.WhenAll(ids.Select(id => BenchSubmission.ScoreAsync(http, id, cancellationToken)));
        var rate = batch / Stopwatch.GetElapsedTime(start).TotalMinutes;

        // The k-th to end gives its place to the k-th of those that had to wait.
        var started = ends.Select(end => end.Evaluation.Started).Order().Skip(places);
        var ended = ends.Select(end => end.Evaluation.Ended).Order();
        return (rate, [.. ended.Zip(started, (before, after) => (after - before)?.TotalMilliseconds ?? 0)]);
    }

    private static async Task<double> BareAsync(BareEngine engine, int batch, int places, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(Enumerable.Range(0, batch), new ParallelOptions { MaxDegreeOfParallelism = places, CancellationToken = cancellationToken },
            async (_, stop) => await engine.RunThreeAsync(stop));
        return batch / Stopwatch.GetElapsedTime(start).TotalMinutes;
    }
}
