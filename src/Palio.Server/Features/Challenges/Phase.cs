using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Palio.Challenges.Ranking;
using Palio.Challenges.Seeds;
using Palio.Challenges.Windows;
using Palio.Protocol.Api;

namespace Palio.Server.Features.Challenges;

/// <summary>A phase as it stands.</summary>
internal sealed class Phase
{
    public int Id { get; private set; }

    public int ChallengeId { get; init; }

    public Challenge Challenge { get; private set; } = null!; // EF sets it when it is asked for

    /// <summary>The phase's id in the bundle: the same in every revision.</summary>
    public required int BundleId { get; init; }

    /// <summary>Place in the bundle, from 0.</summary>
    public int Position { get; set; }

    public required string Codename { get; set; }

    public required string Name { get; set; }

    public required DateTimeOffset Starts { get; set; }

    public required DateTimeOffset Ends { get; set; }

    public bool IsPublic { get; set; }

    /// <summary>False when a later revision left the phase out: its submissions stay, no new ones are taken.</summary>
    public bool IsDeclared { get; set; } = true;

    /// <summary>Has all that judging its submissions takes: an image to play against, a script, or the host's own workers.</summary>
    public bool IsReady { get; set; }

    /// <summary>Paused by the bundle or by the host since.</summary>
    public bool IsSubmissionPaused { get; set; }

    /// <summary>No failed submission uses up quota, as on EvalAI; else those do that the team is to blame for.</summary>
    public bool FailedAreFree { get; set; }

    /// <summary>The secret of hidden seeds, hex. Never leaves the server while the phase is open.</summary>
    public string Secret { get; init; } = PhaseSecret.Generate().Reveal();

    /// <summary>Annotations that the host sent since, in the content store; they win over the bundle's. Null for none.</summary>
    public string? AnnotationDigest { get; set; }

    /// <summary>Their file's name.</summary>
    public string? AnnotationName { get; set; }

    /// <summary>The newest revision's declaration.</summary>
    public int? CurrentId { get; set; }

    public PhaseRevision? Current { get; set; }

    public List<PhaseSplit> Splits { get; } = [];

    public PhaseStanding Standing(Challenge challenge) => new()
    {
        Challenge = challenge.Standing(),
        Window = new TimeWindow(Starts, Ends),
        IsPublic = IsPublic && IsDeclared,
        IsSubmissionPaused = IsSubmissionPaused,
        IsReady = IsReady && IsDeclared,
    };

    internal sealed class Configuration : IEntityTypeConfiguration<Phase>
    {
        public void Configure(EntityTypeBuilder<Phase> builder)
        {
            builder.ToTable("Phases");
            builder.Property(phase => phase.Codename).HasMaxLength(100);
            builder.Property(phase => phase.Name).HasMaxLength(200);
            builder.Property(phase => phase.Secret).HasMaxLength(64);
            builder.Property(phase => phase.AnnotationDigest).HasMaxLength(100);
            builder.Property(phase => phase.AnnotationName).HasMaxLength(255);
            builder.HasIndex(phase => new { phase.ChallengeId, phase.BundleId }).IsUnique();
            builder.HasOne(phase => phase.Challenge).WithMany(challenge => challenge.Phases).HasForeignKey(phase => phase.ChallengeId);
            builder.HasOne(phase => phase.Current).WithMany().HasForeignKey(phase => phase.CurrentId).OnDelete(DeleteBehavior.Restrict);
        }
    }
}

/// <summary>A phase scored on a dataset split, shown on a board.</summary>
internal sealed class PhaseSplit
{
    public int Id { get; private set; }

    public int PhaseId { get; private set; }

    public Phase Phase { get; private set; } = null!; // EF sets it when it is asked for

    /// <summary>Ids of leaderboard and dataset split in the bundle.</summary>
    public required int LeaderboardBundleId { get; init; }

    public required int DatasetBundleId { get; init; }

    /// <summary>The dataset split's codename, by which results name it.</summary>
    public required string DatasetCodename { get; set; }

    public int Position { get; set; }

    public required string Name { get; set; }

    /// <summary>Who sees the board: <c>public</c>, <c>owner_and_host</c>, <c>host</c>.</summary>
    public required string Visibility { get; set; }

    public bool IsDeclared { get; set; } = true;

    /// <summary>JSON list of <see cref="LeaderboardColumn"/>.</summary>
    public required string Columns { get; set; }

    /// <summary>The metric that ranks.</summary>
    public required string OrderBy { get; set; }

    public bool HigherIsBetter { get; set; } = true;

    /// <summary>A team stands with its latest submission instead of its best.</summary>
    public bool ByLatest { get; set; }

    /// <summary>Everybody sees the values; else hosts alone, and others the order.</summary>
    public bool ShowScores { get; set; } = true;

    /// <summary>The board says how long each evaluation took.</summary>
    public bool ShowExecutionTime { get; set; }

    /// <summary>Moves on with whatever may have changed what stands on the board: two readings of the same version are the same board.</summary>
    public long BoardVersion { get; private set; }

    /// <summary>Everybody sees it: then only public submissions stand on it. On the others they all do, as on EvalAI.</summary>
    public bool IsPublic => Visibility == "public";

    public BoardOrder Order() => new() { OrderBy = OrderBy, Descending = HigherIsBetter, LatestPerTeam = ByLatest };

    internal sealed class Configuration : IEntityTypeConfiguration<PhaseSplit>
    {
        public void Configure(EntityTypeBuilder<PhaseSplit> builder)
        {
            builder.ToTable("PhaseSplits");
            builder.Property(split => split.Name).HasMaxLength(200);
            builder.Property(split => split.DatasetCodename).HasMaxLength(100);
            builder.Property(split => split.Visibility).HasMaxLength(20);
            builder.Property(split => split.OrderBy).HasMaxLength(200);
            builder.HasIndex(split => new { split.PhaseId, split.LeaderboardBundleId, split.DatasetBundleId }).IsUnique();
            builder.HasOne(split => split.Phase).WithMany(phase => phase.Splits).HasForeignKey(split => split.PhaseId);
        }
    }
}
