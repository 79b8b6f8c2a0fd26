using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Palio.Protocol.Evaluations;
using Palio.Protocol.Frames;
using Palio.Protocol.Messages;
using Palio.Referee.Sockets;

namespace Palio.Referee.Playing;

/// <summary>The codes a side's faults get.</summary>
internal sealed record SideCodes(FaultCode Crashed, FaultCode Protocol, FaultCode TooLarge, FaultCode Slow, FaultCode NoMember)
{
    public static SideCodes Agent { get; } = new(
        FaultCode.AgentCrashed, FaultCode.AgentProtocol, FaultCode.AgentMessageTooLarge, FaultCode.AgentStepTimeout, FaultCode.AgentInvalidAction);

    public static SideCodes Environment { get; } = new(
        FaultCode.EnvironmentCrashed, FaultCode.EnvironmentProtocol, FaultCode.EnvironmentProtocol, FaultCode.EnvironmentStepTimeout,
        FaultCode.EnvironmentSpecViolation);
}

/// <summary>What agent and environment have in common: frames in and out, and what is a fault at that level.</summary>
internal abstract class Side(SideConnection connection, SideCodes codes, TimeProvider time)
{
    // A goodbye is a courtesy: it must not hold the referee up.
    private const int GoodbyeMs = 200;

    public SideConnection Connection { get; } = connection;

    protected SideCodes Codes { get; } = codes;

    protected TimeProvider Time { get; } = time;

    protected FrameWriter Writer { get; } = new();

    /// <summary>The next frame that has arrived already.</summary>
    public bool TryRead(out Frame frame)
    {
        switch (Connection.Buffer.TryRead(out frame))
        {
            case FrameStatus.TooLong:
                throw new FaultException(Codes.TooLarge, $"a message of the {Connection.Side} is larger than {Connection.Buffer.MaxLength} bytes");
            case FrameStatus.Empty:
                throw Broke("a frame of length 0");
            case FrameStatus.Incomplete:
                return Connection.Closed ? throw Gone() : false;
            default:
                return frame.Type == FrameType.Fault ? throw Reported(frame) : true;
        }
    }

    /// <summary>Waits for a frame.</summary>
    public Frame Read(long milliseconds, FaultCode slow, string what, Side? watched = null)
    {
        var started = Time.GetTimestamp();
        var soon = watched is null;
        while (true)
        {
            if (TryRead(out var frame))
            {
                return frame;
            }

            var left = milliseconds - Time.GetElapsedTime(started).TotalMilliseconds;
            if (left <= 0)
            {
                throw new FaultException(slow, $"the {Connection.Side} gave no {what} within {milliseconds} ms");
            }

            if (soon && left > SideConnection.SoonMs)
            {
                soon = Connection.ReceiveSoon();
                continue;
            }

            var (mine, other) = Polling.WaitToRead(Connection.Descriptor, watched?.Connection.Descriptor ?? -1, (int)Math.Ceiling(left));
            if (other)
            {
                watched!.CheckSilence();
            }

            if (mine)
            {
                Connection.Receive();
            }
        }
    }

    /// <summary>Called when a side that owes nothing can be read: it is gone, or speaks out of turn.</summary>
    public void CheckSilence()
    {
        Connection.Receive();
        if (TryRead(out var frame))
        {
            throw Broke($"a frame of type {Name(frame.Type)} out of turn");
        }
    }

    public T ReadJson<T>(FrameType type, JsonTypeInfo<T> json, long milliseconds, FaultCode slow, Side? watched = null)
    {
        var frame = Read(milliseconds, slow, type.ToString(), watched);
        if (frame.Type != type)
        {
            throw Broke($"expected {type}, got frame type {Name(frame.Type)}");
        }

        return Parse(frame, json);
    }

    public void SendJson<T>(FrameType type, T message, JsonTypeInfo<T> json, long milliseconds) =>
        Send(Writer.Compose(type, JsonSerializer.SerializeToUtf8Bytes(message, json)), milliseconds);

    /// <summary>Sends a frame, of which the second part may stand elsewhere.</summary>
    public void Send(ReadOnlySpan<byte> frame, long milliseconds, ReadOnlySpan<byte> rest = default)
    {
        if (!Connection.Send(frame, rest, Time, milliseconds))
        {
            throw Connection.Closed ? LastWords() : new FaultException(Codes.Slow, $"the {Connection.Side} did not read its messages within {milliseconds} ms");
        }
    }

    /// <summary>Sends a last frame, if it can be had.</summary>
    public void Goodbye<T>(FrameType type, T message, JsonTypeInfo<T> json) =>
        Connection.Send(Writer.Compose(type, JsonSerializer.SerializeToUtf8Bytes(message, json)), [], Time, GoodbyeMs);

    public FaultException Broke(string what) => new(Codes.Protocol, $"the {Connection.Side} broke the protocol: {what}");

    protected static string Name(FrameType type) => Enum.IsDefined(type) ? type.ToString() : $"0x{(int)type:x2}";

    private T Parse<T>(Frame frame, JsonTypeInfo<T> json)
    {
        if (frame.Body.Length > FrameLimits.MaxJson)
        {
            throw new FaultException(Codes.TooLarge, $"a {frame.Type} of the {Connection.Side} has more than {FrameLimits.MaxJson} bytes");
        }

        try
        {
            return JsonSerializer.Deserialize(frame.Body, json) ?? throw Broke($"{frame.Type} is null");
        }
        catch (JsonException exception)
        {
            throw Broke($"{frame.Type} is not valid: {SideText.Clean(exception.Message, 1000)}");
        }
    }

    // A side that failed may have said why before it closed; that tells more than the broken connection.
    private FaultException LastWords()
    {
        while (Connection.Receive())
        {
        }

        try
        {
            while (TryRead(out _))
            {
            }
        }
        catch (FaultException exception)
        {
            return exception;
        }

        return Gone();
    }

    private FaultException Gone() => new(Codes.Crashed, $"the {Connection.Side} closed its connection");

    private FaultException Reported(Frame frame)
    {
        var fault = Parse(frame, StepJsonContext.Default.FaultMessage);
        var code = fault.Code is "AGENT_INVALID_ACTION" or "ENV_SPEC_VIOLATION" ? Codes.NoMember : Codes.Crashed;
        return new FaultException(code, $"the {Connection.Side} reported: {SideText.Clean(fault.Message, SideText.MaxMessage)}");
    }
}
