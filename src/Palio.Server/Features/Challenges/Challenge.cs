using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Palio.Challenges.Windows;
using Palio.Server.Features.Teams;

namespace Palio.Server.Features.Challenges;

/// <summary>A challenge as it stands: what its newest revision says, and what administrator and host decided since.</summary>
internal sealed class Challenge
{
    public const int LongestSource = 300;

    public int Id { get; private set; }

    /// <summary>Part of addresses and repository names; never changes.</summary>
    public required string Slug { get; init; }

    public required int HostTeamId { get; init; }

    public Team HostTeam { get; private set; } = null!; // EF sets it when it is asked for

    public required DateTimeOffset Created { get; init; }

    public required string Title { get; set; }

    public string ShortDescription { get; set; } = "";

    public required DateTimeOffset Starts { get; set; }

    public required DateTimeOffset Ends { get; set; }

    public bool IsPublished { get; set; }

    public bool IsRegistrationOpen { get; set; } = true;

    public bool RequiresApproval { get; set; }

    public bool IsSubmissionPaused { get; set; }

    /// <summary>Set apart by the administrator.</summary>
    public bool IsFeatured { get; set; }

    /// <summary>Separated by line feeds.</summary>
    public string Tags { get; set; } = "";

    public ReviewState Review { get; private set; }

    public string? ReviewNote { get; private set; }

    public DateTimeOffset? Reviewed { get; private set; }

    /// <summary>Number of the newest revision, from 1.</summary>
    public int Revision { get; set; }

    /// <summary>The repository it is published from, <c>owner/name</c> with <c>@branch</c> when it has several; null for none. Its identity, whatever the title becomes.</summary>
    public string? Source { get; set; }

    /// <summary>Name of the queue that the host's own workers ask. It cannot be guessed, though it is no secret.</summary>
    public required string Queue { get; init; }

    public List<Phase> Phases { get; } = [];

    public List<ChallengeRevision> Revisions { get; } = [];

    public void Decide(bool approve, string? note, DateTimeOffset now) =>
        (Review, ReviewNote, Reviewed) = (approve ? ReviewState.Approved : ReviewState.Refused, note, now);

    public ChallengeStanding Standing() => new()
    {
        Window = new TimeWindow(Starts, Ends),
        IsApproved = Review == ReviewState.Approved,
        IsPublished = IsPublished,
        IsDisabled = Review == ReviewState.Refused,
        IsSubmissionPaused = IsSubmissionPaused,
    };

    internal sealed class Configuration : IEntityTypeConfiguration<Challenge>
    {
        public void Configure(EntityTypeBuilder<Challenge> builder)
        {
            builder.ToTable("Challenges");
            builder.Property(challenge => challenge.Slug).HasMaxLength(100);
            builder.Property(challenge => challenge.Title).HasMaxLength(200);
            builder.Property(challenge => challenge.Source).HasMaxLength(LongestSource);
            builder.Property(challenge => challenge.Queue).HasMaxLength(80);
            builder.HasIndex(challenge => challenge.Slug).IsUnique();
            builder.HasIndex(challenge => challenge.Queue).IsUnique();
            builder.HasIndex(challenge => challenge.Source);
            builder.HasIndex(challenge => new { challenge.Review, challenge.Starts });
            builder.HasOne(challenge => challenge.HostTeam).WithMany().HasForeignKey(challenge => challenge.HostTeamId)
                .OnDelete(DeleteBehavior.Restrict);
        }
    }
}

/// <summary>The administrator's word on a challenge.</summary>
internal enum ReviewState
{
    Waiting,
    Approved,
    Refused,
}
