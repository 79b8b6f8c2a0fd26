using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Palio.Server.EvalAi;
using Palio.Server.EvalAi.Wire;

namespace Palio.Server.Errors;

/// <summary>Turns refusals and faults of the API into problem+json with <c>code</c> and <c>remedy</c>.</summary>
internal sealed partial class ProblemResponses(IProblemDetailsService problems, ILogger<ProblemResponses> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (!IsApi(httpContext.Request.Path))
        {
            return false;
        }

        if (exception is OperationCanceledException && httpContext.RequestAborted.IsCancellationRequested)
        {
            httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }

        return await WriteAsync(problems, httpContext, AsRefusal(httpContext, exception));
    }

    public static bool IsApi(PathString path) => path.StartsWithSegments("/api", StringComparison.Ordinal);

    public static async ValueTask<bool> WriteAsync(IProblemDetailsService problems, HttpContext context, PalioException refusal)
    {
        if (EvalAiDoor.Covers(context.Request.Path))
        {
            await EvalAiErrors.WriteAsync(context, refusal);
            return true;
        }

        context.Response.StatusCode = refusal.Status;
        if (refusal.RetryAt is { } retryAt)
        {
            context.Response.Headers.RetryAfter = retryAt.ToString("R", CultureInfo.InvariantCulture);
        }

        return await problems.TryWriteAsync(new ProblemDetailsContext { HttpContext = context, ProblemDetails = Details(refusal) });
    }

    public static ProblemDetails Details(PalioException refusal)
    {
        var details = new ProblemDetails { Status = refusal.Status, Title = Title(refusal.Status), Detail = refusal.Message };
        details.Extensions["code"] = refusal.Code;
        details.Extensions["remedy"] = refusal.Remedy;
        if (refusal.RetryAt is { } retryAt)
        {
            details.Extensions["retryAt"] = retryAt;
        }

        if (refusal.Fields is { } fields)
        {
            details.Extensions["errors"] = fields;
        }

        return details;
    }

    private PalioException AsRefusal(HttpContext context, Exception exception)
    {
        switch (exception)
        {
            case PalioException refusal:
                return refusal;
            case BadHttpRequestException bad:
                return new PalioException(bad.StatusCode, RefusalCodes.Validation, "The request could not be read.",
                    bad.StatusCode == StatusCodes.Status413PayloadTooLarge
                        ? "Send less: the limit is in the API's documentation."
                        : "Compare it with the API's documentation at /api/docs.");
            default:
                var trace = Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;
                LogUnexpected(exception, context.Request.Method, context.Request.Path, trace);
                return new PalioException(StatusCodes.Status500InternalServerError, RefusalCodes.Internal,
                    $"Palio failed. Trace {trace}.", "Try again; if it stays, tell the operator the trace id.");
        }
    }

    private static string Title(int status) => status switch
    {
        400 => "Invalid request",
        401 => "Sign in first",
        403 => "Not allowed",
        404 => "Not found",
        409 => "Not possible now",
        413 => "Too large",
        422 => "Cannot be used",
        429 => "Too many",
        >= 500 => "Palio failed",
        _ => "Refused",
    };

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed unexpectedly, trace {Trace}")]
    private partial void LogUnexpected(Exception exception, string method, string path, string trace);
}
