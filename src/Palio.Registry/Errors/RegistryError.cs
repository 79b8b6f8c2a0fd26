using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace Palio.Registry;

/// <summary>An error answer as the distribution specification words it. Clients print the message to a person.</summary>
internal sealed record RegistryError(int Status, string Code, string Message) : IResult
{
    public string? Detail { get; init; }

    /// <summary>Seconds after which another try makes sense.</summary>
    public int? RetryAfter { get; init; }

    public string? Challenge { get; init; }

    /// <summary>Where an upload stands, for a 416.</summary>
    public UploadPosition? Position { get; init; }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.ContentType = "application/json";
        if (RetryAfter is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        if (Challenge is not null)
        {
            response.Headers.WWWAuthenticate = Challenge;
        }

        Position?.Describe(response);
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new RegistryErrorBody([new RegistryErrorItem(Code, Message, Detail)]), RegistryJson.Default.RegistryErrorBody);
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(httpContext.Request.Method))
        {
            await response.Body.WriteAsync(body, httpContext.RequestAborted);
        }
    }
}

internal sealed record RegistryErrorBody([property: JsonPropertyName("errors")] IReadOnlyList<RegistryErrorItem> Errors);

internal sealed record RegistryErrorItem(
    [property: JsonPropertyName("code")] string Code,
    [property: JsonPropertyName("message")] string Message,
    [property: JsonPropertyName("detail")] string? Detail);

/// <summary>Carries an error out of the middle of a body that is being received.</summary>
internal sealed class RegistryException(RegistryError error) : Exception(error.Message)
{
    public RegistryError Error { get; } = error;
}
