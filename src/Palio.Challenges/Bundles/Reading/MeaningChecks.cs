using Palio.Challenges.Ranking;

namespace Palio.Challenges.Bundles.Reading;

/// <summary>Warns of what is allowed but probably not meant.</summary>
internal static class MeaningChecks
{
    public static void Check(BundleParts parts)
    {
        CodeUpload(parts);
        foreach (var phase in parts.Phases)
        {
            Window(phase, parts.Challenge);
        }

        foreach (var split in parts.PhaseSplits)
        {
            if (parts.Leaderboards.FirstOrDefault(board => board.Value.Id == split.Value.LeaderboardId) is { Section: not null } board)
            {
                Direction(split, board.Value);
            }
        }
    }

    private static void CodeUpload(BundleParts parts)
    {
        if (!parts.Challenge.IsCodeUpload && parts.MeansCodeUpload)
        {
            parts.Root.Warning(
                "is_docker_based",
                "A phase has an environment, but the challenge is not code upload; it is taken as code upload.",
                "Write is_docker_based: True at the top level.");
        }

        foreach (var phase in parts.Phases.Where(phase => phase.Value.Judging is Judging.Play or Judging.Environment && phase.Value.EnvironmentImage is null))
        {
            phase.Section.Warning(
                "environment_image",
                $"phase {phase.Value.Id} ({BundlePath.Printable(phase.Value.Codename)}): code upload, but no environment_image.",
                "Set it here or in the challenge's settings; the phase takes no submissions until then.");
        }
    }

    private static void Window(Read<PhaseDeclaration> phase, ChallengeDeclaration challenge)
    {
        var (start, end) = (phase.Value.StartDate, phase.Value.EndDate);
        if (start == default || end == default || challenge.StartDate == default || challenge.EndDate == default || start >= end)
        {
            return;
        }

        if (start < challenge.StartDate || end > challenge.EndDate)
        {
            phase.Section.Warning(
                start < challenge.StartDate ? "start_date" : "end_date",
                $"phase {phase.Value.Id} ({BundlePath.Printable(phase.Value.Codename)}) is not inside the challenge's dates.",
                "It takes submissions only while both are open; make them fit if that is not meant.");
        }
    }

    private static void Direction(Read<PhaseSplitDeclaration> split, LeaderboardDeclaration board)
    {
        if (!board.Metadata.TryGetValue(board.DefaultOrderBy, out var metadata) || !split.Section.Has("is_leaderboard_order_descending"))
        {
            return;
        }

        var byMetadata = BoardOrder.From(board, split.Value).Descending;
        if (byMetadata == split.Value.IsLeaderboardOrderDescending)
        {
            return;
        }

        var (says, used) = byMetadata ? ("sort_ascending: False (highest first)", "Highest") : ("sort_ascending: True (lowest first)", "Lowest");
        var other = byMetadata ? "False (lowest first)" : "True (highest first)";
        says = metadata.SortAscending is null ? "nothing about sort_ascending (lowest first)" : says;
        split.Section.Warning(
            "is_leaderboard_order_descending",
            $"leaderboard {board.Id}: metadata of '{BundlePath.Printable(board.DefaultOrderBy)}' says {says}, this phase split says is_leaderboard_order_descending: {other}.",
            $"{used} first is used, as on EvalAI. Remove one of the two.");
    }
}
