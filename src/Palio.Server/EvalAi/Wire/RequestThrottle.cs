using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using Palio.Server.Auth;
using Palio.Server.Errors;

namespace Palio.Server.EvalAi.Wire;

/// <summary>So many requests in a minute, for each account, or for each address that has not signed in.</summary>
internal sealed class RequestThrottle(IOptions<EvalAiOptions> options) : IDisposable
{
    private readonly PartitionedRateLimiter<HttpContext> _limiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
    {
        var caller = new CurrentUser(context.User);
        return caller.IsSignedIn
            ? Bucket($"user {caller.Id}", options.Value.UserRequestsPerMinute)
            : Bucket($"address {context.Connection.RemoteIpAddress}", options.Value.AnonymousRequestsPerMinute);
    });

    /// <summary>Counts the request; not null when it is one too many.</summary>
    public PalioException? Refusal(HttpContext context)
    {
        using var lease = _limiter.AttemptAcquire(context);
        if (lease.IsAcquired)
        {
            return null;
        }

        var wait = lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? Math.Max(1, (int)Math.Ceiling(after.TotalSeconds)) : 60;
        context.Response.Headers.RetryAfter = wait.ToString(CultureInfo.InvariantCulture);
        return new PalioException(
            StatusCodes.Status429TooManyRequests, RefusalCodes.TooManyRequests,
            $"Request was throttled. Expected available in {wait} second{(wait == 1 ? "" : "s")}.", "");
    }

    public void Dispose() => _limiter.Dispose();

    private static RateLimitPartition<string> Bucket(string key, int perMinute) => RateLimitPartition.GetTokenBucketLimiter(key, _ => new TokenBucketRateLimiterOptions
    {
        TokenLimit = perMinute,
        TokensPerPeriod = 1,
        ReplenishmentPeriod = TimeSpan.FromMinutes(1) / perMinute,
        QueueLimit = 0,
    });
}
