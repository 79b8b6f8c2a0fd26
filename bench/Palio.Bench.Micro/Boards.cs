using BenchmarkDotNet.Attributes;
using Palio.Challenges.Ranking;

namespace Palio.Bench.Micro;

/// <summary>Ranking from nothing.</summary>
public class Boards
{
    private static readonly BoardOrder Order = new() { OrderBy = "return", Descending = true };
    private BoardEntry[] _entries = [];

    /// <summary>Entries, ten of each team.</summary>
    [Params(1_000, 100_000)]
    public int Entries { get; set; }

    /// <summary>Scores by a fixed seed.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        _entries = [.. Enumerable.Range(0, Entries).Select(i => new BoardEntry
        {
            SubmissionId = i,
            Team = $"team-{i / 10}",
            SubmittedAt = DateTimeOffset.UnixEpoch.AddSeconds(i),
            ScoredAt = DateTimeOffset.UnixEpoch.AddSeconds(i + 10),
            Values = new Dictionary<string, double> { ["return"] = random.Next(500) },
        })];
    }

    /// <summary>The best of each team, in order.</summary>
    [Benchmark]
    public int Rank() => Board.Rank(_entries, Order).Count;
}
