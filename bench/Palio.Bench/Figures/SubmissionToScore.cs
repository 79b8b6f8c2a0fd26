using System.Diagnostics;
using System.Runtime.CompilerServices;
using Palio.Bench.Seeds;
using Palio.Protocol.Api;

namespace Palio.Bench.Figures;

/// <summary>
/// From an accepted submission to its score, for a one-step environment and an instant agent, against the same three images created,
/// started, awaited and removed bare and concurrently through the Engine API, as hardened as a pod's.
/// </summary>
internal sealed class SubmissionToScore(SeededServers seeds) : IFigure
{
    public string Name => "evaluation";

    public string Question => "how long from an accepted submission to its score, against three bare containers?";

    public async IAsyncEnumerable<BenchRow> MeasureAsync(BenchOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var server = await seeds.JudgingAsync(cancellationToken);
        using var engine = new BareEngine();
        var rounds = new List<(double, double)>();
        for (var round = 0; round < (options.Quick ? 4 : 20) + 1; round++)
        {
            var ours = await SubmitAsync(server.Http, seeds.Submission, cancellationToken);
            var theirs = await BareAsync(engine, cancellationToken);
            if (round > 0)
            {
                rounds.Add((ours, theirs));
            }
        }

        yield return BenchRow.OfPairs("accepted submission to score, one step", "ms", "three bare containers, concurrently", rounds,
            (ours, theirs) => ours / theirs, "at most 1.25x", ratio => ratio <= 1.25);
    }

    private static async Task<double> SubmitAsync(HttpClient http, SubmitRequest submission, CancellationToken cancellationToken)
    {
        var id = await BenchSubmission.SubmitAsync(http, submission, cancellationToken);
        var start = Stopwatch.GetTimestamp();
        await BenchSubmission.ScoreAsync(http, id, cancellationToken);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static async Task<double> BareAsync(BareEngine engine, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        await engine.RunThreeAsync(cancellationToken);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
