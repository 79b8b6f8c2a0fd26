using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Palio.Server.Features.Teams;

namespace Palio.Server.Features.Challenges;

/// <summary>A team's part in a challenge, with the terms it accepted.</summary>
internal sealed class ChallengeParticipation
{
    public int Id { get; private set; }

    public required int ChallengeId { get; init; }

    public Challenge Challenge { get; private set; } = null!; // EF sets it when it is asked for

    public required int TeamId { get; init; }

    public Team Team { get; private set; } = null!; // EF sets it when it is asked for

    public required DateTimeOffset Joined { get; init; }

    /// <summary>Revision of the terms, who accepted them, and when (<see cref="Joined"/>).</summary>
    public required int TermsRevision { get; init; }

    public required int AcceptedById { get; init; }

    public bool Approved { get; private set; }

    public bool Disqualified { get; private set; }

    /// <summary>Counted up first in every submission's transaction: the row's lock makes parallel submissions of a team queue up.</summary>
    public int Submissions { get; private set; }

    public void Approve() => Approved = true;

    public void Disqualify() => Disqualified = true;

    public void Reinstate() => Disqualified = false;

    internal sealed class Configuration : IEntityTypeConfiguration<ChallengeParticipation>
    {
        public void Configure(EntityTypeBuilder<ChallengeParticipation> builder)
        {
            builder.ToTable("Participations");
            builder.HasIndex(participation => new { participation.ChallengeId, participation.TeamId }).IsUnique();
            builder.HasIndex(participation => participation.TeamId);
            builder.HasOne(participation => participation.Challenge).WithMany().HasForeignKey(participation => participation.ChallengeId);
            builder.HasOne(participation => participation.Team).WithMany().HasForeignKey(participation => participation.TeamId)
                .OnDelete(DeleteBehavior.Restrict);
        }
    }
}

/// <summary>A challenge's name taken before the challenge exists, by the first push of an environment image to <c>name/host</c>.</summary>
internal sealed class RepositoryClaim
{
    public int Id { get; private set; }

    public required string Slug { get; init; }

    public required int UserId { get; init; }

    public required DateTimeOffset Claimed { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<RepositoryClaim>
    {
        public void Configure(EntityTypeBuilder<RepositoryClaim> builder)
        {
            builder.ToTable("RepositoryClaims");
            builder.Property(claim => claim.Slug).HasMaxLength(100);
            builder.HasIndex(claim => claim.Slug).IsUnique();
        }
    }
}
