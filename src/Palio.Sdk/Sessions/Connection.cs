using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Palio.Protocol.Frames;
using Palio.Protocol.Messages;

namespace Palio.Sdk.Sessions;

/// <summary>One side's conversation with the referee: blocking, on the caller's thread.</summary>
internal sealed class Connection(Socket socket) : IDisposable
{
    private const int MaxFaultText = 8 * 1024;

    private readonly FrameBuffer _buffer = new(FrameLimits.DefaultMaxMessage);

    public FrameWriter Writer { get; } = new();

    public int MaxMessage => _buffer.MaxLength;

    /// <summary>The next frame; its body is valid until the next call. A Fault ends the session.</summary>
    public Frame Receive()
    {
        while (true)
        {
            switch (_buffer.TryRead(out var frame))
            {
                case FrameStatus.Complete when frame.Type == FrameType.Fault:
                    throw Faulted(Parse(frame, StepJsonContext.Default.FaultMessage));
                case FrameStatus.Complete:
                    return frame;
                case FrameStatus.TooLong:
                    throw Broken($"a frame longer than {MaxMessage} bytes");
                case FrameStatus.Empty:
                    throw Broken("a frame of length 0");
                default:
                    Fill();
                    break;
            }
        }
    }

    /// <summary>The next frame, which must be JSON of this type; Finish ends the session.</summary>
    public T Expect<T>(FrameType type, JsonTypeInfo<T> json)
    {
        var frame = Receive();
        if (frame.Type == FrameType.Finish)
        {
            // The other side failed before there was anything to play.
            throw new SessionEndException(ExitCodes.Finished, "finished");
        }

        return frame.Type == type ? Parse(frame, json) : throw Unexpected(frame.Type, type.ToString());
    }

    public T Parse<T>(Frame frame, JsonTypeInfo<T> json)
    {
        if (frame.Body.Length > FrameLimits.MaxJson)
        {
            throw Broken($"JSON of {frame.Body.Length} bytes, where {FrameLimits.MaxJson} are allowed");
        }

        try
        {
            return JsonSerializer.Deserialize(frame.Body, json) ?? throw Broken("JSON that is no object");
        }
        catch (JsonException exception)
        {
            throw Broken($"a {frame.Type} that is none: {exception.Message}");
        }
    }

    /// <summary>Takes version and largest message from Welcome or Configure.</summary>
    public void Agree(int version, int maxMessage)
    {
        if (version != FrameLimits.Version)
        {
            throw new SessionEndException(
                ExitCodes.ConnectionFailed, $"the referee chose protocol {version}; this SDK ({Manners.Sdk.Version}) speaks {FrameLimits.Version}");
        }

        if (maxMessage is < 1 or > FrameLimits.CeilingMaxMessage)
        {
            throw Broken($"max_message {maxMessage}");
        }

        _buffer.MaxLength = maxMessage;
    }

    public void SendJson<T>(FrameType type, T message, JsonTypeInfo<T> json) =>
        Send(Writer.Compose(type, JsonSerializer.SerializeToUtf8Bytes(message, json)));

    /// <summary>Sends bytes. If the referee is gone, its last words are read first.</summary>
    public void Send(ReadOnlySpan<byte> frame)
    {
        try
        {
            while (!frame.IsEmpty)
            {
                frame = frame[socket.Send(frame)..];
            }
        }
        catch (SocketException exception)
        {
            throw LastWords(exception);
        }
    }

    /// <summary>Tells the referee why this side ends; says nothing if nobody listens any more.</summary>
    public void SendFault(string message, string? code)
    {
        try
        {
            Send(Writer.Compose(FrameType.Fault, JsonSerializer.SerializeToUtf8Bytes(
                new FaultMessage { Code = code, Message = Shorten(message) }, StepJsonContext.Default.FaultMessage)));
        }
        catch (SessionEndException)
        {
            // The author's own mistake is what will be told.
        }
    }

    public SessionEndException Unexpected(FrameType type, string expected) =>
        Broken($"{(Enum.IsDefined(type) ? type.ToString() : $"frame type 0x{(int)type:x2}")}, where {expected} was expected");

    /// <summary>Ends the session because the referee sent what it must not.</summary>
    public SessionEndException Broken(string what)
    {
        SendFault($"the referee sent {what}", null);
        return new SessionEndException(ExitCodes.ConnectionFailed, $"the referee sent {what}");
    }

    public void Dispose() => socket.Dispose();

    private static SessionEndException Faulted(FaultMessage fault)
    {
        var message = $"the referee ended the session: {(fault.Message.Length == 0 ? "no reason given" : fault.Message)}";
        var code = fault.Code is null ? "" : $" ({fault.Code})";
        var remedy = fault.Remedy is null ? "" : $"{Environment.NewLine}  {fault.Remedy}";
        return new SessionEndException(ExitCodes.RefereeFault, message + code + remedy);
    }

    private static string Shorten(string message)
    {
        var bytes = Encoding.UTF8.GetBytes(message);
        if (bytes.Length <= MaxFaultText)
        {
            return message;
        }

        // A character cut in two is left out.
        var end = MaxFaultText;
        while ((bytes[end] & 0xC0) == 0x80)
        {
            end--;
        }

        return Encoding.UTF8.GetString(bytes, 0, end);
    }

    private void Fill()
    {
        try
        {
            var got = socket.Receive(_buffer.GetSpace());
            if (got == 0)
            {
                throw new SessionEndException(ExitCodes.ConnectionFailed, "the referee closed the connection");
            }

            _buffer.Advance(got);
        }
        catch (SocketException exception)
        {
            throw new SessionEndException(ExitCodes.ConnectionFailed, $"the connection to the referee broke: {exception.Message}");
        }
    }

    private SessionEndException LastWords(SocketException exception)
    {
        try
        {
            while (Receive().Type != FrameType.Finish)
            {
                // What was on its way before the end.
            }

            return new SessionEndException(ExitCodes.Finished, "finished");
        }
        catch (SessionEndException end) when (end.ExitCode == ExitCodes.ConnectionFailed)
        {
            return new SessionEndException(ExitCodes.ConnectionFailed, $"the connection to the referee broke: {exception.Message}");
        }
        catch (SessionEndException end)
        {
            return end;
        }
    }
}
