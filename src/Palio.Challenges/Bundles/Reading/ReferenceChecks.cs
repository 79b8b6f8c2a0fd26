namespace Palio.Challenges.Bundles.Reading;

/// <summary>Checks that ids are unique and that what is referred to is there.</summary>
internal static class ReferenceChecks
{
    public static void Check(BundleParts parts)
    {
        Unique(parts.Leaderboards, board => board.Id, "leaderboard");
        Unique(parts.Phases, phase => phase.Id, "phase");
        Unique(parts.DatasetSplits, split => split.Id, "dataset split");
        UniqueCodename(parts.Phases, phase => (phase.Id, phase.Codename), "phases");
        UniqueCodename(parts.DatasetSplits, split => (split.Id, split.Codename), "dataset splits");
        foreach (var split in parts.PhaseSplits)
        {
            Exists(split.Section, "challenge_phase_id", split.Value.ChallengePhaseId, "Phases", [.. parts.Phases.Select(phase => (phase.Value.Id, phase.Value.Codename))]);
            Exists(split.Section, "leaderboard_id", split.Value.LeaderboardId, "Leaderboards", [.. parts.Leaderboards.Select(board => (board.Value.Id, board.Value.DefaultOrderBy))]);
            Exists(split.Section, "dataset_split_id", split.Value.DatasetSplitId, "Dataset splits", [.. parts.DatasetSplits.Select(data => (data.Value.Id, data.Value.Codename))]);
        }

        DuplicatePhaseSplits(parts.PhaseSplits);
        Used(parts);
    }

    private static void Unique<T>(IReadOnlyList<Read<T>> reads, Func<T, int> id, string what)
    {
        foreach (var group in reads.Where(read => id(read.Value) != SplitPart.NoId).GroupBy(read => id(read.Value)))
        {
            foreach (var again in group.Skip(1))
            {
                again.Section.Error("id", $"{what} id {group.Key} is used twice (first in line {group.First().Section.Map.Line}).", "Give each its own id.");
            }
        }
    }

    private static void UniqueCodename<T>(IReadOnlyList<Read<T>> reads, Func<T, (int Id, string Codename)> key, string what)
    {
        foreach (var group in reads.Where(read => key(read.Value).Codename.Length > 0).GroupBy(read => key(read.Value).Codename))
        {
            foreach (var again in group.Skip(1))
            {
                again.Section.Error(
                    "codename",
                    $"codename '{BundlePath.Printable(group.Key)}' is used by {what} {key(group.First().Value).Id} and {key(again.Value).Id}.",
                    "Codenames must differ.");
            }
        }
    }

    private static void Exists(Section section, string key, int id, string what, (int Id, string Name)[] known)
    {
        // Where the list or an id in it is wrong, that was said, and it may be the one that is meant.
        if (id != SplitPart.NoId && known.Length > 0 && known.All(entry => entry.Id != id && entry.Id != SplitPart.NoId))
        {
            section.Error(key, $"{key} {id} does not exist.", $"{what}: {string.Join(", ", known.Select(entry => $"{entry.Id} ({BundlePath.Printable(entry.Name)})"))}.");
        }
    }

    private static void DuplicatePhaseSplits(IReadOnlyList<Read<PhaseSplitDeclaration>> splits)
    {
        foreach (var group in splits.Where(split => split.Value.ChallengePhaseId != SplitPart.NoId)
            .GroupBy(split => (split.Value.ChallengePhaseId, split.Value.LeaderboardId, split.Value.DatasetSplitId)))
        {
            var first = group.First();
            foreach (var again in group.Skip(1))
            {
                var message = $"Phase {group.Key.ChallengePhaseId}, leaderboard {group.Key.LeaderboardId} and dataset split {group.Key.DatasetSplitId}"
                    + $" are joined a second time (first in line {first.Section.Map.Line})";
                if (again.Value == first.Value)
                {
                    again.Section.Context.Warning(again.Section.Map, again.Section.Path, $"{message}; this copy is left out.", "Remove it.");
                }
                else
                {
                    again.Section.Context.Error(again.Section.Map, again.Section.Path, $"{message}, with other settings.", "Keep one of them.");
                }
            }
        }
    }

    private static void Used(BundleParts parts)
    {
        if (parts.PhaseSplits.Count == 0)
        {
            return;
        }

        foreach (var phase in parts.Phases.Where(phase => phase.Value.Id != SplitPart.NoId && parts.PhaseSplits.All(split => split.Value.ChallengePhaseId != phase.Value.Id)))
        {
            Unused(phase.Section, $"Phase {phase.Value.Id} ({BundlePath.Printable(phase.Value.Codename)}) has no leaderboard.");
        }

        foreach (var board in parts.Leaderboards.Where(board => board.Value.Id != SplitPart.NoId && parts.PhaseSplits.All(split => split.Value.LeaderboardId != board.Value.Id)))
        {
            Unused(board.Section, $"Leaderboard {board.Value.Id} shows no phase.");
        }

        foreach (var data in parts.DatasetSplits.Where(data => data.Value.Id != SplitPart.NoId && parts.PhaseSplits.All(split => split.Value.DatasetSplitId != data.Value.Id)))
        {
            Unused(data.Section, $"Dataset split {data.Value.Id} ({BundlePath.Printable(data.Value.Codename)}) is not used.");
        }
    }

    private static void Unused(Section section, string message) =>
        section.Context.Warning(section.Map, section.Path, message, "Add an entry to challenge_phase_splits, or remove it.");
}
