using System.Text.Json.Nodes;

namespace Palio.Challenges.Bundles.Editing;

/// <summary>One value of a configuration that becomes another.</summary>
/// <param name="Item">Which entry of which list; null for the challenge itself.</param>
/// <param name="Key">The key, as the file writes it; with points between the keys of mappings in mappings.</param>
/// <param name="Value">The value; null removes the key.</param>
public sealed record BundleEdit(BundleItem? Item, string Key, JsonNode? Value);

/// <summary>An entry of one of the configuration's lists.</summary>
/// <param name="List">The list's key, such as <c>challenge_phases</c>.</param>
/// <param name="Where">Numbers that the entry has, such as its <c>id</c>.</param>
public sealed record BundleItem(string List, IReadOnlyDictionary<string, int> Where)
{
    /// <summary>A phase by its id in the bundle.</summary>
    public static BundleItem Phase(int id) => new("challenge_phases", new Dictionary<string, int> { ["id"] = id });

    /// <summary>A phase's splits.</summary>
    public static BundleItem SplitsOf(int phase) => new("challenge_phase_splits", new Dictionary<string, int> { ["challenge_phase_id"] = phase });

    /// <summary>A phase split.</summary>
    public static BundleItem Split(int phase, int leaderboard, int datasetSplit) => new("challenge_phase_splits", new Dictionary<string, int>
    {
        ["challenge_phase_id"] = phase,
        ["leaderboard_id"] = leaderboard,
        ["dataset_split_id"] = datasetSplit,
    });
}

/// <summary>What becomes of a bundle.</summary>
public sealed record BundleEdits
{
    /// <summary>Values.</summary>
    public IReadOnlyList<BundleEdit> Values { get; init; } = [];

    /// <summary>Entries that are taken out.</summary>
    public IReadOnlyList<BundleItem> Removed { get; init; } = [];

    /// <summary>Files that are added or replaced, by their paths beside the configuration.</summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Files { get; init; } = new Dictionary<string, ReadOnlyMemory<byte>>();

    /// <summary>Nothing changes.</summary>
    public bool IsEmpty => Values.Count == 0 && Removed.Count == 0 && Files.Count == 0;
}
