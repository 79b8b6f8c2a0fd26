using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Palio.Protocol.Api;
using Palio.Server.Features.Accounts;

namespace Palio.Server.Features.Teams;

/// <summary>People who act together: hosts of challenges, or participants.</summary>
internal sealed class Team
{
    public int Id { get; private set; }

    public required TeamKind Kind { get; init; }

    public required string Name { get; set; }

    /// <summary>The name in upper case: names are unique among their kind whatever the case.</summary>
    public required string NormalizedName { get; set; }

    /// <summary>The team's part of repository names.</summary>
    public required string Slug { get; init; }

    public string? Url { get; set; }

    public required DateTimeOffset Created { get; init; }

    public List<TeamMember> Members { get; } = [];

    internal sealed class Configuration : IEntityTypeConfiguration<Team>
    {
        public void Configure(EntityTypeBuilder<Team> builder)
        {
            builder.ToTable("Teams");
            builder.Property(team => team.Name).HasMaxLength(100);
            builder.Property(team => team.NormalizedName).HasMaxLength(100);
            builder.Property(team => team.Slug).HasMaxLength(100);
            builder.Property(team => team.Url).HasMaxLength(500);
            builder.HasIndex(team => new { team.Kind, team.NormalizedName }).IsUnique();
            builder.HasIndex(team => new { team.Kind, team.Slug }).IsUnique();
        }
    }
}

/// <summary>A person's place in a team.</summary>
internal sealed class TeamMember
{
    public int TeamId { get; init; }

    public Team Team { get; private set; } = null!; // EF sets it when it is asked for

    public required int UserId { get; init; }

    public User User { get; private set; } = null!; // EF sets it when it is asked for

    public required DateTimeOffset Joined { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<TeamMember>
    {
        public void Configure(EntityTypeBuilder<TeamMember> builder)
        {
            builder.ToTable("TeamMembers");
            builder.HasKey(member => new { member.TeamId, member.UserId });
            builder.HasIndex(member => member.UserId);
            builder.HasOne(member => member.Team).WithMany(team => team.Members).HasForeignKey(member => member.TeamId);
            builder.HasOne(member => member.User).WithMany().HasForeignKey(member => member.UserId);
        }
    }
}
