using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Palio.Registry;

/// <summary>Everything below <c>/v2</c> comes in here: path, caller, permission, and on to the feature.</summary>
internal sealed partial class RegistryHandler(
    RegistryAccess access,
    TokenEndpoint token,
    ManifestEndpoints manifests,
    BlobEndpoints blobs,
    UploadEndpoints uploads,
    TagEndpoints tags,
    ReferrerEndpoints referrers,
    ILogger<RegistryHandler> logger)
{
    public async Task HandleAsync(HttpContext context)
    {
        context.Response.Headers["Docker-Distribution-API-Version"] = "registry/2.0";
        try
        {
            var result = await AnswerAsync(context);
            if (result is RegistryError error)
            {
                LogRefused(context.Request.Method, context.Request.Path, error.Status, error.Code);
            }

            await result.ExecuteAsync(context);
        }
        catch (RegistryException exception)
        {
            LogRefused(context.Request.Method, context.Request.Path, exception.Error.Status, exception.Error.Code);
            await exception.Error.ExecuteAsync(context);
        }
        catch (Exception exception) when (IsClientGone(context, exception))
        {
            LogAborted(context.Request.Method, context.Request.Path);
            context.Abort();
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            // The edge of the registry: its clients print only errors worded its way. A full disk ends here, too.
            LogFailed(exception, context.Request.Method, context.Request.Path);
            await RegistryErrors.Internal(context.TraceIdentifier).ExecuteAsync(context);
        }
    }

    // The server learns of a lost connection in the body first, and marks the request aborted a moment later.
    private static bool IsClientGone(HttpContext context, Exception exception) =>
        exception is BadHttpRequestException or ConnectionResetException or ConnectionAbortedException
        || (context.RequestAborted.IsCancellationRequested && exception is IOException or OperationCanceledException);

    private async Task<IResult> AnswerAsync(HttpContext context)
    {
        if (RegistryRoute.Parse(context.Request.Path.Value?["/v2".Length..] ?? "") is not { } route)
        {
            return RegistryErrors.NotFound();
        }

        var authorizer = context.RequestServices.GetRequiredService<IRegistryAuthorizer>();
        switch (route.Kind)
        {
            case RouteKind.Root:
                return await RootAsync(context, authorizer);
            case RouteKind.Token:
                return await token.HandleAsync(context, authorizer, context.RequestAborted);
            case RouteKind.Catalog:
                return RegistryErrors.NotFound(); // names of other teams' repositories are nobody's business
        }

        if (!RepositoryName.TryParseWritten(route.Name, out var repository))
        {
            return RegistryErrors.NameInvalid(route.Name);
        }

        var wanted = Wanted(route.Kind, repository, context.Request);
        var (caller, refused) = await access.IdentifyAsync(context, authorizer, wanted, context.RequestAborted);
        if (caller is null)
        {
            return refused!; // one of the two is there
        }

        return await access.DemandAsync(context, authorizer, caller, wanted, context.RequestAborted)
            ?? CheckReference(route, context.Request.Method)
            ?? await DispatchAsync(route.Kind, new RegistryRequest(context, repository, route.Reference, caller, authorizer));
    }

    private async Task<IResult> RootAsync(HttpContext context, IRegistryAuthorizer authorizer)
    {
        var (caller, refused) = await access.IdentifyAsync(context, authorizer, [], context.RequestAborted);
        if (caller is { Token: null, Identity.IsAnonymous: true })
        {
            return access.Challenge(context, [], "Sign in first: docker login with your user name and an API token as password.");
        }

        return caller is null ? refused! : new JsonAnswer<Empty>(new Empty(), RegistryJson.Default.Empty); // one of the two is there
    }

    // What a 401 asks for must be exactly what is needed: some clients request just that. The source of a mount is a wish, not a need.
    private static IReadOnlyList<RegistryScope> Wanted(RouteKind kind, RepositoryName repository, HttpRequest request)
    {
        var needed = new RegistryScope(repository, Needed(kind, request.Method));
        return kind == RouteKind.UploadStart && request.Query.ContainsKey("mount")
            && RepositoryName.TryParseWritten(request.Query["from"], out var source) && source != repository
                ? [needed, new RegistryScope(source, RegistryActions.Pull)]
                : [needed];
    }

    private static RegistryActions Needed(RouteKind kind, string method) =>
        kind is RouteKind.Upload or RouteKind.UploadStart ? RegistryActions.Pull | RegistryActions.Push
        : HttpMethods.IsGet(method) || HttpMethods.IsHead(method) ? RegistryActions.Pull
        : HttpMethods.IsDelete(method) ? RegistryActions.Delete
        : RegistryActions.Pull | RegistryActions.Push;

    private static RegistryError? CheckReference(RegistryRoute route, string method)
    {
        var mustBeDigest = route.Kind is RouteKind.Blob or RouteKind.Referrers
            || (route.Kind == RouteKind.Manifest && route.Reference.Contains(':', StringComparison.Ordinal));
        if (mustBeDigest)
        {
            return Digest.TryParse(route.Reference, out _) ? null : RegistryErrors.DigestInvalid("The digest is not a valid sha256 or sha512 digest.");
        }

        return route.Kind != RouteKind.Manifest || TagName.IsValid(route.Reference) ? null
            : HttpMethods.IsPut(method) ? RegistryErrors.TagInvalid(route.Reference)
            : RegistryErrors.ManifestUnknown(route.Reference);
    }

    private async Task<IResult> DispatchAsync(RouteKind kind, RegistryRequest request) => (kind, request.Http.Method) switch
    {
        (RouteKind.Manifest, "GET" or "HEAD") => await manifests.GetAsync(request),
        (RouteKind.Manifest, "PUT") => await manifests.PutAsync(request),
        (RouteKind.Manifest, "DELETE") => await manifests.DeleteAsync(request),
        (RouteKind.Blob, "GET" or "HEAD") => await blobs.GetAsync(request),
        (RouteKind.Blob, "DELETE") => await blobs.DeleteAsync(request),
        (RouteKind.UploadStart, "POST") => await uploads.StartAsync(request),
        (RouteKind.Upload, "PATCH") => await uploads.AppendAsync(request),
        (RouteKind.Upload, "PUT") => await uploads.FinishAsync(request),
        (RouteKind.Upload, "GET" or "HEAD") => await uploads.AskAsync(request),
        (RouteKind.Upload, "DELETE") => await uploads.CancelAsync(request),
        (RouteKind.Tags, "GET" or "HEAD") => await tags.ListAsync(request),
        (RouteKind.Referrers, "GET" or "HEAD") => await referrers.ListAsync(request),
        _ => RegistryErrors.Unsupported("The registry does not support this method here."),
    };

    [LoggerMessage(Level = LogLevel.Debug, Message = "Refused {Method} {Path} with {Status} {Code}")]
    private partial void LogRefused(string method, PathString path, int status, string code);

    [LoggerMessage(Level = LogLevel.Error, Message = "Failed to answer {Method} {Path}")]
    private partial void LogFailed(Exception exception, string method, PathString path);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The client gave up {Method} {Path}")]
    private partial void LogAborted(string method, PathString path);
}

/// <summary>What the root answers: <c>{}</c>.</summary>
internal sealed record Empty;
