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

    public static User Administrator(string userName, DateTimeOffset now) => new()
    {
        UserName = userName,
        Email = $"{userName}@localhost",
        IsAdministrator = true,
        MustChangePassword = true,
        Created = now,
    };

    public void PasswordChanged() => MustChangePassword = false;

    internal sealed class Configuration : IEntityTypeConfiguration<User>
    {
        public void Configure(EntityTypeBuilder<User> builder)
        {
            builder.ToTable("Users");
            builder.HasIndex(user => user.NormalizedEmail).IsUnique();
        }
    }
}
