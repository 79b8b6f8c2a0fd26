using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Palio.Server.Features.Accounts;

/// <summary>A person's account.</summary>
internal sealed class User : IdentityUser<int>
{
    public required DateTimeOffset Created { get; init; }

    public bool IsAdministrator { get; init; }

    /// <summary>Set for the password that the first start printed: the pages ask for a new one before anything else.</summary>
    public bool MustChangePassword { get; private set; }

    /// <summary>What the person tells of itself: JSON of <see cref="PersonalProfile"/>; null for nothing.</summary>
    public string? Profile { get; set; }

    public static User Administrator(string userName, DateTimeOffset now) => new()
    {
        UserName = userName,
        Email = $"{userName}@localhost",
        IsAdministrator = true,
        MustChangePassword = true,
        Created = now,
    };

    public void PasswordChanged() => MustChangePassword = false;

    /// <summary>Somebody else chose its password: it is good for choosing another. A locked account is open again.</summary>
    public void PasswordGiven() => (MustChangePassword, LockoutEnd, AccessFailedCount) = (true, null, 0);

    internal sealed class Configuration : IEntityTypeConfiguration<User>
    {
        public void Configure(EntityTypeBuilder<User> builder)
        {
            builder.ToTable("Users");
            builder.Property(user => user.Profile).HasMaxLength(PersonalProfile.Longest);
            builder.HasIndex(user => user.NormalizedEmail).IsUnique();
        }
    }
}
