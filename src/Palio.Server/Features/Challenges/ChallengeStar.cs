using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Features.Accounts;

namespace Palio.Server.Features.Challenges;

/// <summary>A person's star for a challenge.</summary>
internal sealed class ChallengeStar
{
    public required int ChallengeId { get; init; }

    public Challenge Challenge { get; private set; } = null!; // EF sets it when it is asked for

    public required int UserId { get; init; }

    public User User { get; private set; } = null!; // EF sets it when it is asked for

    /// <summary>False when it was taken back.</summary>
    public required bool IsStarred { get; set; }

    /// <summary>Gives the caller's star, or takes it back; true when it was never given before.</summary>
    public static async Task<bool> ToggleAsync(int challengeId, CurrentUser caller, PalioDbContext db, CancellationToken cancellationToken)
    {
        var star = await db.ChallengeStars.FirstOrDefaultAsync(s => s.ChallengeId == challengeId && s.UserId == caller.Id, cancellationToken);
        if (star is null)
        {
            db.ChallengeStars.Add(new ChallengeStar { ChallengeId = challengeId, UserId = caller.Id, IsStarred = true });
        }
        else
        {
            star.IsStarred = !star.IsStarred;
        }

        await db.SaveChangesAsync(cancellationToken);
        return star is null;
    }

    internal sealed class Configuration : IEntityTypeConfiguration<ChallengeStar>
    {
        public void Configure(EntityTypeBuilder<ChallengeStar> builder)
        {
            builder.ToTable("ChallengeStars");
            builder.HasKey(star => new { star.ChallengeId, star.UserId });
            builder.HasOne(star => star.Challenge).WithMany().HasForeignKey(star => star.ChallengeId).OnDelete(DeleteBehavior.Cascade);
            builder.HasOne(star => star.User).WithMany().HasForeignKey(star => star.UserId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
