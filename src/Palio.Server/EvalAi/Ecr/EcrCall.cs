using System.Text;
using System.Text.Json;
using Palio.Server.Hosting;

namespace Palio.Server.EvalAi.Ecr;

/// <summary>
/// The one call that EvalAI's command line makes to Amazon's registry service, GetAuthorizationToken, for those who point
/// <c>AWS_ENDPOINT_URL_ECR</c> here: AWS's JSON 1.1 by POST, at the root or at <c>/ecr</c>.
/// </summary>
internal static class EcrCall
{
    /// <summary>The account that the credentials name; there is only one here.</summary>
    public const string Account = "000000000000";

    private const string Address = "/ecr";
    private const string Target = "X-Amz-Target";
    private const string Prefix = "AmazonEC2ContainerRegistry_V20150921.";
    private const int LongestBody = 64 << 10;

    private static readonly object SentPath = new();

    /// <summary>AWS's clients ask at the root, where a page is: they go to an address of their own.</summary>
    public static void UseEcr(this WebApplication app) => app.Use((context, next) =>
    {
        var request = context.Request;
        if (HttpMethods.IsPost(request.Method) && request.Path.Value is "/" or "" or Address && request.Headers.ContainsKey(Target))
        {
            context.Items[SentPath] = request.Path.HasValue ? request.Path.Value : "/";
            request.Path = Address;
        }

        return next(context);
    });

    public static void MapEcr(this IEndpointRouteBuilder app) =>
        app.MapPost(Address, HandleAsync).WithName("EcrGetAuthorizationToken").WithTags("EvalAI").AllowAnonymous().ExcludeFromDescription();

    private static async Task<IResult> HandleAsync(
        HttpContext context, PushSessions sessions, InstanceAddress address, TimeProvider time, CancellationToken cancellationToken)
    {
        var request = context.Request;
        if (request.Headers[Target] != Prefix + "GetAuthorizationToken")
        {
            return Refuse(new AwsError("UnknownOperationException", "Only GetAuthorizationToken is answered here."));
        }

        if (sessions.Open(request.Headers["X-Amz-Security-Token"].ToString()) is not { } keys)
        {
            return Refuse(new AwsError("UnrecognizedClientException", "The security token included in the request is invalid."));
        }

        if (keys.IsExpired)
        {
            return Refuse(new AwsError("ExpiredTokenException", "The security token included in the request is expired."));
        }

        if (await ReadAsync(request, cancellationToken) is not { } body)
        {
            return Refuse(new AwsError("SerializationException", "The body is too long."));
        }

        var path = context.Items[SentPath] as string ?? Address;
        string[] hosts = [request.Headers.Host.ToString(), address.RegistryHost];
        return AwsSignature.Check(request, path, body, keys, hosts, time.GetUtcNow()) is { } error ? Refuse(error)
            : !AsksForOurs(body) ? Refuse(new AwsError("AccessDeniedException", $"There is no other registry here than {Account}."))
            : Answer(sessions.IssueLogin(keys.Grant), address);
    }

    private static IResult Answer(PushLogin login, InstanceAddress address) => Json(
        new
        {
            authorizationData = new[]
            {
                new
                {
                    authorizationToken = Convert.ToBase64String(Encoding.UTF8.GetBytes($"AWS:{login.Password}")),
                    expiresAt = login.Expires.ToUnixTimeSeconds(),
                    proxyEndpoint = address.PublicUrl,
                },
            },
        },
        StatusCodes.Status200OK);

    private static IResult Refuse(AwsError error) => Json(new { __type = error.Type, message = error.Message }, StatusCodes.Status400BadRequest);

    private static IResult Json(object value, int status) => Results.Text(JsonSerializer.Serialize(value), "application/x-amz-json-1.1", Encoding.UTF8, status);

    private static async Task<byte[]?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var buffer = new byte[LongestBody + 1];
        var length = await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return length <= LongestBody ? buffer[..length] : null;
    }

    private static bool AsksForOurs(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body.Length == 0 ? "{}"u8.ToArray() : body);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && (!document.RootElement.TryGetProperty("registryIds", out var ids)
                    || (ids.ValueKind == JsonValueKind.Array && ids.EnumerateArray().All(id => string.Equals(id.ToString(), Account, StringComparison.Ordinal))));
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
