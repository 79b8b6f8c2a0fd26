using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Palio.Protocol.Api;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Errors;
using Palio.Server.Features.Leaderboards;

namespace Palio.Server.Features.Submissions;

/// <summary>Shows or hides a submission, says more of its method; hosts mark baselines and take entries off the board.</summary>
internal static class UpdateSubmission
{
    public static async Task<SubmissionDetail> HandleAsync(
        int id, UpdateSubmissionRequest request, CurrentUser caller, PalioDbContext db, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var access = await SubmissionViews.FindAsync(id, caller, db, cancellationToken);
        if ((request.Baseline is not null || request.Flagged is not null || request.Verified is not null) && !access.MayManage)
        {
            throw PalioException.Forbidden("Only the challenge's hosts mark baselines, flag submissions and verify them.", "Ask one of them.");
        }

        var submission = access.Submission;
        if (request.Public is { } shown && shown != submission.IsPublic && !access.MayShow(shown))
        {
            throw SubmissionRefusals.VisibilityOfPhase(access.Phase);
        }

        // As on EvalAI: what is on the board when a challenge ends was chosen before the end.
        if (request.Public is { } wanted && wanted != submission.IsPublic && !access.MayManage
            && await db.Phases.AnyAsync(p => p.Id == submission.PhaseId && p.Challenge.Ends <= time.GetUtcNow(), cancellationToken))
        {
            throw PalioException.Conflict(RefusalCodes.State, "The challenge is over; teams no longer choose what the board shows.", "Ask the host.");
        }

        if ((request.MethodName ?? submission.MethodName) != submission.MethodName || (request.Public ?? submission.IsPublic) != submission.IsPublic)
        {
            // The board shows both: made anew below, its row counts as changed.
            await db.BoardEntries.Where(entry => entry.SubmissionId == id).ExecuteDeleteAsync(cancellationToken);
        }

        submission.IsPublic = request.Public ?? submission.IsPublic;
        submission.MethodName = request.MethodName ?? submission.MethodName;
        submission.MethodDescription = request.MethodDescription ?? submission.MethodDescription;
        submission.ProjectUrl = request.ProjectUrl ?? submission.ProjectUrl;
        submission.PublicationUrl = request.PublicationUrl ?? submission.PublicationUrl;
        submission.IsBaseline = request.Baseline ?? submission.IsBaseline;
        submission.IsFlagged = request.Flagged ?? submission.IsFlagged;
        submission.IsVerified = request.Verified ?? submission.IsVerified;
        if (request.Metadata is { } answers)
        {
            submission.Metadata = JsonSerializer.Serialize(SubmissionIntake.Answers(access.Phase, answers));
        }

        if (request.Public == true && access.Phase.IsRestrictedToSelectOneSubmission)
        {
            await submission.HideOthersAsync(db, cancellationToken);
        }

        await db.SaveChangesAsync(cancellationToken);
        await BoardKeeping.RebuildPhaseAsync(submission.PhaseId, submission.TeamId, db, time.GetUtcNow(), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return await GetSubmission.HandleAsync(id, caller, db, cancellationToken);
    }
}
