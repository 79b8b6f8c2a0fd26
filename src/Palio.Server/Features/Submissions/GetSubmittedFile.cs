using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Errors;
using Palio.Server.Storage;

namespace Palio.Server.Features.Submissions;

/// <summary>The submitted file itself, or the one that the submitted image wrote, for its team and the hosts. Always as a download: it is a stranger's.</summary>
internal static class GetSubmittedFile
{
    public static async Task<PhysicalFileHttpResult> HandleAsync(
        int id, CurrentUser caller, PalioDbContext db, ContentStore store, CancellationToken cancellationToken)
    {
        var access = await SubmissionViews.FindAsync(id, caller, db, cancellationToken);
        var submission = access.Submission;
        if (submission.FileName is null && !access.SeesAgentLog)
        {
            throw PalioException.Forbidden("This phase keeps from participants what their images say, and so what they write.", "Ask the host.");
        }

        var (digest, name) = submission.FileName is { } own ? (submission.Digest, own) : await WrittenAsync(id, db, cancellationToken);
        return digest is not null && store.Contains(digest)
            ? TypedResults.PhysicalFile(store.PathOf(digest), "application/octet-stream", name)
            : throw PalioException.NotFound("file");
    }

    /// <summary>What the image of a submission wrote when it was last evaluated, by digest and name; nulls for nothing.</summary>
    public static async Task<(string? Digest, string? Name)> WrittenAsync(int id, PalioDbContext db, CancellationToken cancellationToken)
    {
        var written = await db.Evaluations.AsNoTracking().Where(e => e.SubmissionId == id && e.FileDigest != null).OrderByDescending(e => e.Id)
            .Select(e => new { e.FileDigest, e.FileName }).FirstOrDefaultAsync(cancellationToken);
        return (written?.FileDigest, written?.FileName);
    }
}
