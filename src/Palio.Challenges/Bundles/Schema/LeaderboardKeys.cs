using static Palio.Challenges.Bundles.Schema.ValueKind;

namespace Palio.Challenges.Bundles.Schema;

/// <summary>The keys of boards and splits.</summary>
internal static class LeaderboardKeys
{
    public static KeyTable Metadata { get; } = new("a label's metadata",
    [
        new("sort_ascending", Flag, "Whether the lowest value is first. Wins over the phase split; true when the entry does not say."),
        new("description", Text, "The column's explanation.") { Max = 4_000 },
    ]);

    public static KeyTable Schema { get; } = new("a leaderboard's schema",
    [
        new("labels", Texts, "The columns: the names of metrics.") { IsRequired = true, Max = 100 },
        new("default_order_by", Text, "The column that ranks; one of the labels.") { IsRequired = true, Max = 200 },
        new("metadata", Map, "About single columns, by label.") { Children = Metadata, HasFreeKeys = true, Max = 100 },
    ]);

    public static KeyTable Board { get; } = new("a leaderboard",
    [
        new("id", Integer, "Number to refer to it by.") { IsRequired = true, Min = 0, Max = int.MaxValue },
        new("schema", Map, "Columns and order.") { IsRequired = true, Children = Schema },
    ]);

    public static KeyTable DatasetSplit { get; } = new("a dataset split",
    [
        new("id", Integer, "Number to refer to it by.") { IsRequired = true, Min = 0, Max = int.MaxValue },
        new("name", Text, "The name.") { IsRequired = true, Max = 100 },
        new("codename", Text, "The short name; unique.") { IsRequired = true, Max = 100 },
    ]);

    public static KeyTable PhaseSplit { get; } = new("a phase split",
    [
        new("challenge_phase_id", Integer, "A phase's id.") { IsRequired = true, Min = 0, Max = int.MaxValue },
        new("leaderboard_id", Integer, "A leaderboard's id.") { IsRequired = true, Min = 0, Max = int.MaxValue },
        new("dataset_split_id", Integer, "A dataset split's id.") { IsRequired = true, Min = 0, Max = int.MaxValue },
        new("visibility", Integer, "Who sees the board: 1 the host, 2 also each team its own entry, 3 everybody.")
        {
            IsRequired = true,
            Min = 1,
            Max = 3,
        },
        new("leaderboard_decimal_precision", Integer, "Digits after the point.") { Default = "2", Min = 0, Max = 15 },
        new("is_leaderboard_order_descending", Flag, "Whether the highest value is first; a label's metadata wins.")
        {
            Default = "true",
            Aliases = ["leaderboard_order_is_descending"],
        },
        new("show_leaderboard_by_latest_submission", Flag, "Whether a team stands with its latest instead of its best submission.") { Default = "false" },
        new("show_execution_time", Flag, "Whether the board shows how long evaluations took.") { Default = "false", Aliases = ["showeceution_time"] },
        new("show_scores_on_leaderboard", Flag, "Whether the board shows values.") { Default = "true" },
    ]);
}
