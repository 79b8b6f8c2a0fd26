using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Features.Accounts;

namespace Palio.Server.Features.Administration;

/// <summary>Makes the administrator when there is none.</summary>
internal static class FirstStart
{
    /// <summary>The administrator's name and password when this is the first start; the password is kept nowhere but here.</summary>
    public static async Task<FirstAdministrator?> HandleAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var db = services.GetRequiredService<PalioDbContext>();
        if (await db.Users.AnyAsync(user => user.IsAdministrator, cancellationToken))
        {
            return null;
        }

        var options = services.GetRequiredService<IOptions<AccountOptions>>().Value;
        var password = options.AdministratorPassword ?? Secrets.NewPassword();
        var user = User.Administrator(options.AdministratorName, services.GetRequiredService<TimeProvider>().GetUtcNow());
        var result = await services.GetRequiredService<UserManager<User>>().CreateAsync(user, password);
        return result.Succeeded
            ? new FirstAdministrator(options.AdministratorName, password)
            : throw new InvalidOperationException($"The administrator could not be made: {string.Join(' ', result.Errors.Select(e => e.Description))}");
    }
}

/// <summary>To be shown once.</summary>
internal sealed record FirstAdministrator(string UserName, string Password);
