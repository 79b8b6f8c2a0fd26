using Palio.Server.Auth;

namespace Palio.Server.EvalAi.Uploads;

/// <summary>EvalAI's addresses of files that come in parts: <c>evalai … submit --large</c> and <c>--annotation</c>.</summary>
internal static class UploadRoutes
{
    public static void AddEvalAiUploads(this IServiceCollection services) => services.AddSingleton<PartLinks>();

    public static void MapEvalAiUploads(this IEndpointRouteBuilder api)
    {
        var submissions = api.MapGroup("/jobs/phases/{phase:int}").RequireAuthorization(Policies.Submit);
        submissions.MapPost("/get_submission_file_presigned_url", SubmissionUploads.BeginAsync);
        submissions.MapPost("/finish_submission_file_upload/{submission:int}", SubmissionUploads.FinishAsync);
        submissions.MapPost("/send_submission_message/{submission:int}", SubmissionUploads.CloseAsync);
        var annotations = api.MapGroup("/challenges/phases/{phase:int}").RequireAuthorization(Policies.Host);
        annotations.MapPost("/get_annotation_file_presigned_url", AnnotationUpload.BeginAsync);
        annotations.MapPost("/finish_annotation_file_upload", AnnotationUpload.FinishAsync);
        api.MapPut("/jobs/uploads/{seal}", ReceivingParts.PutAsync).AllowAnonymous(); // its address is the permission
    }
}
