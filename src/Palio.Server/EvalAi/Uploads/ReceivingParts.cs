using Microsoft.AspNetCore.Http.Features;
using Palio.Server.EvalAi.Wire;
using Palio.Server.Features.Challenges;
using Palio.Server.Features.Submissions;
using Palio.Server.Features.Submissions.Uploads;
using Palio.Server.Storage;

namespace Palio.Server.EvalAi.Uploads;

/// <summary>Takes a part at its sealed address, as object stores do: raw bytes in, an <c>ETag</c> out.</summary>
internal static class ReceivingParts
{
    public static async Task<IResult> PutAsync(string seal, HttpContext context, PartLinks links, PartStore parts, FileUploads uploads, CancellationToken cancellationToken)
    {
        if (links.Open(seal) is not { } part || !await IsOpenAsync(part.Upload, uploads, cancellationToken))
        {
            await FileUpload.DrainAsync(context.Request, cancellationToken);
            return EvalAiResults.Error(StatusCodes.Status403Forbidden, "This address takes nothing more: the upload has ended, or its time is over.");
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = part.MostBytes + 1; // what is too much is told by the store, in words
        }

        var tag = await parts.PutAsync(part.Upload, part.Number, context.Request.Body, part.MostBytes, cancellationToken);
        context.Response.Headers.ETag = $"\"{tag}\"";
        return Results.Ok();
    }

    // The address of a submission's part is good for no longer than the submission waits for it.
    private static async Task<bool> IsOpenAsync(string upload, FileUploads uploads, CancellationToken cancellationToken) =>
        FileUploads.SubmissionOf(upload) is { } submission ? await uploads.IsOpenAsync(submission, cancellationToken) : AnnotationUploads.Begun(upload) is not null;
}
