namespace Palio.Challenges.Bundles.Reading;

/// <summary>Reads dataset splits and phase splits.</summary>
internal static class SplitPart
{
    /// <summary>Stands for an id that is missing or wrong, which was reported; nothing refers to it.</summary>
    public const int NoId = -1;

    public static Read<DatasetSplitDeclaration> ReadDatasetSplit(Section section) => new(
        section,
        new DatasetSplitDeclaration(section.IntegerOrNull("id") ?? NoId, section.Text("name") ?? "", section.Text("codename") ?? ""));

    public static Read<PhaseSplitDeclaration> ReadPhaseSplit(Section section)
    {
        foreach (var key in (string[])["leaderboard_decimal_precision", "is_leaderboard_order_descending"])
        {
            if (!section.Has(key))
            {
                section.Warning(
                    key,
                    $"'{key}' is missing; {Bundles.Schema.LeaderboardKeys.PhaseSplit[key].Default} is taken. EvalAI refuses the file without it.",
                    "Add it.");
            }
        }

        return new(section, new PhaseSplitDeclaration
        {
            ChallengePhaseId = section.IntegerOrNull("challenge_phase_id") ?? NoId,
            LeaderboardId = section.IntegerOrNull("leaderboard_id") ?? NoId,
            DatasetSplitId = section.IntegerOrNull("dataset_split_id") ?? NoId,
            Visibility = (BoardVisibility)(section.IntegerOrNull("visibility") ?? (int)BoardVisibility.Host),
            LeaderboardDecimalPrecision = section.Integer("leaderboard_decimal_precision"),
            IsLeaderboardOrderDescending = section.Flag("is_leaderboard_order_descending"),
            ShowLeaderboardByLatestSubmission = section.Flag("show_leaderboard_by_latest_submission"),
            ShowExecutionTime = section.Flag("show_execution_time"),
            ShowScoresOnLeaderboard = section.Flag("show_scores_on_leaderboard"),
        });
    }
}
