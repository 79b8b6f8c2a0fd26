namespace Palio.Challenges.Bundles;

/// <summary>A challenge as its bundle declares it: checked, complete, in UTC, with every default filled in.</summary>
public sealed record ChallengeBundle
{
    /// <summary>Path of the configuration inside the bundle, such as <c>challenge_config.yaml</c>.</summary>
    public required string ConfigPath { get; init; }

    /// <summary>SHA-256 of all files and their paths, <c>sha256:…</c>: the same bundle has the same digest.</summary>
    public required string Digest { get; init; }

    /// <summary>What stands at the top of the configuration.</summary>
    public required ChallengeDeclaration Challenge { get; init; }

    /// <summary>The boards.</summary>
    public required IReadOnlyList<LeaderboardDeclaration> Leaderboards { get; init; }

    /// <summary>The phases, in the file's order.</summary>
    public required IReadOnlyList<PhaseDeclaration> Phases { get; init; }

    /// <summary>The dataset splits.</summary>
    public required IReadOnlyList<DatasetSplitDeclaration> DatasetSplits { get; init; }

    /// <summary>Which phase is shown on which board for which split.</summary>
    public required IReadOnlyList<PhaseSplitDeclaration> PhaseSplits { get; init; }

    /// <summary>Where in the configuration its elements stand.</summary>
    public BundlePlaces Places { get; init; } = BundlePlaces.None;

    /// <summary>The board with this id of the file.</summary>
    /// <exception cref="KeyNotFoundException">There is none; a bundle that was read has all that its phase splits name.</exception>
    public LeaderboardDeclaration Leaderboard(int id) =>
        Leaderboards.FirstOrDefault(leaderboard => leaderboard.Id == id) ?? throw new KeyNotFoundException($"No leaderboard {id}.");

    /// <summary>The phase with this id of the file.</summary>
    /// <exception cref="KeyNotFoundException">There is none; a bundle that was read has all that its phase splits name.</exception>
    public PhaseDeclaration Phase(int id) =>
        Phases.FirstOrDefault(phase => phase.Id == id) ?? throw new KeyNotFoundException($"No phase {id}.");
}

/// <summary>A page of the bundle: one of its HTML or Markdown templates. The text is the host's: sanitise before showing.</summary>
/// <param name="Path">The file's path inside the bundle.</param>
/// <param name="Format">By the file's extension.</param>
/// <param name="Text">The text as it stands in the file.</param>
public sealed record BundlePage(string Path, PageFormat Format, string Text);

/// <summary>The language of a page.</summary>
public enum PageFormat
{
    /// <summary><c>.html</c>, <c>.htm</c></summary>
    Html,

    /// <summary><c>.md</c>, <c>.markdown</c></summary>
    Markdown,
}

/// <summary>A picture of the bundle, of a checked type.</summary>
/// <param name="Path">The file's path inside the bundle.</param>
/// <param name="MediaType">By the file's first bytes: <c>image/png</c>, <c>image/jpeg</c>, <c>image/gif</c> or <c>image/webp</c>.</param>
public sealed record BundleImage(string Path, string MediaType);
