using Microsoft.AspNetCore.Http.HttpResults;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Errors;
using Palio.Server.Storage;

namespace Palio.Server.Features.Submissions;

/// <summary>The submitted file itself, for its team and the hosts. Always as a download: it is a stranger's.</summary>
internal static class GetSubmittedFile
{
    public static async Task<PhysicalFileHttpResult> HandleAsync(
        int id, CurrentUser caller, PalioDbContext db, ContentStore store, CancellationToken cancellationToken)
    {
        var submission = (await SubmissionViews.FindAsync(id, caller, db, cancellationToken)).Submission;
        return submission.FileName is { } name && submission.Digest.Length > 0 && store.Contains(submission.Digest)
            ? TypedResults.PhysicalFile(store.PathOf(submission.Digest), "application/octet-stream", name)
            : throw PalioException.NotFound("file");
    }
}
