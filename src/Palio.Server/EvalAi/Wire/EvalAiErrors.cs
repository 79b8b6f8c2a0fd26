using System.Text.Json;
using Palio.Server.Auth;
using Palio.Server.Errors;

namespace Palio.Server.EvalAi.Wire;

/// <summary>
/// Refusals of the use cases as EvalAI's clients read them. They show <c>error</c> with 400, 401, 403 and 406, know three texts of
/// <c>detail</c>, and print "Error: None" where <c>error</c> is missing: it never is.
/// </summary>
internal static class EvalAiErrors
{
    public const string InvalidToken = "Invalid token";
    public const string ExpiredToken = "Token has expired";
    public const string NoCredentials = "Authentication credentials were not provided.";

    public static async Task WriteAsync(HttpContext context, PalioException refusal)
    {
        var status = StatusOf(refusal);
        context.Response.StatusCode = status;
        if (status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer realm=\"api\"";
        }

        if (refusal.RetryAt is { } retryAt && status == StatusCodes.Status429TooManyRequests)
        {
            context.Response.Headers.RetryAfter = retryAt.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
        }

        await context.Response.WriteAsJsonAsync(Body(refusal, status, context.Request), EvalAiJson.Options, CancellationToken.None);
    }

    /// <summary>For an answer without a body.</summary>
    public static PalioException OfStatus(int status, string method) => status switch
    {
        StatusCodes.Status401Unauthorized => new PalioException(status, RefusalCodes.AuthRequired, NoCredentials, ""),
        StatusCodes.Status403Forbidden => new PalioException(status, RefusalCodes.Forbidden, "You do not have permission to perform this action.", ""),
        StatusCodes.Status404NotFound => new PalioException(status, RefusalCodes.NotFound, "Not found.", ""),
        StatusCodes.Status405MethodNotAllowed => WrongMethod(method),
        StatusCodes.Status415UnsupportedMediaType => new PalioException(status, RefusalCodes.Validation, "Unsupported media type in request.", ""),
        _ => new PalioException(status, status >= 500 ? RefusalCodes.Internal : RefusalCodes.Validation, "The request could not be read.", ""),
    };

    public static PalioException WrongMethod(string method) =>
        new(StatusCodes.Status405MethodNotAllowed, RefusalCodes.Validation, $"Method \"{method}\" not allowed.", "");

    /// <summary>The same refusal with its mistakes under EvalAI's names for the fields.</summary>
    public static PalioException Renamed(this PalioException refusal, params (string Ours, string Theirs)[] names) => new(
        refusal.Status, refusal.Code, refusal.Message, refusal.Remedy)
    {
        RetryAt = refusal.RetryAt,
        Fields = refusal.Fields?.GroupBy(field => names.FirstOrDefault(name => string.Equals(name.Ours, field.Key, StringComparison.OrdinalIgnoreCase)).Theirs
                ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(field.Key))
            .ToDictionary(group => group.Key, group => group.SelectMany(field => field.Value).ToArray()),
    };

    // EvalAI answers 406 to what is not possible now, 403 to what a team may not, 400 to what cannot be used.
    private static int StatusOf(PalioException refusal) => refusal.Code switch
    {
        RefusalCodes.QuotaTotal or RefusalCodes.QuotaMonth or RefusalCodes.QuotaDay or RefusalCodes.NotParticipating or RefusalCodes.NotApproved
            => StatusCodes.Status403Forbidden,
        RefusalCodes.QuotaConcurrent => StatusCodes.Status406NotAcceptable,
        RefusalCodes.Taken => StatusCodes.Status400BadRequest,
        _ => refusal.Status switch
        {
            StatusCodes.Status409Conflict => StatusCodes.Status406NotAcceptable,
            StatusCodes.Status422UnprocessableEntity => StatusCodes.Status400BadRequest,
            var status => status,
        },
    };

    private static Dictionary<string, object> Body(PalioException refusal, int status, HttpRequest request)
    {
        var body = new Dictionary<string, object>();
        foreach (var (field, mistakes) in refusal.Fields ?? new Dictionary<string, string[]>())
        {
            body[field] = mistakes;
        }

        if (Detail(refusal, status, request) is { } detail)
        {
            body["detail"] = detail;
        }

        body["error"] = refusal.Remedy.Length == 0 ? refusal.Message : $"{refusal.Message} {refusal.Remedy}";
        return body;
    }

    private static string? Detail(PalioException refusal, int status, HttpRequest request) => refusal.Code switch
    {
        RefusalCodes.TokenExpired => ExpiredToken,
        RefusalCodes.TokenRevoked => InvalidToken,
        RefusalCodes.AuthRequired => TokenAuthentication.BearerOf(request) is null ? NoCredentials : InvalidToken,
        _ => status is StatusCodes.Status400BadRequest or StatusCodes.Status406NotAcceptable ? null : refusal.Message,
    };
}
