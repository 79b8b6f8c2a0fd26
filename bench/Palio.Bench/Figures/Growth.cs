using System.Diagnostics;
using System.Runtime.CompilerServices;
using Palio.Bench.Growing;
using Palio.Bench.Seeds;

namespace Palio.Bench.Figures;

/// <summary>The same requests on one, ten and a hundred times as many submissions, teams, episodes and viewers; the slope of time over their number, both by their logarithms.</summary>
internal sealed class Growth(SeededServers seeds) : IFigure
{
    public string Name => "growth";

    public string Question => "how do the server's answers grow with submissions, teams, episodes and viewers?";

    public bool IsQuick => false;

    public async IAsyncEnumerable<BenchRow> MeasureAsync(BenchOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        int[] submissions = options.Quick ? [200, 2_000, 20_000] : [10_000, 100_000, 1_000_000];
        int[] teams = [200, 2_000, 20_000];

        // No board with fewer rows than the intervals of its ranks are computed for: 200.
        SeedSize OfSubmissions(int count) => new(count, Math.Min(submissions[0], SeedSize.Many(options).Teams));
        SeedSize OfTeams(int count) => new(options.Quick ? 20_000 : 100_000, count);
        IAsyncEnumerable<BenchRow>[] axes =
        [
            SeededAsync("submissions", submissions, OfSubmissions, SubmissionProbes, options, cancellationToken),
            StartsAsync("submissions", submissions, OfSubmissions, cancellationToken),
            SeededAsync("teams", teams, OfTeams, BoardProbes, options, cancellationToken),
            EpisodesAsync(options, cancellationToken),
            ViewersAsync(options, cancellationToken),
        ];
        foreach (var axis in axes)
        {
            await foreach (var row in axis)
            {
                yield return row;
            }
        }
    }

    private static GrowthProbe[] BoardProbes(Func<int, BenchServer> at) =>
    [
        new("board, just changed", (count, cancel) => Requests.ChangeBoardAsync(at(count), cancel)),
        new("board, signed in", (count, cancel) => Requests.GetAsync(at(count), Requests.Board, at(count).Token, cancel)),
    ];

    private GrowthProbe[] SubmissionProbes(Func<int, BenchServer> at) =>
    [
        .. BoardProbes(at),
        new("own submissions", (count, cancel) => Requests.GetAsync(at(count), Requests.Own, at(count).Token, cancel)),
        new GrowthProbe("a phase's submissions, for its host", (count, cancel) => Requests.GetAsync(at(count), Requests.OfPhase, at(count).HostToken, cancel))
            .MayBeLinear("they are counted"),
        new("submit", (count, cancel) => Requests.SubmitAsync(at(count), seeds.Submission, cancel)),
        new("cancel", (count, cancel) => Requests.CancelAsync(at(count), cancel)),
    ];

    /// <summary>A server for each size, all alive and asked in turn.</summary>
    private async IAsyncEnumerable<BenchRow> SeededAsync(
        string of, int[] counts, Func<int, SeedSize> size, Func<Func<int, BenchServer>, GrowthProbe[]> probes, BenchOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var servers = new Dictionary<int, BenchServer>();
        try
        {
            foreach (var count in counts)
            {
                servers[count] = await seeds.StartAsync(size(count), ["--no-worker"], cancellationToken);
            }

            var axis = new GrowthAxis(of, counts, probes(count => servers[count])) { WarmingRounds = 5, Rounds = options.Quick ? 10 : 20 };
            await foreach (var row in axis.MeasureAsync(cancellationToken))
            {
                yield return row;
            }
        }
        finally
        {
            foreach (var server in servers.Values)
            {
                await server.DisposeAsync();
            }
        }
    }

    /// <summary>How soon a server that holds so many is ready; its starts in other figures count too.</summary>
    private IAsyncEnumerable<BenchRow> StartsAsync(string of, int[] counts, Func<int, SeedSize> size, CancellationToken cancellationToken) =>
        new GrowthAxis(of, counts, new GrowthProbe("cold start", async (count, cancel) => BenchRow.MedianOf(await seeds.StartTimesAsync(size(count), 2, cancel))))
        {
            WarmingRounds = 0,
            Rounds = 1,
        }.MeasureAsync(cancellationToken);

    /// <summary>Plays of ever more episodes of one step each, judged by the product; then what is shown of them.</summary>
    private async IAsyncEnumerable<BenchRow> EpisodesAsync(BenchOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var server = await seeds.JudgingAsync(cancellationToken);
        var judged = new Dictionary<int, (int Submission, long Evaluation)>();
        GrowthProbe[] probes =
        [
            new GrowthProbe("submission to score", JudgeAsync).MayBeLinear("each is played"),
            new("its submission", (count, cancel) => Requests.GetAsync(server, $"api/v1/submissions/{judged[count].Submission}", server.Token, cancel)),
            new("its first 50 episodes", (count, cancel) => Requests.GetAsync(server, $"api/v1/evaluations/{judged[count].Evaluation}/episodes?size=50", server.Token, cancel)),
            new("its last 50 episodes", (count, cancel) =>
                Requests.GetAsync(server, $"api/v1/evaluations/{judged[count].Evaluation}/episodes?size=50&from={count - 50}", server.Token, cancel)),
        ];
        var axis = new GrowthAxis("episodes", OneStepChallenge.Episodes, probes) { WarmingRounds = 1, Rounds = options.Quick ? 3 : 10 };
        await foreach (var row in axis.MeasureAsync(cancellationToken))
        {
            yield return row;
        }

        async Task<double> JudgeAsync(int count, CancellationToken cancel)
        {
            var submission = seeds.Submission with { Phase = OneStepChallenge.PhaseOf(count) };
            var begun = Stopwatch.GetTimestamp();
            var id = await BenchSubmission.SubmitAsync(server.Http, submission, cancel);
            var end = await BenchSubmission.ScoreAsync(server.Http, id, cancel);
            var time = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
            judged[count] = (id, end.Evaluation.Id);

            // The first question after it waits for the pod's removal and the database's checkpoint, whatever is asked.
            await Requests.GetAsync(server, $"api/v1/submissions/{id}", server.Token, cancel);
            return time;
        }
    }

    /// <summary>Ever more people who watch one submission.</summary>
    private async IAsyncEnumerable<BenchRow> ViewersAsync(BenchOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var server = await seeds.StartAsync(SeedSize.Few(options), ["--no-worker"], cancellationToken);
        var (fewest, most, before, many) = (10, 1_000, 0L, 0L);
        var probe = new GrowthProbe("an event to its last viewer", (count, cancel) => Viewing.TellAsync(server, seeds, count, () => Note(count), cancel)).MayBeLinear("each is told");
        var axis = new GrowthAxis("viewers", [fewest, 100, most], probe) { WarmingRounds = 2, Rounds = options.Quick ? 3 : 10 };
        await foreach (var row in axis.MeasureAsync(cancellationToken))
        {
            yield return row;
        }

        yield return BenchRow.OfSamples("server's memory for each of 1 000 viewers", "kB", [(many - before) / 1e3 / (most - fewest)], null, "reported");

        // By the first time that so many watched: afterwards the server keeps what it got.
        void Note(int count)
        {
            before = count == fewest && before == 0 ? server.ResidentBytes : before;
            many = count == most && many == 0 ? server.ResidentBytes : many;
        }
    }
}
