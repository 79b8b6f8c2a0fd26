using System.Net;
using System.Net.Sockets;

namespace Palio.Referee.Legacy;

/// <summary>
/// The referee's program on the agent's loopback: it takes the connections that the agent believes to be the environment's and carries
/// their bytes to the referee's socket. It understands nothing of them, so there is nothing in it to attack.
/// </summary>
internal static class Gate
{
    private const int MostConnections = 8;
    private const int BufferBytes = 64 * 1024;

    /// <summary>Carries until the referee is gone for good.</summary>
    public static async Task<int> RunAsync(string socketPath, TextWriter complaints, int port, CancellationToken cancellationToken)
    {
        using var listener = Listen(port);
        await complaints.WriteLineAsync($"gate: listening on {listener.LocalEndPoint}").ConfigureAwait(false);
        using var places = new SemaphoreSlim(MostConnections, MostConnections);
        while (!cancellationToken.IsCancellationRequested)
        {
            await places.WaitAsync(cancellationToken).ConfigureAwait(false);
            var agent = await listener.AcceptAsync(cancellationToken).ConfigureAwait(false);
            agent.NoDelay = true;
            _ = CarryAsync(agent, socketPath, places, complaints, cancellationToken);
        }

        return RefereeProgram.Played;
    }

    /// <summary>One connection, both ways, until either end closes it. Owns the connection and its place; says what went wrong.</summary>
    internal static async Task CarryAsync(
        Socket agent, string socketPath, SemaphoreSlim places, TextWriter complaints, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            using var referee = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await referee.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), cancellationToken).ConfigureAwait(false);
            var there = CopyAsync(agent, referee, over.Token);
            var back = CopyAsync(referee, agent, over.Token);
            await Task.WhenAny(there, back).ConfigureAwait(false);
            await over.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(there, back).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is SocketException or IOException or OperationCanceledException)
        {
            await complaints.WriteLineAsync($"gate: a connection ended: {exception.Message}").ConfigureAwait(false);
        }
        finally
        {
            agent.Dispose();
            places.Release();
        }
    }

    private static Socket Listen(int port)
    {
        // "localhost" is ::1 first where there is IPv6; a namespace without it refuses the address.
        try
        {
            return Bound(new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true }, new IPEndPoint(IPAddress.IPv6Any, port));
        }
        catch (SocketException)
        {
            return Bound(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp), new IPEndPoint(IPAddress.Any, port));
        }
    }

    private static Socket Bound(Socket socket, IPEndPoint address)
    {
        try
        {
            socket.Bind(address);
            socket.Listen(MostConnections);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task CopyAsync(Socket from, Socket to, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferBytes];
        try
        {
            for (int read; (read = await from.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0;)
            {
                await SendAllAsync(to, buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            // The other way ends with this one.
        }
    }

    private static async Task SendAllAsync(Socket to, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await to.SendAsync(bytes, cancellationToken).ConfigureAwait(false)..];
        }
    }
}
