using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Features.Challenges;

namespace Palio.Server.Features.Submissions;

/// <summary>Asks the rules of a phase before a file for it is read: what would be refused anyhow need not be stored first.</summary>
internal sealed class FileAdmission(CurrentUser caller, PalioDbContext db, IOptions<ScoringOptions> options, TimeProvider time)
{
    /// <summary>Of any file.</summary>
    public long MostBytes => options.Value.MaxFileBytes;

    /// <summary>The most bytes that the phase takes.</summary>
    /// <param name="challenge">Challenge id or slug; null when it is not known yet, which is no reason to refuse.</param>
    /// <param name="phase">Phase codename or id; null likewise.</param>
    /// <param name="fileName">The file's name.</param>
    /// <param name="key">Idempotency key: a request that was answered before is answered again, whatever the rules say by now.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<long> AskAsync(string? challenge, string? phase, string fileName, string? key, CancellationToken cancellationToken)
    {
        if (challenge is null || phase is null
            || (key is not null && await db.IdempotencyRecords.AnyAsync(r => r.UserId == caller.Id && r.Key == key, cancellationToken)))
        {
            return MostBytes;
        }

        var open = await SubmissionIntake.AskAsync(challenge, phase, isFile: true, caller, db, time, cancellationToken);
        CreateFileSubmission.CheckName(fileName, open.Declaration);
        return CreateFileSubmission.MostBytes(open.Declaration, options.Value);
    }
}
