using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.Primitives;
using Palio.Server.Data;

namespace Palio.Server.Features.Leaderboards;

/// <summary>
/// Keeps what a board answers to nobody in particular, JSON and page, as long as this process writes nothing and for half a second at
/// most, so that what another replica writes is seen within a second. A crowd before a board costs as much as one visitor.
/// </summary>
internal sealed class BoardAnswers(WriteEpoch epoch) : IOutputCachePolicy
{
    private const long MostBytes = 32 << 20;

    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(500);

    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<BoardAnswers>();
        services.AddOutputCache(options => options.SizeLimit = MostBytes);
        services.AddOptions<OutputCacheOptions>().Configure<BoardAnswers>((options, answers) => options.AddBasePolicy(answers));
    }

    public ValueTask CacheRequestAsync(OutputCacheContext context, CancellationToken cancellationToken)
    {
        var isBoard = IsBoard(context.HttpContext.Request);
        context.EnableOutputCaching = isBoard;
        context.AllowCacheLookup = isBoard;
        context.AllowCacheStorage = isBoard;
        context.AllowLocking = isBoard;
        if (isBoard)
        {
            context.ResponseExpirationTimeSpan = Longest;
            context.CacheVaryByRules.QueryKeys = new StringValues(["split", "sort", "limit", "private"]);
            context.CacheVaryByRules.HeaderNames = new StringValues(["Accept", "Accept-Encoding"]);
            context.CacheVaryByRules.VaryByValues["epoch"] = epoch.Current.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask ServeFromCacheAsync(OutputCacheContext context, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask ServeResponseAsync(OutputCacheContext context, CancellationToken cancellationToken)
    {
        var response = context.HttpContext.Response;
        context.AllowCacheStorage = response.StatusCode == StatusCodes.Status200OK && StringValues.IsNullOrEmpty(response.Headers.SetCookie);
        return ValueTask.CompletedTask;
    }

    // Nobody in particular: neither a token nor any cookie came along, so that nothing of anybody's can be kept.
    internal static bool IsBoard(HttpRequest request) =>
        HttpMethods.IsGet(request.Method)
        && StringValues.IsNullOrEmpty(request.Headers.Authorization) && StringValues.IsNullOrEmpty(request.Headers.Cookie)
        && request.Path.Value is { } path
        && (path.StartsWith("/api/v1/challenges/", StringComparison.Ordinal) ? path.EndsWith("/leaderboard", StringComparison.Ordinal) : IsPage(path));

    private static bool IsPage(string path) =>
        path.StartsWith("/challenges/", StringComparison.Ordinal) && path.Contains("/leaderboard", StringComparison.Ordinal)
        && !path.EndsWith("/events", StringComparison.Ordinal) && !path.EndsWith("/csv", StringComparison.Ordinal);
}
