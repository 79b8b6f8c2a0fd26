using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Palio.Referee.Legacy;

/// <summary>Kestrel without a host around it: HTTP/2 for the agent on a Unix socket, HTTP/1.1 for the environment on its loopback.</summary>
internal sealed class LegacyServer : IHttpApplication<DefaultHttpContext>, IAsyncDisposable
{
    private const int MostConnections = 16;
    private const int MostCallsAtOnce = 4;
    private const UnixFileMode Everyone = UnixFileMode.UserRead | UnixFileMode.UserWrite
        | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(1);

    private readonly LegacyAddresses _addresses;
    private readonly AgentCalls _calls;
    private readonly SubmissionApi _api;
    private readonly KestrelServer _server;

    public LegacyServer(LegacyAddresses addresses, AgentCalls calls, SubmissionApi api, int maxMessageBytes)
    {
        (_addresses, _calls, _api) = (addresses, calls, api);
        File.Delete(addresses.AgentSocket);
        var options = new KestrelServerOptions { AddServerHeader = false };
        options.Limits.MaxConcurrentConnections = MostConnections;
        options.Limits.Http2.MaxStreamsPerConnection = MostCallsAtOnce;
        options.Limits.MaxRequestBodySize = Math.Max(maxMessageBytes + GrpcMessage.MostOverhead, SubmissionApi.MostBytes);

        // An agent that thinks, or an environment that trains, sends nothing for as long as the phase's own limits allow.
        options.Limits.MinRequestBodyDataRate = null;
        options.Limits.MinResponseDataRate = null;
        options.ListenUnixSocket(addresses.AgentSocket, listen => listen.Protocols = HttpProtocols.Http2);
        options.Listen(IPAddress.Loopback, addresses.ApiPort, listen => listen.Protocols = HttpProtocols.Http1);
        _server = new KestrelServer(
            Options.Create(options),
            new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance),
            NullLoggerFactory.Instance);
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _server.StartAsync(this, cancellationToken).ConfigureAwait(false);

        // The gate runs as another user. It sees this directory alone, and read-only.
        File.SetUnixFileMode(_addresses.AgentSocket, Everyone);
    }

    public int ApiPort => _server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses
        .Where(address => address.StartsWith("http://127.", StringComparison.Ordinal)).Select(address => new Uri(address).Port).Single();

    public DefaultHttpContext CreateContext(IFeatureCollection contextFeatures) => new(contextFeatures);

    public Task ProcessRequestAsync(DefaultHttpContext context) =>
        HttpProtocol.IsHttp2(context.Request.Protocol) ? _calls.HandleAsync(context) : _api.HandleAsync(context);

    public void DisposeContext(DefaultHttpContext context, Exception? exception)
    {
        // Nothing is kept from one request to the next.
    }

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(StopLimit);
        await _server.StopAsync(limit.Token).ConfigureAwait(false);
        _server.Dispose();
        _calls.Dispose();
        File.Delete(_addresses.AgentSocket);
    }
}
