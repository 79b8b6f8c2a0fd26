namespace Palio.Challenges.Bundles;

/// <summary>A board's schema.</summary>
public sealed record LeaderboardDeclaration
{
    /// <summary>Id in the file.</summary>
    public required int Id { get; init; }

    /// <summary>The columns, in order: names of metrics.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>The column that ranks; one of <see cref="Labels"/>.</summary>
    public required string DefaultOrderBy { get; init; }

    /// <summary>What the file says about single columns; not every column need have an entry.</summary>
    public IReadOnlyDictionary<string, LabelMetadata> Metadata { get; init; } = new Dictionary<string, LabelMetadata>();
}

/// <summary>About one column of a board.</summary>
/// <param name="SortAscending">Whether the lowest value is first; null when the entry does not say, which EvalAI takes as true.</param>
/// <param name="Description">The column's explanation.</param>
public sealed record LabelMetadata(bool? SortAscending, string? Description);

/// <summary>A dataset split.</summary>
/// <param name="Id">Id in the file.</param>
/// <param name="Name">The name.</param>
/// <param name="Codename">The short name; unique in the challenge.</param>
public sealed record DatasetSplitDeclaration(int Id, string Name, string Codename);

/// <summary>A phase scored on a dataset split, shown on a leaderboard.</summary>
public sealed record PhaseSplitDeclaration
{
    /// <summary>A phase's id.</summary>
    public required int ChallengePhaseId { get; init; }

    /// <summary>A leaderboard's id.</summary>
    public required int LeaderboardId { get; init; }

    /// <summary>A dataset split's id.</summary>
    public required int DatasetSplitId { get; init; }

    /// <summary>Who sees the board.</summary>
    public required BoardVisibility Visibility { get; init; }

    /// <summary>Digits after the point. Default 2.</summary>
    public int LeaderboardDecimalPrecision { get; init; } = 2;

    /// <summary>Whether the highest value is first; the label's metadata wins, as on EvalAI. Default true.</summary>
    public bool IsLeaderboardOrderDescending { get; init; } = true;

    /// <summary>Whether a team stands with its latest instead of its best submission. Default false.</summary>
    public bool ShowLeaderboardByLatestSubmission { get; init; }

    /// <summary>Whether the board shows how long the evaluation took. Default false.</summary>
    public bool ShowExecutionTime { get; init; }

    /// <summary>Whether the board shows values. Default true.</summary>
    public bool ShowScoresOnLeaderboard { get; init; } = true;
}

/// <summary>Who sees a board; the numbers are EvalAI's.</summary>
public enum BoardVisibility
{
    /// <summary>The host.</summary>
    Host = 1,

    /// <summary>The host, and each team its own entry.</summary>
    OwnerAndHost = 2,

    /// <summary>Everybody.</summary>
    Public = 3,
}
