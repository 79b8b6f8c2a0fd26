using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Palio.Registry;

/// <summary>JSON with its length told beforehand, also to HEAD: clients take sizes from headers.</summary>
internal sealed record JsonAnswer<T>(T Value, JsonTypeInfo<T> Type, string ContentType = "application/json") : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(Value, Type);
        httpContext.Response.ContentType = ContentType;
        httpContext.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(httpContext.Request.Method))
        {
            await httpContext.Response.Body.WriteAsync(body, httpContext.RequestAborted);
        }
    }
}
