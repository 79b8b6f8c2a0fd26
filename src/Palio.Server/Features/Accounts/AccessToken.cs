using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Palio.Protocol.Api;
using Palio.Server.Features.Challenges;

namespace Palio.Server.Features.Accounts;

/// <summary>A personal access token. Only the hash of its secret is kept.</summary>
internal sealed class AccessToken
{
    public int Id { get; private set; }

    public required int UserId { get; init; }

    public User User { get; private set; } = null!; // EF sets it when it is asked for

    public required string Name { get; init; }

    /// <summary>SHA-256 of the secret, lower-case hex. The secret has 190 random bits, so that no slow hash is needed.</summary>
    public required string Hash { get; init; }

    public required TokenScope Scope { get; init; }

    /// <summary>Good for the work of this challenge's own workers and nothing else; null for a person's token.</summary>
    public int? WorksForId { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required DateTimeOffset Expires { get; init; }

    public DateTimeOffset? LastUsed { get; private set; }

    public DateTimeOffset? Revoked { get; private set; }

    public TokenState StateAt(DateTimeOffset now) =>
        Revoked is not null ? TokenState.Revoked : now >= Expires ? TokenState.Expired : TokenState.Good;

    public void Revoke(DateTimeOffset now) => Revoked ??= now;

    internal sealed class Configuration : IEntityTypeConfiguration<AccessToken>
    {
        public void Configure(EntityTypeBuilder<AccessToken> builder)
        {
            builder.ToTable("AccessTokens");
            builder.Property(token => token.Name).HasMaxLength(100);
            builder.Property(token => token.Hash).HasMaxLength(64);
            builder.HasIndex(token => token.Hash).IsUnique();
            builder.HasIndex(token => token.UserId);
            builder.HasOne<Challenge>().WithMany().HasForeignKey(token => token.WorksForId).OnDelete(DeleteBehavior.Cascade);
            builder.HasOne(token => token.User).WithMany().HasForeignKey(token => token.UserId);
        }
    }
}

/// <summary>Whether a token may be used.</summary>
internal enum TokenState
{
    Good,
    Expired,
    Revoked,
}
