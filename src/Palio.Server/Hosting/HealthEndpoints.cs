using Microsoft.AspNetCore.Http.HttpResults;
using Palio.Server.Data;
using Palio.Server.Features.Evaluations;

namespace Palio.Server.Hosting;

/// <summary>For those who keep the process running.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/health").WithTags("Health");
        group.MapGet("/live", () => TypedResults.Ok(new HealthReport("live", null, null))).WithName("Live").AllowAnonymous();
        group.MapGet("/ready", ReadyAsync).WithName("Ready").AllowAnonymous();
    }

    // A server without an engine serves: it is ready, and says what is missing.
    private static async Task<Results<Ok<HealthReport>, JsonHttpResult<HealthReport>>> ReadyAsync(
        PalioDbContext db, LocalWorker worker, CancellationToken cancellationToken) =>
        await db.Database.CanConnectAsync(cancellationToken)
            ? TypedResults.Ok(new HealthReport("ready", "ok", worker.Trouble ?? "ok"))
            : TypedResults.Json(new HealthReport("not ready", "The database does not answer.", worker.Trouble), statusCode: StatusCodes.Status503ServiceUnavailable);
}

/// <summary>What works and what does not.</summary>
internal sealed record HealthReport(string Status, string? Database, string? Worker);
