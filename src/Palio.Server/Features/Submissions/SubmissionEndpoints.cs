using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using Palio.Protocol.Api;
using Palio.Registry;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Features.Challenges;
using Palio.Server.Features.Evaluations;
using Palio.Server.Features.Submissions.Uploads;
using Palio.Server.Hosting;
using Palio.Server.Storage;

namespace Palio.Server.Features.Submissions;

/// <summary>Routes of submissions.</summary>
internal static class SubmissionEndpoints
{
    public static void AddSubmissions(this IServiceCollection services)
    {
        services.AddSingleton<SubmissionFeed>();
        services.AddScoped<FileAdmission>();
        services.AddSingleton<PartStore>();
        services.AddScoped<FileUploads>();
        services.AddSingleton<UploadSweep>();
        services.AddHostedService(provider => provider.GetRequiredService<UploadSweep>());
    }

    public static void MapSubmissions(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/submissions").WithTags("Submissions");
        group.MapPost("", CreateAsync).WithName("CreateSubmission").RequireAuthorization(Policies.Submit)
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);
        group.MapPost("/file", CreateFromFileAsync).WithName("CreateFileSubmission").RequireAuthorization(Policies.Submit)
            .Accepts<SubmitFileRequest>("multipart/form-data").ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge).ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);
        group.MapGet("/{id:int}/file", GetSubmittedFile.HandleAsync).WithName("GetSubmittedFile").RequireAuthorization(Policies.Read)
            .ProducesProblem(StatusCodes.Status404NotFound);
        group.MapGet("", ListAsync).WithName("ListSubmissions").RequireAuthorization(Policies.Read);
        group.MapGet("/{id:int}", GetSubmission.HandleAsync).WithName("GetSubmission").RequireAuthorization(Policies.Read)
            .ProducesProblem(StatusCodes.Status404NotFound);
        group.MapPatch("/{id:int}", UpdateSubmission.HandleAsync).WithName("UpdateSubmission").RequireAuthorization(Policies.Submit);
        group.MapPost("/{id:int}/cancel", CancelSubmission.HandleAsync).WithName("CancelSubmission").RequireAuthorization(Policies.Submit)
            .ProducesProblem(StatusCodes.Status409Conflict);
        group.MapPost("/{id:int}/rerun", RerunSubmission.HandleAsync).WithName("RerunSubmission").RequireAuthorization(Policies.Submit)
            .ProducesProblem(StatusCodes.Status409Conflict);
        group.MapGet("/{id:int}/events", EventsAsync).WithName("StreamSubmissionEvents").RequireAuthorization(Policies.Read);
    }

    private static async Task<Results<Created<SubmissionSummary>, Ok<SubmissionSummary>>> CreateAsync(
        SubmitRequest request, [FromHeader(Name = "Idempotency-Key")] string? key, bool? again, CurrentUser caller, PalioDbContext db, IImageCatalog catalog,
        EvaluationQueue queue, TimeProvider time, CancellationToken cancellationToken)
    {
        var (submission, isNew) = await CreateSubmission.HandleAsync(request, key, again ?? false, caller, db, catalog, queue, time, cancellationToken);
        return isNew ? TypedResults.Created($"/api/v1/submissions/{submission.Id}", submission) : TypedResults.Ok(submission);
    }

    private static async Task<Results<Created<SubmissionSummary>, Ok<SubmissionSummary>>> CreateFromFileAsync(
        HttpRequest http, [FromHeader(Name = "Idempotency-Key")] string? key, bool? again, CurrentUser caller, PalioDbContext db, ContentStore store,
        FileAdmission admission, EvaluationQueue queue, IOptions<ScoringOptions> options, TimeProvider time, CancellationToken cancellationToken)
    {
        using var form = await FileUpload.ReadFormAsync(
            http, store, admission.MostBytes,
            (fields, fileName) => admission.AskAsync(fields.GetValueOrDefault("challenge"), fields.GetValueOrDefault("phase"), fileName, key, cancellationToken), cancellationToken);
        var (request, file) = FileUpload.RequestOf(form);
        var (submission, isNew) = await CreateFileSubmission.HandleAsync(
            request, file, key, again ?? false, caller, db, queue, options, time, cancellationToken);
        return isNew ? TypedResults.Created($"/api/v1/submissions/{submission.Id}", submission) : TypedResults.Ok(submission);
    }

    private static Task<Page<SubmissionSummary>> ListAsync(
        string? challenge, string? phase, bool? all, int? page, int? size, CurrentUser caller, PalioDbContext db, CancellationToken cancellationToken) =>
        ListSubmissions.HandleAsync(challenge, phase, all ?? false, new Paging(page, size), caller, db, cancellationToken);

    private static async Task<ServerSentEventsResult<SubmissionEvent>> EventsAsync(
        int id, CurrentUser caller, PalioDbContext db, SubmissionFeed feed, TimeProvider time, CancellationToken cancellationToken)
    {
        var access = await SubmissionViews.FindAsync(id, caller, db, cancellationToken);
        return TypedResults.ServerSentEvents(StreamSubmissionEvents.HandleAsync(access, feed, time, cancellationToken));
    }
}
