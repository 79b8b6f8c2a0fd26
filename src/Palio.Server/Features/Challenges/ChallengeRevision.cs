using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Palio.Challenges.Bundles;

namespace Palio.Server.Features.Challenges;

/// <summary>A published bundle. Never changes: an evaluation is judged by the revision it started with.</summary>
internal sealed class ChallengeRevision
{
    public int Id { get; private set; }

    public int ChallengeId { get; init; }

    public Challenge Challenge { get; private set; } = null!; // EF sets it when it is asked for

    /// <summary>From 1, without gaps.</summary>
    public required int Number { get; init; }

    /// <summary>Digest of the bundle's files.</summary>
    public required string BundleDigest { get; init; }

    public required int PublishedById { get; init; }

    public required DateTimeOffset Published { get; init; }

    /// <summary>The challenge's own part of the bundle, JSON of <see cref="Palio.Challenges.Bundles.ChallengeDeclaration"/>.</summary>
    public required string Declaration { get; init; }

    public required string DescriptionHtml { get; init; }

    public required string EvaluationHtml { get; init; }

    public required string TermsHtml { get; init; }

    public required string GuidelinesHtml { get; init; }

    /// <summary>Media type of the logo; its bytes lie in the data folder. Null without one.</summary>
    public string? LogoType { get; init; }

    public List<PhaseRevision> Phases { get; } = [];

    public ChallengeDeclaration Declared() => Declarations<ChallengeDeclaration>.Read(Declaration);

    internal sealed class Configuration : IEntityTypeConfiguration<ChallengeRevision>
    {
        public void Configure(EntityTypeBuilder<ChallengeRevision> builder)
        {
            builder.ToTable("ChallengeRevisions");
            builder.Property(revision => revision.BundleDigest).HasMaxLength(100);
            builder.Property(revision => revision.LogoType).HasMaxLength(50);
            builder.HasIndex(revision => new { revision.ChallengeId, revision.Number }).IsUnique();
            builder.HasOne(revision => revision.Challenge).WithMany(challenge => challenge.Revisions).HasForeignKey(revision => revision.ChallengeId);
        }
    }
}

/// <summary>A phase as one revision declares it.</summary>
internal sealed class PhaseRevision
{
    public int Id { get; private set; }

    public int RevisionId { get; private set; }

    public ChallengeRevision Revision { get; private set; } = null!; // EF sets it when it is asked for

    public required int PhaseId { get; init; }

    public Phase Phase { get; private set; } = null!; // EF sets it when it is asked for

    /// <summary>JSON of <see cref="PhaseDeclaration"/>.</summary>
    public required string Declaration { get; set; }

    public required string DescriptionHtml { get; init; }

    /// <summary>Repository or outside reference of the environment image, without tag or digest; null when there is none.</summary>
    public string? EnvironmentRepository { get; init; }

    /// <summary>Whether that repository is in the embedded registry.</summary>
    public bool EnvironmentIsEmbedded { get; init; }

    /// <summary>As published: of an index, when that was pushed.</summary>
    public string? EnvironmentDigest { get; init; }

    /// <summary>Of the image itself, which was looked at and is played. Of an image elsewhere nothing is known: the digest as published.</summary>
    public string? EnvironmentManifestDigest { get; init; }

    /// <summary>The host's script as an archive in the content store; null where nothing is scored by one.</summary>
    public string? ScriptDigest { get; init; }

    /// <summary>The annotations in the content store; null without any.</summary>
    public string? AnnotationDigest { get; init; }

    /// <summary>Their file's name.</summary>
    public string? AnnotationName { get; init; }

    public PhaseDeclaration Declared() => Declarations<PhaseDeclaration>.Read(Declaration);

    /// <summary>What teams' images find in <c>/dataset</c>, as an archive in the content store; null for nothing.</summary>
    public string? DatasetDigest { get; init; }

    /// <summary>This revision's environment turned out to be made for EvalAI.</summary>
    /// <returns>Whether it scores from now on; false where the host declared how the referee does.</returns>
    public bool TryLetEnvironmentScore()
    {
        var declaration = ChallengeViews.Declaration(this);
        if (declaration is not { Judging: Judging.Play or Judging.Environment, Evaluation.IsScoringOpen: true })
        {
            return false;
        }

        Declaration = JsonSerializer.Serialize(declaration with { Judging = Judging.Environment });
        return true;
    }

    internal sealed class Configuration : IEntityTypeConfiguration<PhaseRevision>
    {
        public void Configure(EntityTypeBuilder<PhaseRevision> builder)
        {
            builder.ToTable("PhaseRevisions");
            builder.Property(phase => phase.EnvironmentRepository).HasMaxLength(300);
            builder.Property(phase => phase.EnvironmentDigest).HasMaxLength(200);
            builder.Property(phase => phase.EnvironmentManifestDigest).HasMaxLength(200);
            builder.Property(phase => phase.ScriptDigest).HasMaxLength(100);
            builder.Property(phase => phase.AnnotationDigest).HasMaxLength(100);
            builder.Property(phase => phase.AnnotationName).HasMaxLength(255);
            builder.Property(phase => phase.DatasetDigest).HasMaxLength(100);
            builder.HasIndex(phase => new { phase.RevisionId, phase.PhaseId }).IsUnique();
            builder.HasOne(phase => phase.Revision).WithMany(revision => revision.Phases).HasForeignKey(phase => phase.RevisionId);
            builder.HasOne(phase => phase.Phase).WithMany().HasForeignKey(phase => phase.PhaseId).OnDelete(DeleteBehavior.Restrict);
        }
    }
}
