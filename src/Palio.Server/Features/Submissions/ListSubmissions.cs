using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Palio.Protocol.Api;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Hosting;

namespace Palio.Server.Features.Submissions;

/// <summary>The submissions of the caller's teams; with <c>all</c>, those of the challenges the caller hosts too.</summary>
internal static class ListSubmissions
{
    public static async Task<Page<SubmissionSummary>> HandleAsync(
        string? challenge, string? phase, bool all, Paging paging, CurrentUser caller, PalioDbContext db, CancellationToken cancellationToken)
    {
        var userId = caller.Id;
        var submissions = db.Submissions.AsNoTracking().Where(SubmissionViews.VisibleTo(caller));
        if (!all)
        {
            submissions = submissions.Where(s => s.Participation.Team.Members.Any(member => member.UserId == userId));
        }

        if (challenge is not null)
        {
            var id = Number(challenge);
            submissions = submissions.Where(s => s.Phase.Challenge.Slug == challenge || s.Phase.ChallengeId == id);
        }

        if (phase is not null)
        {
            var id = Number(phase);
            submissions = submissions.Where(s => s.Phase.Codename == phase || s.PhaseId == id);
        }

        var total = await submissions.CountAsync(cancellationToken);
        var rows = await submissions.OrderByDescending(s => s.Id).Skip(paging.Skip).Take(paging.Size).Select(SubmissionViews.AsSummary).ToListAsync(cancellationToken);
        return new Page<SubmissionSummary>(rows, total, paging.Number, paging.Size);
    }

    private static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
