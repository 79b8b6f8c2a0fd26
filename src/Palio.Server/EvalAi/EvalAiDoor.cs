using Microsoft.AspNetCore.Authentication;
using Palio.Server.Auth;
using Palio.Server.EvalAi.Accounts;
using Palio.Server.EvalAi.Administration;
using Palio.Server.EvalAi.Challenges;
using Palio.Server.EvalAi.Ecr;
using Palio.Server.EvalAi.Editing;
using Palio.Server.EvalAi.Hosts;
using Palio.Server.EvalAi.Leaderboards;
using Palio.Server.EvalAi.NotHere;
using Palio.Server.EvalAi.Submissions;
using Palio.Server.EvalAi.Teams;
using Palio.Server.EvalAi.Uploads;
using Palio.Server.EvalAi.Wire;
using Palio.Server.EvalAi.Workers;
using Palio.Server.Hosting;

namespace Palio.Server.EvalAi;

/// <summary>
/// EvalAI's API below <c>/api</c>: its addresses, keys, statuses and texts, over the same use cases as the native API. Each feature's
/// folder maps its own addresses; what all share stands in <c>Wire</c>.
/// </summary>
internal static class EvalAiDoor
{
    public static void AddEvalAi(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddValidated<EvalAiOptions, EvalAiOptions.Validator>(configuration, EvalAiOptions.Section);
        services.AddSingleton<RequestThrottle>();
        services.AddSingleton<UnknownAddress>();
        services.AddEvalAiPush();
        services.AddEvalAiChallenges();
        services.AddEvalAiSubmissions();
        services.AddScoped<SentChallenge>();
        services.AddEvalAiWorkers();
        services.AddEvalAiUploads();
        services.AddEvalAiEditing();
        services.AddEvalAiAdministration();
    }

    /// <summary>Whether a path is EvalAI's. The native API and its documentation share the prefix.</summary>
    public static bool Covers(PathString path) =>
        path.StartsWithSegments("/api", StringComparison.Ordinal, out var rest)
        && !rest.StartsWithSegments("/v1", StringComparison.Ordinal) && !rest.StartsWithSegments("/docs", StringComparison.Ordinal);

    /// <summary>Before anything looks at the path: a host address with a slash at its end makes EvalAI's client ask for <c>//api/…</c>.</summary>
    public static void UseEvalAiPaths(this WebApplication app)
    {
        app.UseEcr();
        app.Use(CollapseSlashes);
    }

    private static Task CollapseSlashes(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Path.Value is { } path && path.StartsWith("//", StringComparison.Ordinal)
            && "/" + path.TrimStart('/') is var single && single.StartsWith("/api/", StringComparison.Ordinal))
        {
            context.Request.Path = single;
        }

        return next(context);
    }

    /// <summary>
    /// After authentication. A token that is sent must be good, also where none is needed; requests are throttled; no refusal goes out
    /// without a body that EvalAI's client can read.
    /// </summary>
    public static void UseEvalAi(this WebApplication app) => app.Use(async (context, next) =>
    {
        if (!Covers(context.Request.Path))
        {
            await next(context);
            return;
        }

        if (TokenAuthentication.BearerOf(context.Request) is not null
            && (await context.AuthenticateAsync()).Failure is not null) // the scheme remembers what it found before
        {
            await context.ChallengeAsync();
            return;
        }

        if (context.RequestServices.GetRequiredService<RequestThrottle>().Refusal(context) is { } refusal)
        {
            await EvalAiErrors.WriteAsync(context, refusal);
            return;
        }

        await next(context);
        if (context.Response is { HasStarted: false, StatusCode: >= 400, ContentType: null })
        {
            await EvalAiErrors.WriteAsync(context, EvalAiErrors.OfStatus(context.Response.StatusCode, context.Request.Method));
        }
    });

    /// <summary>All addresses. Signing in is needed unless an address says otherwise; its name is its address.</summary>
    public static void MapEvalAi(this WebApplication app)
    {
        var all = app.MapGroup("/api").WithTags("EvalAI").ExcludeFromDescription();
        ((IEndpointConventionBuilder)all).Finally(endpoint =>
        {
            var methods = endpoint.Metadata.OfType<IHttpMethodMetadata>().LastOrDefault()?.HttpMethods ?? [];
            endpoint.Metadata.Add(new EndpointNameMetadata($"evalai {string.Join(' ', methods)} {((RouteEndpointBuilder)endpoint).RoutePattern.RawText}"));
        });
        all.MapEvalAiWorkers();
        var api = all.MapGroup("").RequireAuthorization(Policies.Read);
        api.MapEvalAiAccounts();
        api.MapEvalAiPush();
        api.MapEvalAiHosts();
        app.MapEcr();
        api.MapEvalAiTeams();
        api.MapEvalAiChallenges();
        api.MapEvalAiSubmissions();
        api.MapEvalAiUploads();
        api.MapEvalAiEditing();
        api.MapEvalAiAdministration();
        api.MapEvalAiNotHere();
        api.MapEvalAiLeaderboards();
        app.MapEvalAiPages();
        app.MapFallback("/api/{**rest}", IResult (HttpContext context, UnknownAddress unknown) => throw unknown.Refusal(context.Request))
            .WithName("UnknownApi").WithTags("Instance").AllowAnonymous().ExcludeFromDescription();
    }
}
