using System.Diagnostics;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using Palio.Bench.Seeds;

namespace Palio.Bench.Figures;

/// <summary>The same requests on one, ten and a hundred times as many rows, size by size in each round; the slope of time over rows, both by their logarithms: 0 is constant, 1 linear.</summary>
internal sealed class Growth(SeededServers seeds) : IFigure
{
    public string Name => "growth";

    public string Question => "how do the server's answers grow with the rows?";

    public async IAsyncEnumerable<BenchRow> MeasureAsync(BenchOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        int[] sizes = options.Quick ? [1_000, 10_000, 100_000] : [10_000, 100_000, 1_000_000];
        var samples = Probes.Keys.Append(ColdStart).ToDictionary(name => name, _ => sizes.Select(_ => new List<double>()).ToArray());
        for (var start = 0; start < (options.Quick ? 2 : 5); start++)
        {
            foreach (var size in Turn(sizes.Length, start))
            {
                await using var server = await seeds.StartAsync(options.Root, sizes[size], ["--no-worker"], cancellationToken);
                samples[ColdStart][size].Add(server.StartTime.TotalMilliseconds);
            }
        }

        var servers = new List<BenchServer>();
        try
        {
            foreach (var size in sizes)
            {
                servers.Add(await seeds.StartAsync(options.Root, size, ["--no-worker"], cancellationToken));
            }

            for (var round = 0; round < (options.Quick ? 8 : 40) + WarmingRounds; round++)
            {
                foreach (var size in Turn(sizes.Length, round))
                {
                    await ProbeAsync(servers[size], (name, time) => samples[name][size].Add(time), round >= WarmingRounds, cancellationToken);
                }
            }
        }
        finally
        {
            foreach (var server in servers)
            {
                await server.DisposeAsync();
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
    private const int WarmingRounds = 5;
    private const string HostsList = "submissions list, whole phase, for its host";

    private Dictionary<string, Func<BenchServer, CancellationToken, Task<HttpResponseMessage>>> Probes => new()
    {
        ["board, nobody in particular"] = (server, cancel) => GetAsync(server, "api/v1/challenges/one-step/phases/bench/leaderboard", null, cancel),
        ["board, signed in"] = (server, cancel) => GetAsync(server, "api/v1/challenges/one-step/phases/bench/leaderboard", server.Token, cancel),
        ["submissions list, own"] = (server, cancel) => GetAsync(server, "api/v1/submissions?challenge=one-step", server.Token, cancel),
        [HostsList] = (server, cancel) => GetAsync(server, "api/v1/submissions?challenge=one-step&phase=bench&all=true", server.HostToken, cancel),
        ["submit"] = (server, cancel) => server.Http.PostAsJsonAsync("api/v1/submissions?again=true", seeds.Submission, cancel),
        ["cancel, which looks at the board again"] = CancelAsync,
    };

    // The host's list counts the rows of the phase: that much may grow with them. Noise is some 0.1 in the slope over two decades.
    private static double Most(string name) => name == HostsList ? 1 : 0.15;

    // Each round begins with another size, so that none is always the one after a pause.
    private static IEnumerable<int> Turn(int sizes, int round) => Enumerable.Range(0, sizes).Select(i => (i + round) % sizes);

    private async Task ProbeAsync(BenchServer server, Action<string, double> add, bool counts, CancellationToken cancellationToken)
    {
        foreach (var (name, ask) in Probes)
        {
            var begun = Stopwatch.GetTimestamp();
            using var answer = await ask(server, cancellationToken);
            await answer.Content.ReadAsByteArrayAsync(cancellationToken);
            answer.EnsureSuccessStatusCode();
            if (counts)
            {
                add(name, Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            }
        }
    }

    private static async Task<HttpResponseMessage> GetAsync(BenchServer server, string address, string? token, CancellationToken cancellationToken)
    {
        var own = server.Token;
        try
        {
            server.Token = token;
            return await server.Http.GetAsync(address, cancellationToken);
        }
        finally
        {
            server.Token = own;
        }
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
