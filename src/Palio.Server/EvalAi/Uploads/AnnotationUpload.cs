using Palio.Server.EvalAi.Challenges;
using Palio.Server.EvalAi.Wire;
using Palio.Server.Features.Challenges;
using Palio.Server.Features.Submissions;

namespace Palio.Server.EvalAi.Uploads;

/// <summary>A phase's annotations in parts, from its hosts.</summary>
internal static class AnnotationUpload
{
    public static async Task<IResult> BeginAsync(int phase, EvalAiBody body, Lookups lookups, AnnotationUploads uploads, PartLinks links, CancellationToken cancellationToken)
    {
        var found = await HostedAsync(phase, lookups, cancellationToken);
        if (body.Filled("file_name") is not { } fileName)
        {
            return EvalAiResults.Invalid("file_name", "This field is required.");
        }

        var count = SentParts.Announced(body);
        var upload = uploads.Begin(found.Phase);
        return EvalAiResults.Json(new
        {
            PresignedUrls = links.Of(upload, count, uploads.MostBytes),
            UploadId = links.IdOf(upload, UploadedFile.NameOf(fileName)),
        });
    }

    public static async Task<IResult> FinishAsync(int phase, EvalAiBody body, Lookups lookups, AnnotationUploads uploads, PartLinks links, CancellationToken cancellationToken)
    {
        var found = await HostedAsync(phase, lookups, cancellationToken);
        if (links.OpenId(body.Text("upload_id") ?? "") is not var (upload, fileName))
        {
            return EvalAiResults.Invalid("upload_id", "This is not an upload_id that an upload began with.");
        }

        await uploads.FinishAsync(found.Phase, upload, fileName, SentParts.Read(body), cancellationToken);
        return EvalAiResults.Created(new { UploadId = body.Text("upload_id"), ChallengePhasePk = phase });
    }

    private static async Task<FoundPhase> HostedAsync(int phase, Lookups lookups, CancellationToken cancellationToken)
    {
        var found = await lookups.PhaseAsync(phase, cancellationToken);
        return found.Access.MayManage ? found : throw Lookups.NotHost(StatusCodes.Status400BadRequest);
    }
}
