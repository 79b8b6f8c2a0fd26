using System.Net.Sockets;

namespace Palio.Bench.Programs;

/// <summary>
/// Two programs with nothing between them: blocking sockets, messages as long as a small Act and a small Observe, nothing checked, nothing
/// recorded. The floor under a step that goes through the referee.
/// </summary>
internal static class PingPong
{
    private const int ActBytes = 44;
    private const int ObserveBytes = 68;

    /// <summary>Listens, says so on standard output, and answers one client.</summary>
    public static void Answer(string path)
    {
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen(1);
        Console.WriteLine("listening");
        using var peer = listener.Accept();
        var (act, observe) = (new byte[ActBytes], new byte[ObserveBytes]);
        while (Receive(peer, act))
        {
            peer.Send(observe);
        }
    }

    /// <summary>Asks in rounds.</summary>
    public static void Ask(string path, Rounds rounds)
    {
        using var peer = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        peer.Connect(new UnixDomainSocketEndPoint(path));
        var (act, observe) = (new byte[ActBytes], new byte[ObserveBytes]);
        do
        {
            rounds.Arrived();
            rounds.Left();
            peer.Send(act);
        }
        while (Receive(peer, observe));
    }

    private static bool Receive(Socket socket, Span<byte> message)
    {
        while (!message.IsEmpty)
        {
            var count = socket.Receive(message);
            if (count is 0)
            {
                return false;
            }

            message = message[count..];
        }

        return true;
    }
}
