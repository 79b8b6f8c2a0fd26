using Microsoft.EntityFrameworkCore;
using Palio.Server.Data;

namespace Palio.Server.Features.Submissions;

/// <summary>EvalAI's is_restricted_to_select_one_submission: showing one submission hides the team's others, whichever door it comes through.</summary>
internal static class OnePublic
{
    public static async Task HideOthersAsync(this Submission shown, PalioDbContext db, CancellationToken cancellationToken) =>
        await db.Submissions.Where(s => s.PhaseId == shown.PhaseId && s.TeamId == shown.TeamId && s.Id != shown.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.IsPublic, false), cancellationToken);
}
