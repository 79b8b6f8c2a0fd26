using Palio.Server.Auth;
using Palio.Server.Errors;

namespace Palio.Server.Hosting;

/// <summary>Headers that keep a browser from doing what no page of Palio asks for.</summary>
internal static class SecurityHeaders
{
    private const string Strict =
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; object-src 'none'; "
        + "base-uri 'self'; frame-ancestors 'none'; form-action 'self'";

    // The API's documentation page is a program of its own that writes its styles inline. It shows nothing of anybody's.
    private const string Documentation =
        "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
        + "connect-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'none'; form-action 'self'";

    public static void UseSecurityHeaders(this WebApplication app) => app.Use(async (context, next) =>
    {
        var path = context.Request.Path;
        if (!path.StartsWithSegments("/v2", StringComparison.Ordinal))
        {
            var headers = context.Response.Headers;
            headers.ContentSecurityPolicy = path.StartsWithSegments("/api/docs", StringComparison.Ordinal) ? Documentation : Strict;
            headers.XContentTypeOptions = "nosniff";
            headers["Referrer-Policy"] = "same-origin";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
            headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=()";
            if (path.StartsWithSegments("/api", StringComparison.Ordinal))
            {
                headers.CacheControl = "no-store";
            }

            if (context.Request.IsHttps)
            {
                headers.StrictTransportSecurity = "max-age=31536000";
            }
        }

        await next(context);
    });

    /// <summary>
    /// The API takes the pages' cookie too. A browser sends it along with what other sites' pages ask for, so that such requests must
    /// come from our own pages. Forms of the pages carry an antiforgery token besides.
    /// </summary>
    public static void UseSameOriginForCookies(this WebApplication app) => app.Use(async (context, next) =>
    {
        var request = context.Request;
        var isSafe = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method);
        if (isSafe || !ProblemResponses.IsApi(request.Path) || TokenAuthentication.BearerOf(request) is not null || IsSameOrigin(request))
        {
            await next(context);
            return;
        }

        await ProblemResponses.WriteAsync(context.RequestServices.GetRequiredService<IProblemDetailsService>(), context, PalioException.Forbidden(
            "This request came from another website's page.", "Use a personal access token instead of the cookie."));
    });

    private static bool IsSameOrigin(HttpRequest request)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site.Length > 0)
        {
            return site is "same-origin" or "none";
        }

        var origin = request.Headers.Origin.ToString();
        return origin.Length == 0 || (Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Authority == request.Host.Value);
    }
}
