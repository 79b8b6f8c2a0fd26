using System.Diagnostics;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using Palio.Bench.Seeds;

namespace Palio.Bench.Figures;

/// <summary>The same requests on one, ten and a hundred times as many rows, in turn; the slope of time over rows, both by their logarithms: 0 is constant, 1 linear.</summary>
internal sealed class Growth(SeededServers seeds) : IFigure
{
    public string Name => "growth";

    public string Question => "how do the server's answers grow with the rows?";

    public async IAsyncEnumerable<BenchRow> MeasureAsync(BenchOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        int[] sizes = options.Quick ? [1_000, 10_000, 100_000] : [10_000, 100_000, 1_000_000];
        var samples = Probes.Keys.Append(ColdStart).ToDictionary(name => name, _ => sizes.Select(_ => new List<double>()).ToArray());
        for (var start = 0; start < (options.Quick ? 1 : 3); start++)
        {
            for (var size = 0; size < sizes.Length; size++)
            {
                await using var server = await seeds.StartAsync(options.Root, sizes[size], ["--no-worker"], cancellationToken);
                samples[ColdStart][size].Add(server.StartTime.TotalMilliseconds);
                await ProbeAsync(server, options.Quick ? 8 : 20, (name, time) => samples[name][size].Add(time), cancellationToken);
            }
        }

        foreach (var (name, times) in samples)
        {
            double[] medians = [.. times.Select(list => BenchRow.Quantile([.. list.Order()], 0.5))];
            var (slope, most) = (Slope(sizes, medians), Most(name));
            yield return new BenchRow($"growth: {name} at {sizes[^1]:N0} against {sizes[0]:N0}", medians[^1], medians[0], "ms", "slope (0 constant, 1 linear)",
                slope, Slope(sizes[..2], medians[..2]), Slope(sizes[1..], medians[1..]), $"at most {most:0.0#}", slope <= most);
        }
    }

    private const string ColdStart = "cold start";
    private const string HostsList = "submissions list, whole phase, for its host";

    private Dictionary<string, Func<BenchServer, CancellationToken, Task<HttpResponseMessage>>> Probes => new()
    {
        ["board, nobody in particular"] = (server, cancel) => GetAsync(server, "api/v1/challenges/one-step/phases/bench/leaderboard", cancel, token: false),
        ["board, signed in"] = (server, cancel) => GetAsync(server, "api/v1/challenges/one-step/phases/bench/leaderboard", cancel),
        ["submissions list, own"] = (server, cancel) => GetAsync(server, "api/v1/submissions?challenge=one-step", cancel),
        [HostsList] = (server, cancel) => GetAsync(server, "api/v1/submissions?challenge=one-step&phase=bench&all=true", cancel),
        ["submit"] = (server, cancel) => server.Http.PostAsJsonAsync("api/v1/submissions?again=true", seeds.Submission, cancel),
        ["cancel, which looks at the board again"] = CancelAsync,
    };

    // The host's list counts the rows of the phase: that much may grow with them. Noise is some 0.1 in the slope over two decades.
    private static double Most(string name) => name == HostsList ? 1 : 0.15;

    private async Task ProbeAsync(BenchServer server, int rounds, Action<string, double> add, CancellationToken cancellationToken)
    {
        for (var round = 0; round < rounds + 3; round++)
        {
            foreach (var (name, ask) in Probes)
            {
                var begun = Stopwatch.GetTimestamp();
                using var answer = await ask(server, cancellationToken);
                await answer.Content.ReadAsByteArrayAsync(cancellationToken);
                answer.EnsureSuccessStatusCode();
                if (round >= 3)
                {
                    add(name, Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
                }
            }
        }
    }

    private static Task<HttpResponseMessage> GetAsync(BenchServer server, string address, CancellationToken cancellationToken, bool token = true)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        var (authorization, http) = (server.Http.DefaultRequestHeaders.Authorization, server.Http);
        http.DefaultRequestHeaders.Authorization = null;
        request.Headers.Authorization = token ? authorization : null;
        var answer = http.SendAsync(request, cancellationToken);
        http.DefaultRequestHeaders.Authorization = authorization;
        return answer;
    }

    // What was submitted just before.
    private static async Task<HttpResponseMessage> CancelAsync(BenchServer server, CancellationToken cancellationToken)
    {
        var newest = await server.Http.GetFromJsonAsync("api/v1/submissions?challenge=one-step&size=1", Protocol.Api.ApiJsonContext.Default.PageSubmissionSummary, cancellationToken);
        return await server.Http.PostAsync($"api/v1/submissions/{newest?.Items[0].Id}/cancel", null, cancellationToken);
    }

    /// <summary>Of the straight line through the logarithms that fits best.</summary>
    private static double Slope(int[] sizes, double[] times)
    {
        var (x, y) = (sizes.Select(size => Math.Log(size)).ToList(), times.Select(time => Math.Log(time)).ToList());
        var (meanX, meanY) = (x.Average(), y.Average());
        return x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Sum() / x.Sum(a => (a - meanX) * (a - meanX));
    }
}
