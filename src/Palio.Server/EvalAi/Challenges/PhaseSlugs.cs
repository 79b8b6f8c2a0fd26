using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Errors;
using Palio.Server.Features.Challenges;

namespace Palio.Server.EvalAi.Challenges;

/// <summary>
/// What <c>evalai push --phase</c> names: EvalAI's slug of the phase, or its codename. A codename may stand in several challenges; then it
/// means the one that the caller takes part in.
/// </summary>
internal sealed class PhaseSlugs(CurrentUser caller, PalioDbContext db)
{
    private const int MostAlike = 50;

    /// <summary>The phase's number. Unknown is 400, which EvalAI's client shows; it would not show a 404's text.</summary>
    public async Task<int> ResolveAsync(string text, CancellationToken cancellationToken)
    {
        var challengeId = int.TryParse(text.Split('-')[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0;
        var userId = caller.IdOrZero;
        var visible = db.Challenges.Where(ChallengeAccess.VisibleTo(caller)).Select(c => c.Id);
        var candidates = await db.Phases.AsNoTracking().Include(p => p.Challenge)
            .Where(p => p.IsDeclared && visible.Contains(p.ChallengeId) && (p.ChallengeId == challengeId || p.Codename == text))
            .Where(p => p.IsPublic || caller.IsAdministrator || p.Challenge.HostTeam.Members.Any(m => m.UserId == userId))
            .OrderByDescending(p => p.Id).Take(MostAlike * 2).ToListAsync(cancellationToken);
        if (candidates.FirstOrDefault(p => EvalAiPhase.SlugOf(p.Challenge, p).Equals(text, StringComparison.OrdinalIgnoreCase)) is { } bySlug)
        {
            return bySlug.Id;
        }

        var alike = candidates.Where(p => p.Codename == text).ToList();
        return alike.Count switch
        {
            0 => throw Refused($"Challenge phase with slug {text} does not exist"),
            1 => alike[0].Id,
            _ => await JoinedAsync(alike, userId, cancellationToken) is [var one] ? one.Id
                : throw Refused($"Several challenges have a phase '{text}'. Write one of: {string.Join(", ", alike.Take(MostAlike).Select(p => EvalAiPhase.SlugOf(p.Challenge, p)))}"),
        };
    }

    private async Task<List<Phase>> JoinedAsync(List<Phase> phases, int userId, CancellationToken cancellationToken)
    {
        var ids = phases.Select(p => p.ChallengeId).ToList();
        var joined = await db.Participations.Where(p => ids.Contains(p.ChallengeId) && p.Team.Members.Any(m => m.UserId == userId)).Select(p => p.ChallengeId).ToListAsync(cancellationToken);
        return [.. phases.Where(p => joined.Contains(p.ChallengeId))];
    }

    private static PalioException Refused(string text) => new(StatusCodes.Status400BadRequest, RefusalCodes.Validation, text, "");
}
