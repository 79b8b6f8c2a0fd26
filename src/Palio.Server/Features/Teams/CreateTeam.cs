using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Palio.Protocol.Api;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Errors;

namespace Palio.Server.Features.Teams;

/// <summary>Makes a team with the caller in it.</summary>
internal static class CreateTeam
{
    public static async Task<TeamSummary> HandleAsync(
        CreateTeamRequest request, CurrentUser caller, PalioDbContext db, TimeProvider time, CancellationToken cancellationToken)
    {
        TeamScope.Demand(request.Kind, caller);
        var (name, normalized) = await FreeNameAsync(request.Kind, request.Name, null, db, cancellationToken);
        var now = time.GetUtcNow();
        var team = new Team
        {
            Kind = request.Kind,
            Name = name,
            NormalizedName = normalized,
            Slug = await FreeSlugAsync(request.Kind, name, db, cancellationToken),
            Url = request.Url,
            Created = now,
        };
        team.Members.Add(new TeamMember { UserId = caller.Id, Joined = now });
        db.Teams.Add(team);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException)
        {
            throw Taken(name); // somebody was faster: the index on the name decides
        }

        return new TeamSummary(team.Id, team.Name, team.Slug, team.Kind, [caller.UserName]);
    }

    /// <summary>The name as it is kept, and as it is compared; refused when another team has it.</summary>
    internal static async Task<(string Name, string Normalized)> FreeNameAsync(
        TeamKind kind, string asked, int? except, PalioDbContext db, CancellationToken cancellationToken)
    {
        var name = asked.Trim();
        if (name.Length == 0 || name.Any(char.IsControl))
        {
            throw PalioException.Invalid("name", "The name is empty or holds control characters.", "Write a name people can read.");
        }

        var normalized = name.ToUpperInvariant();
        return await db.Teams.AnyAsync(t => t.Kind == kind && t.NormalizedName == normalized && t.Id != except, cancellationToken) ? throw Taken(name) : (name, normalized);
    }

    /// <summary>Lower-case letters, digits and single dashes; what has none of them becomes "team".</summary>
    internal static string SlugOf(string name)
    {
        var slug = new StringBuilder();
        foreach (var c in name.ToLowerInvariant().Normalize(NormalizationForm.FormD))
        {
            if (char.IsAsciiLetterOrDigit(c))
            {
                slug.Append(c);
            }
            else if (CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark && slug.Length > 0 && slug[^1] != '-')
            {
                slug.Append('-');
            }
        }

        var text = slug.ToString(0, Math.Min(slug.Length, 60)).Trim('-');
        return text.Length == 0 ? "team" : text;
    }

    private static async Task<string> FreeSlugAsync(TeamKind kind, string name, PalioDbContext db, CancellationToken cancellationToken)
    {
        var slug = SlugOf(name);
        var taken = await db.Teams.Where(t => t.Kind == kind && t.Slug.StartsWith(slug)).Select(t => t.Slug).ToListAsync(cancellationToken);

        // "host" is where a challenge's environment images lie.
        var used = taken.Append("host").ToHashSet(StringComparer.Ordinal);
        var free = slug;
        for (var number = 2; used.Contains(free); number++)
        {
            free = $"{slug}-{number}";
        }

        return free;
    }

    internal static PalioException Taken(string name) =>
        PalioException.Conflict(RefusalCodes.Taken, $"There is a team named '{name}' already.", "Choose another name, or ask its members for an invitation.");
}
