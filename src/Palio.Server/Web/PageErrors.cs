using System.Diagnostics;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.HttpResults;
using Palio.Server.Errors;

namespace Palio.Server.Web;

/// <summary>Shows refusals and faults of pages as a page.</summary>
internal sealed partial class PageErrors(ILogger<PageErrors> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (!IsPage(httpContext.Request.Path))
        {
            return false;
        }

        switch (exception)
        {
            case OperationCanceledException when httpContext.RequestAborted.IsCancellationRequested:
                httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
                break;
            case PalioException { Status: StatusCodes.Status401Unauthorized } when HttpMethods.IsGet(httpContext.Request.Method):
                var here = httpContext.Request.Path + httpContext.Request.QueryString;
                httpContext.Response.Redirect("/account/sign-in?returnUrl=" + Uri.EscapeDataString(here));
                break;
            case PalioException refusal:
                await ShowAsync(httpContext, refusal.Status, refusal.Message, refusal.Remedy);
                break;
            case BadHttpRequestException bad:
                await ShowAsync(httpContext, bad.StatusCode, "The form could not be read.", "Go back, load the page anew and send it again.");
                break;
            default:
                var trace = Activity.Current?.TraceId.ToString() ?? httpContext.TraceIdentifier;
                LogUnexpected(exception, httpContext.Request.Method, httpContext.Request.Path, trace);
                await ShowAsync(httpContext, StatusCodes.Status500InternalServerError,
                    "Something inside Palio went wrong; it was not your doing.", "Try again. If it stays, tell the operator the trace below.", trace);
                break;
        }

        return true;
    }

    /// <summary>What no endpoint answers: a page for people, the bare status for programs.</summary>
    public static Task ShowNotFoundAsync(HttpContext context)
    {
        if (IsPage(context.Request.Path) && HttpMethods.IsGet(context.Request.Method))
        {
            return ShowAsync(context, StatusCodes.Status404NotFound,
                "No page has this address, or it is not open to you.", "Check the address, or sign in if it belongs to your team.");
        }

        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    public static Task ShowDeniedAsync(HttpContext context) => ShowAsync(context, StatusCodes.Status403Forbidden,
        "Your account may not see this page.", "Ask the administrator, or sign in with another account.");

    /// <summary>Everything but the doors that programs use.</summary>
    public static bool IsPage(PathString path) =>
        !path.StartsWithSegments("/api", StringComparison.Ordinal) && !path.StartsWithSegments("/v2", StringComparison.Ordinal)
        && !path.StartsWithSegments("/openapi", StringComparison.Ordinal) && !path.StartsWithSegments("/health", StringComparison.Ordinal);

    private static async Task ShowAsync(HttpContext context, int status, string message, string remedy, string? trace = null) =>
        await new RazorComponentResult<ErrorDocument>(new { Status = status, Message = message, Remedy = remedy, Trace = trace })
        {
            StatusCode = status,
        }.ExecuteAsync(context);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed unexpectedly, trace {Trace}")]
    private partial void LogUnexpected(Exception exception, string method, string path, string trace);
}
