using System.Globalization;
using System.Text.Json;
using Palio.Challenges.Bundles;
using Palio.Challenges.Ranking;
using Palio.Protocol.Api;

namespace Palio.Server.Features.Challenges;

/// <summary>What a reviewed challenge may no longer change: whatever its submissions and boards rest on.</summary>
internal static class RevisionRules
{
    /// <summary>All that the new bundle takes away or turns into something else; empty when it may be published.</summary>
    /// <param name="challenge">As it stands, with phases and splits.</param>
    /// <param name="bundle">As it would be.</param>
    /// <param name="played">Ids of the phases with submissions.</param>
    public static IReadOnlyList<BundleProblem> Check(Challenge challenge, ChallengeBundle bundle, IReadOnlySet<int> played) =>
        challenge.Review == ReviewState.Waiting
            ? []
            : [.. challenge.Phases.Where(phase => phase.IsDeclared && played.Contains(phase.Id)).SelectMany(phase => Check(phase, bundle))
                .Distinct().Select(found => bundle.Places.Error(found.Path, found.Message, found.Remedy))];

    private static IEnumerable<Found> Check(Phase phase, ChallengeBundle bundle)
    {
        var place = IndexOf(bundle.Phases, declaration => declaration.Id == phase.BundleId);
        if (place < 0)
        {
            yield return new Found(
                "challenge_phases", $"Phase {phase.BundleId} ('{phase.Codename}') has submissions and is missing.",
                "Put it back; to end it, give it an end_date that has passed.");
            yield break;
        }

        if (bundle.Phases[place].Codename is var codename && codename != phase.Codename)
        {
            yield return new Found(
                $"challenge_phases[{Text(place)}].codename", $"Phase {phase.BundleId} has submissions as '{phase.Codename}' and is called '{codename}' now.",
                $"Write codename: {phase.Codename}; a new phase needs an id of its own.");
        }

        foreach (var found in phase.Splits.Where(split => split.IsDeclared).SelectMany(split => Check(phase, split, bundle)))
        {
            yield return found;
        }
    }

    private static IEnumerable<Found> Check(Phase phase, PhaseSplit split, ChallengeBundle bundle)
    {
        var board = IndexOf(bundle.Leaderboards, declaration => declaration.Id == split.LeaderboardBundleId);
        if (board < 0)
        {
            return [new Found("leaderboard", $"Board {split.LeaderboardBundleId} of phase '{phase.Codename}' is missing, which has submissions.", "Put it back.")];
        }

        var place = IndexOf(bundle.PhaseSplits, declaration => declaration.ChallengePhaseId == phase.BundleId
            && declaration.LeaderboardId == split.LeaderboardBundleId && declaration.DatasetSplitId == split.DatasetBundleId);
        return place < 0
            ?
            [
                new Found(
                    "challenge_phase_splits",
                    $"The split of phase {phase.BundleId}, board {split.LeaderboardBundleId} and dataset split {split.DatasetBundleId} is missing, and the phase has submissions.",
                    "Put it back: the boards of a phase with submissions stay."),
            ]
            : [.. CheckSchema(split, bundle.Leaderboards[board], board), .. CheckSplit(split, bundle, place)];
    }

    private static IEnumerable<Found> CheckSchema(PhaseSplit split, LeaderboardDeclaration board, int place)
    {
        var labels = (JsonSerializer.Deserialize<List<LeaderboardColumn>>(split.Columns) ?? []).Select(column => column.Name).ToList();
        if (!labels.SequenceEqual(board.Labels))
        {
            yield return new Found(
                $"leaderboard[{Text(place)}].schema.labels", $"The labels of board {board.Id} were [{string.Join(", ", labels)}] when it was played for.",
                "Write them again as they were; for others, declare a new board and a new phase.");
        }

        if (split.OrderBy != board.DefaultOrderBy)
        {
            yield return new Found(
                $"leaderboard[{Text(place)}].schema.default_order_by", $"Board {board.Id} was ranked by '{split.OrderBy}' when it was played for.",
                $"Write default_order_by: {split.OrderBy}.");
        }
    }

    private static IEnumerable<Found> CheckSplit(PhaseSplit split, ChallengeBundle bundle, int place)
    {
        var declaration = bundle.PhaseSplits[place];
        var path = $"challenge_phase_splits[{Text(place)}]";
        if (Visibility(declaration.Visibility) != split.Visibility)
        {
            var before = Enum.GetValues<BoardVisibility>().First(visibility => Visibility(visibility) == split.Visibility);
            yield return new Found(
                $"{path}.visibility", $"The board was seen by '{split.Visibility}' when it was played for.", $"Write visibility: {Text((int)before)}.");
        }

        if (BoardOrder.From(bundle.Leaderboard(declaration.LeaderboardId), declaration).Descending != split.HigherIsBetter)
        {
            yield return new Found(
                $"{path}.is_leaderboard_order_descending", $"{(split.HigherIsBetter ? "Higher" : "Lower")} was better when the board was played for.",
                $"Write is_leaderboard_order_descending: {(split.HigherIsBetter ? "true" : "false")}, and leave sort_ascending as it was.");
        }

        var dataset = IndexOf(bundle.DatasetSplits, candidate => candidate.Id == split.DatasetBundleId);
        if (bundle.DatasetSplits[dataset].Name != split.Name)
        {
            yield return new Found(
                $"dataset_splits[{Text(dataset)}].name", $"The board was called '{split.Name}', and its address with it, when it was played for.", $"Write name: {split.Name}.");
        }
    }

    /// <summary>Who sees a board, as it is stored.</summary>
    public static string Visibility(BoardVisibility visibility) => visibility switch
    {
        BoardVisibility.Public => "public",
        BoardVisibility.OwnerAndHost => "owner_and_host",
        _ => "host",
    };

    private static int IndexOf<T>(IReadOnlyList<T> list, Func<T, bool> isIt)
    {
        for (var i = 0; i < list.Count; i++)
        {
            if (isIt(list[i]))
            {
                return i;
            }
        }

        return -1;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed record Found(string Path, string Message, string Remedy);
}
