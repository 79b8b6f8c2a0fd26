using System.Globalization;

namespace Palio.Challenges.Ranking;

/// <summary>One submission's score on a board.</summary>
public sealed record BoardEntry
{
    /// <summary>The submission.</summary>
    public required long SubmissionId { get; init; }

    /// <summary>The team, by whatever identifies it.</summary>
    public required string Team { get; init; }

    /// <summary>When it was submitted: decides which is a team's latest.</summary>
    public required DateTimeOffset SubmittedAt { get; init; }

    /// <summary>When it was scored: decides between equal values.</summary>
    public required DateTimeOffset ScoredAt { get; init; }

    /// <summary>The columns' values.</summary>
    public required IReadOnlyDictionary<string, double> Values { get; init; }

    /// <summary>A host's entry for comparison: each one is shown.</summary>
    public bool IsBaseline { get; init; }
}

/// <summary>A row of a board.</summary>
/// <param name="Position">Its place, from 1; every row has its own.</param>
/// <param name="Rank">Its rank, from 1, shared by equal values (1, 2, 2, 4); null without a value to rank by.</param>
/// <param name="Entry">The entry.</param>
public sealed record BoardRow(int Position, int? Rank, BoardEntry Entry);

/// <summary>Orders entries.</summary>
public static class Board
{
    /// <summary>One row a team, and one for each baseline, in order. What has no finite value to rank by stands last without a rank.</summary>
    public static IReadOnlyList<BoardRow> Rank(IEnumerable<BoardEntry> entries, BoardOrder order)
    {
        var chosen = new Dictionary<string, BoardEntry>();
        var rows = new List<BoardEntry>();
        foreach (var entry in entries)
        {
            if (entry.IsBaseline)
            {
                rows.Add(entry);
            }
            else if (!chosen.TryGetValue(entry.Team, out var current) || Replaces(current, entry, order))
            {
                chosen[entry.Team] = entry;
            }
        }

        rows.AddRange(chosen.Values);
        rows.Sort((left, right) => Compare(left, right, order));
        return Number(rows, order);
    }

    /// <summary>Whether a team's new entry takes the place of the one it stands with.</summary>
    public static bool Replaces(BoardEntry current, BoardEntry candidate, BoardOrder order) =>
        order.LatestPerTeam
            ? (candidate.SubmittedAt, candidate.SubmissionId).CompareTo((current.SubmittedAt, current.SubmissionId)) > 0
            : Compare(candidate, current, order) < 0;

    /// <summary>A value as a board shows it.</summary>
    public static string Format(double value, int decimals) => value.ToString($"F{decimals}", CultureInfo.InvariantCulture);

    private static List<BoardRow> Number(List<BoardEntry> entries, BoardOrder order)
    {
        var rows = new List<BoardRow>(entries.Count);
        foreach (var entry in entries)
        {
            var (position, value) = (rows.Count + 1, ValueOf(entry, order));
            int? rank = value is null ? null
                : rows.Count > 0 && ValueOf(rows[^1].Entry, order) == value ? rows[^1].Rank
                : position;
            rows.Add(new BoardRow(position, rank, entry));
        }

        return rows;
    }

    private static int Compare(BoardEntry left, BoardEntry right, BoardOrder order) =>
        PlaceKey.Compare(PlaceKey.Of(left, order), PlaceKey.Of(right, order), order);

    private static double? ValueOf(BoardEntry entry, BoardOrder order) => PlaceKey.Of(entry, order).Value;
}
