using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Palio.Cli.Session;

namespace Palio.Cli.Api;

/// <summary>Turns the server's problem+json into what a person is told and a script can test.</summary>
internal static class ApiProblem
{
    public static CliException From(HttpStatusCode status, string body)
    {
        var problem = Parse(body);
        var code = Text(problem, "code") ?? DefaultCode(status);
        var message = Text(problem, "detail") ?? Text(problem, "title") ?? $"The server answered {(int)status} {status}.";
        var mistakes = Mistakes(problem);
        if (mistakes.Length > 0 && Text(problem, "detail") is null)
        {
            // The mistakes say it all.
            return new CliException(Exit(status, code), $"The server does not take this:{mistakes}", "write it as said above, and run the command again", code);
        }

        return new CliException(Exit(status, code), message + mistakes, Remedy(code, status) ?? Text(problem, "remedy") ?? Trace(problem), code);
    }

    private static int Exit(HttpStatusCode status, string code) => status switch
    {
        _ when code.StartsWith("quota", StringComparison.Ordinal) => ExitCode.Quota,
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => ExitCode.Auth,
        HttpStatusCode.NotFound => ExitCode.NotFound,
        HttpStatusCode.TooManyRequests => ExitCode.Quota,
        >= HttpStatusCode.InternalServerError => ExitCode.PlatformFailed,
        _ => ExitCode.InvalidInput,
    };

    // The server cannot know the commands of its clients as well as the client does.
    private static string? Remedy(string code, HttpStatusCode status) => code switch
    {
        "auth_required" or "token_expired" or "token_revoked" => "run: palio login",
        _ when status == HttpStatusCode.Unauthorized => "run: palio login",
        "scope" => "run: palio login   (or make a wider token: palio token create NAME --scope host)",
        "not_participating" => "run: palio participate CHALLENGE --accept-terms",
        "terms_not_accepted" => "read the terms (palio challenge show CHALLENGE), then add --accept-terms",
        _ => null,
    };

    private static string DefaultCode(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized => "auth_required",
        HttpStatusCode.Forbidden => "forbidden",
        HttpStatusCode.NotFound => "not_found",
        HttpStatusCode.BadRequest => "validation",
        >= HttpStatusCode.InternalServerError => "server_error",
        _ => "refused",
    };

    private static string? Trace(JsonObject? problem) =>
        Text(problem, "traceId") is { } trace ? $"tell the operator this number: {trace}" : null;

    private static string Mistakes(JsonObject? problem)
    {
        if (problem?["errors"] is not JsonObject errors)
        {
            return "";
        }

        var lines = errors.SelectMany(field => field.Value is JsonArray texts
            ? texts.Select(text => $"\n  {field.Key}: {text}")
            : [$"\n  {field.Key}: {field.Value}"]);
        return string.Concat(lines);
    }

    private static string? Text(JsonObject? problem, string name) =>
        problem?[name] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;

    private static JsonObject? Parse(string body)
    {
        try
        {
            return JsonNode.Parse(body) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
