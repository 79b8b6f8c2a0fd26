using Palio.Challenges.Bundles;

namespace Palio.Challenges.Ranking;

/// <summary>How a board orders its entries.</summary>
public sealed record BoardOrder
{
    /// <summary>The column that ranks.</summary>
    public required string OrderBy { get; init; }

    /// <summary>Whether the highest value is first.</summary>
    public required bool Descending { get; init; }

    /// <summary>Whether a team stands with its latest instead of its best submission. Default false.</summary>
    public bool LatestPerTeam { get; init; }

    /// <summary>Which of two entries with the same value stands first. Default: the one scored last, as on EvalAI.</summary>
    public TieRule Ties { get; init; } = TieRule.LatestFirst;

    /// <summary>
    /// The order that a bundle declares, by EvalAI's rules: a column's metadata wins over the phase split, and metadata without
    /// <c>sort_ascending</c> means lowest first.
    /// </summary>
    /// <param name="leaderboard">The board.</param>
    /// <param name="phaseSplit">The phase split shown on it.</param>
    /// <param name="orderBy">A column that somebody asked for; ignored unless it is one of the board's.</param>
    public static BoardOrder From(LeaderboardDeclaration leaderboard, PhaseSplitDeclaration phaseSplit, string? orderBy = null)
    {
        var label = orderBy is not null && leaderboard.Labels.Contains(orderBy) ? orderBy : leaderboard.DefaultOrderBy;
        return new BoardOrder
        {
            OrderBy = label,
            Descending = leaderboard.Metadata.TryGetValue(label, out var metadata)
                ? metadata.SortAscending == false
                : phaseSplit.IsLeaderboardOrderDescending,
            LatestPerTeam = phaseSplit.ShowLeaderboardByLatestSubmission,
        };
    }
}

/// <summary>Which of two entries with the same value stands first.</summary>
public enum TieRule
{
    /// <summary>The one scored last, as on EvalAI.</summary>
    LatestFirst,

    /// <summary>The one scored first: who reached a value first keeps the place.</summary>
    EarliestFirst,
}
