using System.Diagnostics;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Palio.Bench.Seeds;
using Palio.Protocol.Api;

namespace Palio.Bench.Figures;

/// <summary>
/// Answers a second of a board of few and of many submissions, against each other, an empty endpoint of the same server, the rendered page,
/// and a Django REST view that asks the way EvalAI does over the same rows; and how soon a new score is seen.
/// </summary>
internal sealed class LeaderboardRate(SeededServers seeds) : IFigure
{
    private const string Board = "api/v1/challenges/one-step/phases/bench/leaderboard?limit=100";
    private const string Page = "challenges/one-step/leaderboard/bench";
    private const int Connections = 8;

    public string Name => "leaderboard";

    public string Question => "how many answers a second does a board give, whatever the number of submissions, and how fresh are they?";

    public async IAsyncEnumerable<BenchRow> MeasureAsync(BenchOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (few, many) = (SeedSize.Few(options), SeedSize.Many(options));
        var (rounds, slice) = options.Quick ? (4, TimeSpan.FromSeconds(0.25)) : (9, TimeSpan.FromSeconds(1.5));
        await using var peer = await PeerBoard.StartAsync(options.Root, await seeds.DatabaseAsync(many, cancellationToken), cancellationToken);
        await using var small = await seeds.StartAsync(few, ["--no-worker"], cancellationToken);
        await using var large = await seeds.StartAsync(many, [], cancellationToken);
        await CompareAnswersAsync(large, peer, cancellationToken);
        var samples = new List<Sample>();
        for (var round = 0; round < rounds + 1; round++)
        {
            var sample = new Sample(
                await RateAsync(new Uri(large.Url, Board), slice), await RateAsync(new Uri(small.Url, Board), slice), await RateAsync(new Uri(large.Url, "health/live"), slice),
                await RateAsync(new Uri(large.Url, Page), slice), await RateAsync(new Uri(large.Url, Board), slice, large.Token));
            if (round > 0)
            {
                samples.Add(sample); // the first one warms up
            }
        }

        var label = $"{many.Submissions:N0}";
        yield return Row($"board API, {label} submissions", $"{few.Submissions:N0} submissions", samples, s => s.Many, s => s.Few, "at least 0.67x (same cost)", 0.67);
        yield return Row($"board API, {label} submissions", "empty endpoint, same server", samples, s => s.Many, s => s.Empty, "at least 0.5x", 0.5);
        yield return Row($"board page, {label} submissions", "the API", samples, s => s.Page, s => s.Many, "at least 0.1x", 0.1);
        yield return Row($"board API, {label}, signed in", "empty endpoint, same server", samples, s => s.Member, s => s.Empty, "reported", null);
        yield return await AgainstPeerAsync(label, large, peer, 3, slice);
        yield return BenchRow.OfSamples($"new score to board, {label} submissions", "ms", await FreshnessAsync(large, options.Quick ? 2 : 7, cancellationToken), 1000, "under 1 s");
    }

    private static BenchRow Row(
        string figure, string otherSide, List<Sample> samples, Func<Sample, double> ours, Func<Sample, double> theirs, string aim, double? least) =>
        BenchRow.OfPairs(figure, "1/s", otherSide, [.. samples.Select(s => (ours(s), theirs(s)))], (our, their) => our / their, aim, least is { } bound ? ratio => ratio >= bound : null);

    private static async Task<double> RateAsync(Uri url, TimeSpan slice, string? token = null) => (await LoadGenerator.RunAsync(url, Connections, slice, token)).Rate;

    // Two connections for its two workers: more would only wait. Each asks at least once, however long that takes: a million rows take it ten seconds.
    private static async Task<BenchRow> AgainstPeerAsync(string label, BenchServer server, PeerBoard peer, int rounds, TimeSpan slice)
    {
        var pairs = new List<(double, double)>();
        for (var round = 0; round < rounds; round++)
        {
            var theirs = await LoadGenerator.RunAsync(peer.Board, 2, slice);
            pairs.Add((await RateAsync(new Uri(server.Url, Board), slice), theirs.Rate));
        }

        return BenchRow.OfPairs($"board API, {label} submissions", "1/s", "Django REST, EvalAI's way, 2 workers", pairs,
            (ours, theirs) => ours / theirs, "at least 500x", ratio => ratio >= 500);
    }

    private static async Task CompareAnswersAsync(BenchServer server, PeerBoard peer, CancellationToken cancellationToken)
    {
        var ours = await BoardAsync(server, cancellationToken);
        using var http = new HttpClient { Timeout = TimeSpan.FromMinutes(10) };
        var answer = await http.GetFromJsonAsync<JsonElement>(peer.Board, cancellationToken);
        var theirs = answer.GetProperty("results").EnumerateArray().Select(row => row.GetProperty("result")[0].GetDouble());
        if (!ours.Entries.Select(entry => entry.Scores[0].Value).SequenceEqual(theirs) || ours.Total != answer.GetProperty("count").GetInt32())
        {
            throw new InvalidOperationException("The two boards do not give the same answer.");
        }
    }

    private static async Task<Leaderboard> BoardAsync(BenchServer server, CancellationToken cancellationToken)
    {
        using var nobody = new HttpClient { BaseAddress = server.Url };
        return await nobody.GetFromJsonAsync(Board, ApiJsonContext.Default.Leaderboard, cancellationToken) ?? throw new InvalidOperationException("no board");
    }

    /// <summary>From the word that a submission is judged to the board that shows it; the team's earlier ones are hidden first.</summary>
    private async Task<List<double>> FreshnessAsync(BenchServer server, int rounds, CancellationToken cancellationToken)
    {
        var times = new List<double>();
        using var nobody = new HttpClient { BaseAddress = server.Url };
        for (var round = 0; round < rounds; round++)
        {
            var mine = await server.Http.GetFromJsonAsync("api/v1/submissions?challenge=one-step&size=5", ApiJsonContext.Default.PageSubmissionSummary, cancellationToken);
            foreach (var shown in mine?.Items.Where(item => item.Public) ?? [])
            {
                using var hidden = await server.Http.PatchAsJsonAsync($"api/v1/submissions/{shown.Id}", new UpdateSubmissionRequest { Public = false }, cancellationToken);
                hidden.EnsureSuccessStatusCode();
            }

            var before = (await BoardAsync(server, cancellationToken)).Total;
            var submission = await BenchSubmission.SubmitAsync(server.Http, seeds.Submission, cancellationToken);
            await BenchSubmission.ScoreAsync(server.Http, submission, cancellationToken);
            var judged = Stopwatch.GetTimestamp();
            while ((await BoardAsync(server, cancellationToken)).Total == before)
            {
                await Task.Delay(5, cancellationToken);
            }

            times.Add(Stopwatch.GetElapsedTime(judged).TotalMilliseconds);
        }

        return times;
    }

    private sealed record Sample(double Many, double Few, double Empty, double Page, double Member);
}
