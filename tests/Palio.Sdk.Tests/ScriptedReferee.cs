using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Palio.Protocol.Frames;
using Palio.Protocol.Messages;

namespace Palio.Sdk.Tests;

/// <summary>The other end of the socket: what tests have in place of a referee.</summary>
internal sealed class ScriptedReferee : IDisposable
{
    private const int PatienceMs = 20_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("palio-sdk").FullName;
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly FrameBuffer _buffer = new(FrameLimits.CeilingMaxMessage);
    private readonly FrameWriter _writer = new();
    private Socket? _socket;

    public ScriptedReferee()
    {
        Path = System.IO.Path.Combine(_folder, "s");
        _listener.Bind(new UnixDomainSocketEndPoint(Path));
        _listener.Listen(1);
    }

    public string Path { get; }

    public void Accept()
    {
        _socket = _listener.Accept();
        _socket.ReceiveTimeout = _socket.SendTimeout = PatienceMs;
    }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[_socket!.Send(bytes)..];
        }
    }

    public void Send(FrameType type, string json) => Send(_writer.Compose(type, Encoding.UTF8.GetBytes(json)));

    public void Send<T>(FrameType type, T message, JsonTypeInfo<T> json) =>
        Send(_writer.Compose(type, JsonSerializer.SerializeToUtf8Bytes(message, json)));

    public void SendHot(FrameType type, params (EntryHeader Header, byte[] Payload)[] entries)
    {
        _writer.Begin(type);
        foreach (var (header, payload) in entries)
        {
            _writer.Add(header, payload);
        }

        Send(_writer.End());
    }

    /// <summary>The next frame; type None when the side has closed.</summary>
    public (FrameType Type, byte[] Body) Receive()
    {
        while (true)
        {
            if (_buffer.TryRead(out var frame) == FrameStatus.Complete)
            {
                return (frame.Type, frame.Body.ToArray());
            }

            var got = _socket!.Receive(_buffer.GetSpace());
            if (got == 0)
            {
                return (FrameType.None, []);
            }

            _buffer.Advance(got);
        }
    }

    public byte[] Expect(FrameType type)
    {
        var (got, body) = Receive();
        Assert.True(type == got, $"expected {type}, got {got}: {Encoding.UTF8.GetString(body)}");
        return body;
    }

    public T Expect<T>(FrameType type, JsonTypeInfo<T> json) => JsonSerializer.Deserialize(Expect(type), json)!;

    public void Finish()
    {
        Send(FrameType.Finish, new Finish("done", 2000), StepJsonContext.Default.Finish);
        Assert.Equal(FrameType.None, Receive().Type);
    }

    public void Close() => _socket?.Dispose();

    public void Dispose()
    {
        Close();
        _listener.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
