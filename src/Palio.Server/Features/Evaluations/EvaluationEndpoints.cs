using Microsoft.AspNetCore.Http.HttpResults;
using Palio.Evaluation.Workers;
using Palio.Protocol.Api;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Hosting;

namespace Palio.Server.Features.Evaluations;

/// <summary>Routes of evaluations and workers.</summary>
internal static class EvaluationEndpoints
{
    public static void AddEvaluations(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddValidated<QueueOptions, QueueOptions.Validator>(configuration, QueueOptions.Section);
        services.AddValidated<WorkerSettings, WorkerSettings.Validator>(configuration, WorkerSettings.Section);
        services.AddSingleton<EvaluationQueue>().AddSingleton<EvaluationFiles>().AddSingleton<EpisodeIntake>().AddSingleton<JobFactory>().AddSingleton<ScoringJobs>();
        services.AddSingleton<IJobSource, DatabaseJobSource>();
        services.AddSingleton<WorkerNudge>();
        services.AddScoped<ReportIntake>().AddScoped<RemoteEvaluations>();
        services.AddSingleton<EvaluationWatchdog>();
        services.AddHostedService(provider => provider.GetRequiredService<EvaluationWatchdog>());
        services.AddLocalWorker(OptionsSetup.Read<WorkerSettings>(configuration, WorkerSettings.Section));
    }

    public static void MapEvaluations(this IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("").WithTags("Evaluations");
        group.MapGet("/evaluations/{id:long}", ReadEvaluation.HandleAsync).WithName("GetEvaluation").RequireAuthorization(Policies.Read);
        group.MapGet("/evaluations/{id:long}/episodes", EpisodesAsync).WithName("ListEpisodes").RequireAuthorization(Policies.Read);
        group.MapGet("/evaluations/{id:long}/log", ReadEvaluation.LogAsync).WithName("GetEvaluationLog").RequireAuthorization(Policies.Read);
        group.MapGet("/evaluations/{id:long}/episodes/{ordinal:int}/record", RecordAsync).WithName("GetEpisodeRecord").RequireAuthorization(Policies.Read);
        group.MapGet("/workers", ListWorkers.HandleAsync).WithName("ListWorkers").RequireAuthorization(Policies.Admin);
    }

    private static Task<EpisodePage> EpisodesAsync(
        long id, int? from, int? size, CurrentUser caller, PalioDbContext db, CancellationToken cancellationToken) =>
        ReadEvaluation.EpisodesAsync(id, from ?? 0, size ?? 100, caller, db, cancellationToken);

    private static async Task<PhysicalFileHttpResult> RecordAsync(
        long id, int ordinal, CurrentUser caller, PalioDbContext db, EvaluationFiles files, CancellationToken cancellationToken) =>
        TypedResults.PhysicalFile(await ReadEvaluation.RecordAsync(id, ordinal, caller, db, files, cancellationToken), "application/octet-stream", $"{id}-{ordinal}.palio.gz");
}
