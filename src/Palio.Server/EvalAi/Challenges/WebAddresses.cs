using Microsoft.EntityFrameworkCore;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Features.Challenges;

namespace Palio.Server.EvalAi.Challenges;

/// <summary>Addresses of EvalAI's website that its command line and its mails print: they lead to Palio's pages.</summary>
internal static class WebAddresses
{
    public static void MapEvalAiPages(this IEndpointRouteBuilder app) =>
        app.MapGet("/web/challenges/challenge-page/{challenge:int}/{**rest}", ChallengeAsync).WithName("EvalAiChallengePage").WithTags("Pages").AllowAnonymous()
            .ExcludeFromDescription();

    private static async Task<IResult> ChallengeAsync(int challenge, CurrentUser caller, PalioDbContext db, CancellationToken cancellationToken)
    {
        var slug = await db.Challenges.Where(ChallengeAccess.VisibleTo(caller)).Where(c => c.Id == challenge).Select(c => c.Slug).FirstOrDefaultAsync(cancellationToken);
        return Results.Redirect(slug is null ? "/" : $"/challenges/{slug}");
    }
}
