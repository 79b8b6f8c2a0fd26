using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Palio.Server.Features.Teams;

/// <summary>A link that lets one person into a team. Only the hash of its code is kept.</summary>
internal sealed class Invitation
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    public int Id { get; private set; }

    public required int TeamId { get; init; }

    public Team Team { get; private set; } = null!; // EF sets it when it is asked for

    public required string CodeHash { get; init; }

    public required int CreatedById { get; init; }

    public required DateTimeOffset Expires { get; init; }

    public DateTimeOffset? Used { get; private set; }

    public int? UsedById { get; private set; }

    public bool IsOpen(DateTimeOffset now) => Used is null && now < Expires;

    internal sealed class Configuration : IEntityTypeConfiguration<Invitation>
    {
        public void Configure(EntityTypeBuilder<Invitation> builder)
        {
            builder.ToTable("Invitations");
            builder.Property(invitation => invitation.CodeHash).HasMaxLength(64);
            builder.HasIndex(invitation => invitation.CodeHash).IsUnique();
            builder.HasOne(invitation => invitation.Team).WithMany().HasForeignKey(invitation => invitation.TeamId);
        }
    }
}
