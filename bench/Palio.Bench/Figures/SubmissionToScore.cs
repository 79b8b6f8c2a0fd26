using System.Diagnostics;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Palio.Protocol.Api;

namespace Palio.Bench.Figures;

/// <summary>
/// From an accepted submission to its score, for a one-step environment and an instant agent, against the same three images created,
/// started, awaited and removed bare and concurrently through the Engine API, as hardened as a pod's.
/// </summary>
internal sealed class SubmissionToScore : IFigure
{
    public string Name => "evaluation";

    public string Question => "how long from an accepted submission to its score, against three bare containers?";

    public async IAsyncEnumerable<BenchRow> MeasureAsync(BenchOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var server = await BenchServer.StartAsync(options.Root, cancellationToken);
        await server.SignInAsync(cancellationToken);
        var submission = await OneStepChallenge.PrepareAsync(server, options.Root, cancellationToken);
        using var engine = new BareEngine();
        var rounds = new List<(double, double)>();
        for (var round = 0; round < (options.Quick ? 7 : 20) + 2; round++)
        {
            var ours = await SubmitAsync(server.Http, submission, cancellationToken);
            var theirs = await BareAsync(engine, cancellationToken);
            if (round >= 2)
            {
                rounds.Add((ours, theirs));
            }
        }

        yield return BenchRow.OfPairs("accepted submission to score, one step", "ms", "three bare containers, concurrently", rounds,
            (ours, theirs) => ours / theirs, "at most 1.5x", ratio => ratio <= 1.5);
    }

    private static async Task<double> SubmitAsync(HttpClient http, SubmitRequest submission, CancellationToken cancellationToken)
    {
        using var accepted = await http.PostAsJsonAsync("api/v1/submissions?again=true", submission, cancellationToken);
        var start = Stopwatch.GetTimestamp();
        accepted.EnsureSuccessStatusCode();
        var summary = await accepted.Content.ReadFromJsonAsync(ApiJsonContext.Default.SubmissionSummary, cancellationToken)
            ?? throw new InvalidOperationException("no submission in the answer");
        await using var events = await http.GetStreamAsync($"api/v1/submissions/{summary.Id}/events", cancellationToken);
        using var lines = new StreamReader(events);
        while (await lines.ReadLineAsync(cancellationToken) is { } line)
        {
            if (!line.StartsWith("data:", StringComparison.Ordinal))
            {
                continue;
            }

            var state = JsonSerializer.Deserialize(line.AsSpan(5), ApiJsonContext.Default.SubmissionEvent);
            if (state is { State: SubmissionState.Finished })
            {
                return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }

            if (state is { State: SubmissionState.Failed or SubmissionState.Cancelled })
            {
                throw new InvalidOperationException($"the submission failed: {state.Evaluation.Fault?.Message}");
            }
        }

        throw new InvalidOperationException("the events ended before the submission did");
    }

    private static async Task<double> BareAsync(BareEngine engine, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(
            engine.RunAsync(OneStepChallenge.Image, ["exit"], cancellationToken),
            engine.RunAsync(OneStepChallenge.Image, ["exit"], cancellationToken),
            engine.RunAsync(OneStepChallenge.Image, ["exit"], cancellationToken));
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
