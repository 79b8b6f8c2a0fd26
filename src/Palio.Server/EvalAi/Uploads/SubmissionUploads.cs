using Microsoft.EntityFrameworkCore;
using Palio.Server.EvalAi.Challenges;
using Palio.Server.EvalAi.Submissions;
using Palio.Server.EvalAi.Wire;
using Palio.Server.Errors;
using Palio.Server.Features.Submissions.Uploads;

namespace Palio.Server.EvalAi.Uploads;

/// <summary>
/// A submission's file in parts: addresses, parts, finish, message. The client sends the message also when a part failed, and shows the
/// error text of that one answer: so it is there that a submission without its file fails, with the reason.
/// </summary>
internal static class SubmissionUploads
{
    public static async Task<IResult> BeginAsync(int phase, EvalAiBody body, Lookups lookups, FileUploads uploads, PartLinks links, CancellationToken cancellationToken)
    {
        var found = await lookups.PhaseAsync(phase, cancellationToken);
        if (await lookups.ParticipationAsync(found.Access, cancellationToken) is null)
        {
            return ReadingSubmissions.NotParticipating();
        }

        if (body.Filled("file_name") is not { } fileName)
        {
            return EvalAiResults.Invalid("file_name", "This field is required.");
        }

        var count = SentParts.Announced(body);
        try
        {
            var begun = await uploads.BeginAsync(Submitting.Texts(body, found), fileName, cancellationToken);
            var upload = FileUploads.NameOf(begun.Submission);
            return EvalAiResults.Created(new
            {
                PresignedUrls = links.Of(upload, count, begun.MostBytes),
                UploadId = links.IdOf(upload, ""),
                SubmissionPk = begun.Submission,
            });
        }
        catch (PalioException refusal) when (refusal.Code == RefusalCodes.FileType)
        {
            return EvalAiResults.Invalid("file_name", $"{refusal.Message} {refusal.Remedy}");
        }
    }

    public static async Task<IResult> FinishAsync(
        int phase, int submission, EvalAiBody body, Lookups lookups, SubmissionShow show, FileUploads uploads, PartLinks links, CancellationToken cancellationToken)
    {
        await DemandOwnAsync(phase, submission, lookups, show, cancellationToken);
        if (links.OpenId(body.Text("upload_id") ?? "")?.Upload != FileUploads.NameOf(submission))
        {
            return EvalAiResults.Invalid("upload_id", "This is not the upload_id that the submission's upload began with.");
        }

        try
        {
            await uploads.FinishAsync(submission, SentParts.Read(body), cancellationToken);
        }
        catch (PalioException refusal) when (refusal.Code is RefusalCodes.FileEmpty or RefusalCodes.FileTooLarge)
        {
            return EvalAiResults.Invalid("input_file", $"{refusal.Message} {refusal.Remedy}");
        }

        return EvalAiResults.Created(new { UploadId = body.Text("upload_id"), SubmissionPk = submission });
    }

    public static async Task<IResult> CloseAsync(
        int phase, int submission, Lookups lookups, SubmissionShow show, FileUploads uploads, CancellationToken cancellationToken)
    {
        await DemandOwnAsync(phase, submission, lookups, show, cancellationToken);
        await uploads.CloseAsync(submission, cancellationToken);
        return EvalAiResults.Json(new Dictionary<string, string>());
    }

    private static async Task DemandOwnAsync(int phase, int submission, Lookups lookups, SubmissionShow show, CancellationToken cancellationToken)
    {
        var found = await lookups.PhaseAsync(phase, cancellationToken);
        var part = await lookups.ParticipationAsync(found.Access, cancellationToken);
        if (part is null || !await show.Visible.AnyAsync(s => s.Id == submission && s.PhaseId == phase && s.TeamId == part.TeamId, cancellationToken))
        {
            throw new PalioException(StatusCodes.Status403Forbidden, RefusalCodes.Forbidden, "Sorry, the submission is not one of your team's to this phase!", "");
        }
    }
}
