using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace Palio.Server.Hosting;

/// <summary>Where this instance is reached: by people, and by the worker inside.</summary>
internal sealed class InstanceAddress(IOptions<InstanceOptions> options, IServer server, IHttpContextAccessor accessor)
{
    /// <summary>Scheme, host and port without a slash at the end, as the present request's client sees it.</summary>
    public string PublicUrl
    {
        get
        {
            if (options.Value.PublicUrl is { } configured)
            {
                return configured.GetLeftPart(UriPartial.Authority);
            }

            return accessor.HttpContext?.Request is { Host.HasValue: true } request ? $"{request.Scheme}://{request.Host.Value}" : BoundUrl;
        }
    }

    /// <summary>Host and port that images are pushed to.</summary>
    public string RegistryHost => new Uri(PublicUrl).Authority;

    /// <summary>Host and port by which an engine on this machine pulls: the loopback address, which engines take without TLS.</summary>
    public string LocalRegistryHost
    {
        get
        {
            var bound = new Uri(BoundUrl);
            return bound.IsLoopback ? bound.Authority : options.Value.PublicUrl?.Authority ?? bound.Authority;
        }
    }

    private string BoundUrl
    {
        get
        {
            var addresses = server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
            var bound = addresses.FirstOrDefault(address => address.StartsWith("http://", StringComparison.OrdinalIgnoreCase)) ?? addresses.FirstOrDefault();
            return (bound ?? "http://localhost").Replace("://[::]", "://127.0.0.1", StringComparison.Ordinal)
                .Replace("://0.0.0.0", "://127.0.0.1", StringComparison.Ordinal).Replace("://+", "://127.0.0.1", StringComparison.Ordinal)
                .Replace("://*", "://127.0.0.1", StringComparison.Ordinal).TrimEnd('/');
        }
    }
}
