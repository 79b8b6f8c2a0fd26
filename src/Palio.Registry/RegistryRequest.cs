using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Palio.Registry;

/// <summary>A request that was let in: who asks what of which repository.</summary>
internal sealed record RegistryRequest(
    HttpContext Context, RepositoryName Repository, string Reference, RegistryCaller Caller, IRegistryAuthorizer Authorizer)
{
    public HttpRequest Http => Context.Request;

    public HttpResponse Response => Context.Response;

    public CancellationToken Aborted => Context.RequestAborted;

    public async ValueTask<long> QuotaAsync(RegistryOptions options) =>
        await Authorizer.GetQuotaAsync(Repository, Aborted) ?? options.RepositoryQuotaBytes;

    /// <summary>Takes the server's own limits off a body that we count ourselves, and gives it the registry's own least rate.</summary>
    public void AllowLargeBody(RegistryOptions options)
    {
        if (Context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        if (Context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            // HTTP/2 takes none for a single request: there the server's own stays off, and only idleness ends an upload.
            rate.MinDataRate = options.MinUploadBytesPerSecond > 0 && !HttpProtocol.IsHttp2(Http.Protocol)
                ? new MinDataRate(options.MinUploadBytesPerSecond, options.UploadStallTime)
                : null;
        }
    }
}
