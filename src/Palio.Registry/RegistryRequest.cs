using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
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

    /// <summary>Takes the server's own limits off a body that we count and pace ourselves.</summary>
    public void AllowLargeBody()
    {
        if (Context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        if (Context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }
    }
}
