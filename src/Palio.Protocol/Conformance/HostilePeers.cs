using Palio.Protocol.Frames;
using Palio.Protocol.Messages;

namespace Palio.Protocol.Conformance;

/// <summary>What both sides must do when the other end is not as it should be, or ends the session.</summary>
internal static class HostilePeers
{
    private const string Close = "Close the connection and exit with a code other than 0; say why on standard error.";

    private const int UnknownVersion = FrameLimits.Version + 1;

    /// <param name="beginAsync">Plays to where the game begins.</param>
    /// <param name="answerHelloAsync">Takes Hello and answers it, in a version of the protocol.</param>
    public static ConformanceRule[] All(Func<ConformancePeer, CancellationToken, Task> beginAsync, Func<ConformancePeer, int, CancellationToken, Task> answerHelloAsync) =>
    [
        new("ends when the referee chooses a version it does not speak", "3, 4.7", "Look at protocol in the referee's first answer; exit with 3 when it is not yours.", false, async (peer, token) =>
        {
            await answerHelloAsync(peer, UnknownVersion, token).ConfigureAwait(false);
            await peer.ExpectCloseAsync(allowFault: true, token).ConfigureAwait(false);
        }),
        Sends(beginAsync, "ends with a code other than 0 after the referee's Fault", "3, 4.7", "Take a Fault at any time: exit with 2, and say its message and remedy.",
            new FrameWriter().Compose(FrameType.Fault, """{"code":"PLATFORM_ERROR","message":"this is a test","fatal":true}"""u8)),
        Sends(beginAsync, "ends when a frame is longer than agreed, without reading it", "1", Close, [255, 255, 255, 255, 0x10]),
        Sends(beginAsync, "ends when a frame has length 0", "1", Close, [0, 0, 0, 0]),
        Sends(beginAsync, "ends on an unknown type of frame", "1", Close, [3, 0, 0, 0, 0x2f, 0, 0]),
        new("ends when the connection is lost in the middle of a frame", "4.7", "Exit with 3 when a read gives nothing.", false, async (peer, token) =>
        {
            await beginAsync(peer, token).ConfigureAwait(false);
            await peer.SendAsync(new byte[] { 44, 0, 0, 0, 0x10, 0, 1 }, token).ConfigureAwait(false);
            peer.Close();
        }),
    ];

    public static void CheckHello(Hello hello, string role)
    {
        if (hello.Role != role)
        {
            throw new ConformanceException($"expected a Hello of role {role}, got {hello.Role}");
        }

        if (hello.Protocol.Min > FrameLimits.Version || hello.Protocol.Max < FrameLimits.Version)
        {
            throw new ConformanceException($"expected a protocol range with {FrameLimits.Version}, got {hello.Protocol.Min} to {hello.Protocol.Max}");
        }
    }

    public static async Task FinishAsync(ConformancePeer peer, CancellationToken token)
    {
        await peer.SendAsync(FrameType.Finish, new Finish("done", 2000), StepJsonContext.Default.Finish, token).ConfigureAwait(false);
        await peer.ExpectCloseAsync(allowFault: false, token).ConfigureAwait(false);
    }

    private static ConformanceRule Sends(
        Func<ConformancePeer, CancellationToken, Task> beginAsync, string name, string section, string remedy, ReadOnlySpan<byte> bytes)
    {
        var sent = bytes.ToArray();
        return new(name, section, remedy, false, async (peer, token) =>
        {
            await beginAsync(peer, token).ConfigureAwait(false);
            await peer.SendAsync(sent, token).ConfigureAwait(false);
            await peer.ExpectCloseAsync(allowFault: true, token).ConfigureAwait(false);
        });
    }
}
