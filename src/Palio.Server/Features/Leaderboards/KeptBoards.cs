namespace Palio.Server.Features.Leaderboards;

/// <summary>What is kept of boards between requests.</summary>
/// <param name="Ranked">The boards in order.</param>
/// <param name="Intervals">How certain their ranks are.</param>
/// <param name="Rules">What the challenges' revisions say of them.</param>
internal sealed record KeptBoards(RankedBoards Ranked, RankIntervals Intervals, BoardRules Rules);
