using Microsoft.Extensions.Options;
using Palio.Server.Auth;
using Palio.Server.EvalAi.Wire;
using Palio.Server.Features.Challenges;

namespace Palio.Server.EvalAi.Submissions;

/// <summary>EvalAI's addresses of submissions and their files.</summary>
internal static class SubmissionRoutes
{
    public static void AddEvalAiSubmissions(this IServiceCollection services)
    {
        services.AddScoped<SubmissionShow>();
        services.AddScoped<Intake>();
        services.AddSingleton<FileLinks>();
    }

    public static void MapEvalAiSubmissions(this IEndpointRouteBuilder api)
    {
        MapReading(api);
        MapChanging(api);
    }

    private static void MapReading(IEndpointRouteBuilder api)
    {
        api.MapGet("/jobs/challenge/{challenge:int}/challenge_phase/{phase:int}/submission", ReadingSubmissions.OwnAsync);
        api.MapGet("/jobs/challenge/{challenge:int}/submission", ReadingSubmissions.OfChallengeAsync);
        api.MapGet("/challenges/{challenge:int}/challenge_phase/{phase:int}/submissions", SubmissionTables.ListAsync);
        api.MapMethods("/challenges/{challenge:int}/phase/{phase:int}/download_all_submissions/{type}", ["GET", "POST"], SubmissionTables.DownloadAsync);
        api.MapGet("/jobs/{challenge:int}/remaining_submissions", ReadingSubmissions.RemainingAsync);
        api.MapGet("/jobs/phases/{phase:int}/submission_count_by_status", ReadingSubmissions.CountAsync);
        api.MapGet("/jobs/submission_files", SubmissionFiles.SignAsync);
        api.MapGet("/jobs/files/{seal}/{name}", SubmissionFiles.ReadAsync).AllowAnonymous();
    }

    private static void MapChanging(IEndpointRouteBuilder api)
    {
        api.MapPost("/jobs/challenge/{challenge:int}/challenge_phase/{phase:int}/submission", Submitting.CreateAsync).RequireAuthorization(Policies.Submit)
            .WithMetadata(new UploadLimit(services => services.GetRequiredService<IOptions<ScoringOptions>>().Value.MaxFileBytes));
        api.MapPatch("/jobs/challenge/{challenge:int}/challenge_phase/{phase:int}/submission/{submission:int}", ChangingSubmissions.UpdateAsync).RequireAuthorization(Policies.Submit);
        api.MapPatch("/jobs/challenges/{challenge:int}/submissions/{submission:int}/update_submission_meta", ChangingSubmissions.UpdateMetaAsync).RequireAuthorization(Policies.Submit);
        api.MapDelete("/jobs/submission/{submission:int}", ChangingSubmissions.DeleteAsync).RequireAuthorization(Policies.Submit);
        api.MapPost("/jobs/submissions/{submission:int}/resume", ChangingSubmissions.ResumeAsync).RequireAuthorization(Policies.Submit);
        api.MapPost("/jobs/submissions/{submission:int}/re-run", ChangingSubmissions.RerunAsync).RequireAuthorization(Policies.Submit);
    }
}
