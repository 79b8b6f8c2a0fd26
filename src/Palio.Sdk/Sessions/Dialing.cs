using System.Net.Sockets;
using Palio.Protocol.Frames;

namespace Palio.Sdk.Sessions;

/// <summary>Connects to the referee; its socket may appear a moment after this program starts.</summary>
internal sealed record Dialing(string Path, TimeSpan Patience, TimeProvider Time)
{
    private const int PauseMs = 20;

    public static Dialing To(string? path) => new(
        path ?? (Environment.GetEnvironmentVariable(FrameLimits.SocketVariable) is { Length: > 0 } variable ? variable : FrameLimits.DefaultSocket),
        TimeSpan.FromSeconds(30),
        TimeProvider.System);

    public Connection Dial()
    {
        var address = Address();
        var started = Time.GetTimestamp();
        while (true)
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                socket.Connect(address);
                return new Connection(socket);
            }
            catch (SocketException exception)
            {
                socket.Dispose();
                Give(exception, Time.GetElapsedTime(started));
            }

#pragma warning disable RS0030 // One thread, and nothing else to do: a program that dials need not start the thread pool.
            Thread.Sleep(PauseMs);
#pragma warning restore RS0030
        }
    }

    private UnixDomainSocketEndPoint Address()
    {
        try
        {
            return new UnixDomainSocketEndPoint(Path);
        }
        catch (ArgumentException exception)
        {
            throw new SessionEndException(ExitCodes.ConnectionFailed, $"\"{Path}\" can be no socket: {exception.Message}");
        }
    }

    private void Give(SocketException exception, TimeSpan waited)
    {
        // "No such file" comes as AddressNotAvailable.
        if (exception.SocketErrorCode is not (SocketError.AddressNotAvailable or SocketError.ConnectionRefused))
        {
            throw new SessionEndException(ExitCodes.ConnectionFailed, $"cannot connect to the referee at {Path}: {exception.Message}");
        }

        if (waited >= Patience)
        {
            throw new SessionEndException(
                ExitCodes.ConnectionFailed,
                $"no referee at {Path} within {Patience.TotalSeconds:0.##} s. This program is played by Palio; to try it here, use 'palio run'.");
        }
    }
}
