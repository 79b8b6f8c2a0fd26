using System.Text.Json;
using Palio.Protocol.Evaluations;
using Palio.Protocol.Frames;
using Palio.Protocol.Messages;
using Palio.Referee.Events;
using Palio.Referee.Sockets;

namespace Palio.Referee.Playing;

/// <summary>A side on its way in: listening, connected, greeted.</summary>
internal sealed class Door(string role, string path, EventLog events) : IDisposable
{
    private readonly SideListener _listener = new(path);
    private SideConnection? _connection;

    public bool IsGreeted { get; private set; }

    public bool IsConnected => _connection is not null;

    /// <summary>What to wait for; -1 once the side has said hello.</summary>
    public int Descriptor => IsGreeted ? -1 : _connection?.Descriptor ?? _listener.Descriptor;

    /// <summary>The connection. Its new owner disposes it.</summary>
    public SideConnection TakeConnection()
    {
        var connection = _connection!;
        _connection = null;
        return connection;
    }

    public void OnReadable()
    {
        if (_connection is null)
        {
            _connection = _listener.Accept(role);
            return;
        }

        _connection.Receive();
        switch (_connection.Buffer.TryRead(out var frame))
        {
            case FrameStatus.Complete:
                Greet(frame);
                break;
            case FrameStatus.Incomplete when !_connection.Closed:
                break;
            case FrameStatus.Incomplete:
                throw Fault(FaultCode.AgentNoHandshake, FaultCode.EnvironmentStartFailed, "closed its connection before it said hello");
            case FrameStatus.TooLong:
                throw Fault(FaultCode.AgentMessageTooLarge, FaultCode.EnvironmentProtocol, $"began with a message larger than {FrameLimits.MaxHello} bytes");
            default:
                throw Broke("a frame of length 0");
        }
    }

    public void Dispose()
    {
        _connection?.Dispose();
        _listener.Dispose();
    }

    public FaultException Late(int milliseconds) => Fault(
        FaultCode.AgentStartTimeout,
        FaultCode.EnvironmentStartTimeout,
        $"{(IsConnected ? "connected, but did not say hello" : "did not connect")} within {milliseconds} ms");

    private void Greet(Frame frame)
    {
        var hello = Parse(frame);
        if (hello.Role != role)
        {
            throw Broke($"expected a Hello of role {role}, got {SideText.Clean(hello.Role, SideText.MaxName)}");
        }

        if (hello.Protocol.Min > FrameLimits.Version || hello.Protocol.Max < FrameLimits.Version)
        {
            throw Broke($"it speaks versions {hello.Protocol.Min} to {hello.Protocol.Max}; this referee speaks {FrameLimits.Version}");
        }

        IsGreeted = true;
        var sdk = hello.Sdk is null ? null : SideText.Clean($"{hello.Sdk.Name} {hello.Sdk.Version}".ReplaceLineEndings(" "), SideText.MaxName);
        events.Write(new SideReady { Sequence = events.Next(), Side = role, Stage = "hello", Sdk = sdk });
    }

    private Hello Parse(Frame frame)
    {
        if (frame.Type != FrameType.Hello)
        {
            throw Broke($"expected Hello, got frame type 0x{(int)frame.Type:x2}");
        }

        try
        {
            return JsonSerializer.Deserialize(frame.Body, StepJsonContext.Default.Hello) ?? throw Broke("Hello is null");
        }
        catch (JsonException exception)
        {
            throw Broke($"Hello is not valid: {SideText.Clean(exception.Message, 1000)}");
        }
    }

    private FaultException Broke(string what) => Fault(FaultCode.AgentProtocol, FaultCode.EnvironmentProtocol, $"broke the protocol: {what}");

    private FaultException Fault(FaultCode agent, FaultCode environment, string what) =>
        new(role == Hello.Agent ? agent : environment, $"the {role} {what}");
}
