using System.Net.Sockets;
using Palio.Referee.Legacy;

namespace Palio.Referee.Tests.Legacy;

public sealed class GateTests
{
    [Fact]
    public async Task Carry_BytesOfBothSides_ArriveUnchangedAndTheEndToo()
    {
        var folder = Directory.CreateTempSubdirectory("palio-gate-").FullName;
        var (path, agentPath) = (Path.Combine(folder, "palio.sock"), Path.Combine(folder, "agent.sock"));
        try
        {
            using var referee = Listen(path);
            using var door = Listen(agentPath);
            using var agent = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await agent.ConnectAsync(new UnixDomainSocketEndPoint(agentPath), TestContext.Current.CancellationToken);
            using var places = new SemaphoreSlim(0, 1);
            var carry = Gate.CarryAsync(await door.AcceptAsync(TestContext.Current.CancellationToken), path, places, TextWriter.Null, TestContext.Current.CancellationToken);
            using var carried = await referee.AcceptAsync(TestContext.Current.CancellationToken);

            var sent = new byte[300_000];
            new Random(1).NextBytes(sent);
            var there = SendAsync(agent, sent);
            Assert.Equal(sent, await ReceiveAsync(carried, sent.Length));
            await there;
            var back = SendAsync(carried, sent);
            Assert.Equal(sent, await ReceiveAsync(agent, sent.Length));
            await back;
            agent.Shutdown(SocketShutdown.Both);
            await carry.WaitAsync(TestContext.Current.CancellationToken);

            Assert.Equal(0, await carried.ReceiveAsync(new byte[1], TestContext.Current.CancellationToken));
            Assert.Equal(1, places.CurrentCount);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Carry_RefereeIsNotThere_ClosesTheAgentsConnection()
    {
        var folder = Directory.CreateTempSubdirectory("palio-gate-").FullName;
        try
        {
            using var door = Listen(Path.Combine(folder, "agent.sock"));
            using var agent = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await agent.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(folder, "agent.sock")), TestContext.Current.CancellationToken);
            using var places = new SemaphoreSlim(0, 1);

            await Gate.CarryAsync(
                await door.AcceptAsync(TestContext.Current.CancellationToken), Path.Combine(folder, "none.sock"), places, TextWriter.Null, TestContext.Current.CancellationToken);

            Assert.Equal(0, await agent.ReceiveAsync(new byte[1], TestContext.Current.CancellationToken));
            Assert.Equal(1, places.CurrentCount);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Socket Listen(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        socket.Listen(1);
        return socket;
    }

    private static async Task SendAsync(Socket socket, byte[] bytes)
    {
        for (var at = 0; at < bytes.Length;)
        {
            at += await socket.SendAsync(bytes.AsMemory(at), TestContext.Current.CancellationToken);
        }
    }

    private static async Task<byte[]> ReceiveAsync(Socket socket, int count)
    {
        var bytes = new byte[count];
        for (var at = 0; at < count;)
        {
            var read = await socket.ReceiveAsync(bytes.AsMemory(at), TestContext.Current.CancellationToken);
            Assert.NotEqual(0, read);
            at += read;
        }

        return bytes;
    }
}
