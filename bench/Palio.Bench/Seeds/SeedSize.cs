namespace Palio.Bench.Seeds;

/// <summary>How much a seeded server holds.</summary>
/// <param name="Submissions">Judged submissions.</param>
/// <param name="Teams">The teams they are from, in turn, each with a place on the board as soon as it has one.</param>
internal readonly record struct SeedSize(int Submissions, int Teams)
{
    /// <summary>The fewer of the two that are compared; with <c>--quick</c> a tenth of what the aims speak of.</summary>
    public static SeedSize Few(BenchOptions options) => options.Quick ? new(1_000, 1_000) : new(10_000, 10_000);

    /// <summary>The more of the two that are compared; with <c>--quick</c> a hundredth of what the aims speak of.</summary>
    public static SeedSize Many(BenchOptions options) => options.Quick ? new(10_000, 1_000) : new(1_000_000, 10_000);
}
