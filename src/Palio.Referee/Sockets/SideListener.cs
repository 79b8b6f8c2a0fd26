using System.Net.Sockets;

namespace Palio.Referee.Sockets;

/// <summary>One side's socket. It takes one connection and is gone then, so that there cannot be a second.</summary>
internal sealed class SideListener : IDisposable
{
    private const UnixFileMode Everyone = UnixFileMode.UserRead | UnixFileMode.UserWrite
        | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    private readonly string _path;
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    public SideListener(string path)
    {
        _path = path;
        File.Delete(path);
        _socket.Bind(new UnixDomainSocketEndPoint(path));

        // The other container runs as another user. It sees this directory alone, and read-only.
        File.SetUnixFileMode(path, Everyone);
        _socket.Listen(1);
    }

    public int Descriptor => (int)_socket.Handle;

    public SideConnection Accept(string side)
    {
        var connection = new SideConnection(_socket.Accept(), side);
        Dispose();
        return connection;
    }

    public void Dispose()
    {
        _socket.Dispose();
        File.Delete(_path);
    }
}
