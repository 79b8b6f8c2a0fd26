using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Palio.Server.Features.Leaderboards;

/// <summary>Whose rows a version of a board changed, so that who knows an older version reads no more than those.</summary>
internal sealed class BoardChange
{
    /// <summary>So many versions are on record for each board.</summary>
    public const int Kept = 1000;

    public required int PhaseSplitId { get; init; }

    public required long Version { get; init; }

    public required int TeamId { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<BoardChange>
    {
        public void Configure(EntityTypeBuilder<BoardChange> builder)
        {
            builder.ToTable("BoardChanges");
            builder.HasKey(change => new { change.PhaseSplitId, change.Version });
            builder.HasOne<Challenges.PhaseSplit>().WithMany().HasForeignKey(change => change.PhaseSplitId);
        }
    }
}
