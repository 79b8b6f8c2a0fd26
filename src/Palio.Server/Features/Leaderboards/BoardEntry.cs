using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Palio.Server.Features.Challenges;
using Palio.Server.Features.Submissions;
using Palio.Server.Features.Teams;

namespace Palio.Server.Features.Leaderboards;

/// <summary>
/// A row of a board: a team's best by one of its columns, its latest submission, or a baseline. Kept up to date when something that
/// decides it changes, so that a board is one indexed read by whichever column it is ordered.
/// </summary>
internal sealed class BoardEntry
{
    public int Id { get; private set; }

    public required int PhaseSplitId { get; init; }

    public PhaseSplit PhaseSplit { get; private set; } = null!; // EF sets it when it is asked for

    /// <summary>The column by which it is the best; where the latest counts, the board's own.</summary>
    public required string Column { get; init; }

    public required int TeamId { get; init; }

    public Team Team { get; private set; } = null!; // EF sets it when it is asked for

    public required int SubmissionId { get; init; }

    public Submission Submission { get; private set; } = null!; // EF sets it when it is asked for

    public required long EvaluationId { get; init; }

    public required bool IsBaseline { get; init; }

    /// <summary>Value of that column.</summary>
    public required double Value { get; init; }

    /// <summary>JSON list of the scores in the order of the columns.</summary>
    public required string Scores { get; init; }

    public required DateTimeOffset Submitted { get; init; }

    public required DateTimeOffset Updated { get; init; }

    /// <summary>Whether it shows nothing else.</summary>
    public bool IsSameAs(BoardEntry other) =>
        (Column, SubmissionId, EvaluationId, IsBaseline, Scores) == (other.Column, other.SubmissionId, other.EvaluationId, other.IsBaseline, other.Scores);

    internal sealed class Configuration : IEntityTypeConfiguration<BoardEntry>
    {
        public void Configure(EntityTypeBuilder<BoardEntry> builder)
        {
            builder.ToTable("BoardEntries");
            builder.Property(entry => entry.Column).HasMaxLength(200);
            builder.HasIndex(entry => new { entry.PhaseSplitId, entry.Column, entry.SubmissionId }).IsUnique();
            builder.HasIndex(entry => new { entry.PhaseSplitId, entry.TeamId });
            builder.HasOne(entry => entry.PhaseSplit).WithMany().HasForeignKey(entry => entry.PhaseSplitId);
            builder.HasOne(entry => entry.Team).WithMany().HasForeignKey(entry => entry.TeamId).OnDelete(DeleteBehavior.Restrict);
            builder.HasOne(entry => entry.Submission).WithMany().HasForeignKey(entry => entry.SubmissionId).OnDelete(DeleteBehavior.Restrict);
        }
    }
}
