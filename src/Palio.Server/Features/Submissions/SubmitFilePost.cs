using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Palio.Protocol.Api;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Errors;
using Palio.Server.Features.Challenges;
using Palio.Server.Features.Evaluations;
using Palio.Server.Storage;

namespace Palio.Server.Features.Submissions;

/// <summary>The page's form with a file. Not a page's own post: the framework would read the whole form before anybody could limit it.</summary>
internal static class SubmitFilePost
{
    private const string TokenField = "__RequestVerificationToken";
    private const string TokenHeader = "RequestVerificationToken";

    public static void MapSubmitFilePost(this IEndpointRouteBuilder app) =>
        app.MapPost("/challenges/{slug}/submit/file", HandleAsync).RequireAuthorization()
            .WithName("PageSubmitFile").WithTags("Pages").ExcludeFromDescription();

    private static async Task<RedirectHttpResult> HandleAsync(
        string slug, HttpContext http, IAntiforgery antiforgery, CurrentUser caller, PalioDbContext db, ContentStore store, FileAdmission admission, EvaluationQueue queue,
        IOptions<ScoringOptions> options, TimeProvider time, CancellationToken cancellationToken)
    {
        using var form = await FileUpload.ReadFormAsync(
            http.Request, store, admission.MostBytes,
            (fields, fileName) => admission.AskAsync(slug, fields.GetValueOrDefault("phase"), fileName, null, cancellationToken), cancellationToken);
        var fields = form.Fields;

        // The form was read as a stream, so that its token is handed over as a header, where it is looked for too.
        var token = fields.GetValueOrDefault(TokenField) ?? "";
        http.Request.Headers[TokenHeader] = token;
        if (token.Length == 0 || !await antiforgery.IsRequestValidAsync(http))
        {
            throw PalioException.Forbidden("This form was not made for you, or is too old.", "Load the page again and send the form from there.");
        }

        var file = form.File("file", "There was no file in the form.", "Choose a file and send the form again.");
        var phase = fields.GetValueOrDefault("phase") ?? "";
        var questions = await GetMetadataForm.HandleAsync(slug, phase, caller, db, cancellationToken);
        var answers = MetadataAnswers.Read(questions, new FormCollection(
            fields.ToDictionary(field => field.Key, field => new Microsoft.Extensions.Primitives.StringValues(field.Value.Split(FileUpload.Again)))));
        var request = new SubmitFileRequest
        {
            Challenge = slug,
            Phase = phase,
            MethodName = fields.GetValueOrDefault("methodName") is { } name && !string.IsNullOrWhiteSpace(name) ? name.Trim() : null,
            Public = fields.GetValueOrDefault("public") switch { "true" => true, "false" => false, _ => null },
            Metadata = answers.Count == 0 ? null : answers,
        };
        var (submission, _) = await CreateFileSubmission.HandleAsync(request, file, null, false, caller, db, queue, options, time, cancellationToken);
        return TypedResults.Redirect($"/submissions/{submission.Id}");
    }
}
