using System.Buffers.Binary;
using System.Text.Json;
using Palio.Protocol.Frames;
using Palio.Protocol.Messages;

namespace Palio.Sdk.Sessions;

/// <summary>The environment's part: one State for each request.</summary>
internal sealed class EnvironmentSession(Connection connection, Func<EnvironmentSetup, IEnvironment> make, int mostSlots) : Session
{
    private const int HotHeader = 1 + FrameLimits.HotHeaderSize;

    private readonly List<EnvironmentGame> _games = [];

    public override void Play()
    {
        Greet();
        while (true)
        {
            var frame = connection.Receive();
            switch (frame.Type)
            {
                case FrameType.Reset or FrameType.Step:
                    Answer(frame);
                    break;
                case FrameType.Finish:
                    return;
                default:
                    throw connection.Unexpected(frame.Type, "Reset, Step or Finish");
            }
        }
    }

    public override void Release(TextWriter errors) => Release(_games.Select(game => game.Environment), errors);

    private void Greet()
    {
        connection.SendJson(FrameType.Hello, Manners.Hello(Hello.Environment), StepJsonContext.Default.Hello);
        var configure = connection.Expect(FrameType.Configure, StepJsonContext.Default.Configure);
        connection.Agree(configure.Protocol, configure.Limits.MaxMessage);
        if (configure.Slots is < 1 or > FrameLimits.MaxEntries)
        {
            throw connection.Broken($"a Configure of {configure.Slots} slots");
        }

        var first = Make(configure, 0);
        var slots = Math.Min(Math.Min(configure.Slots, mostSlots), Fitting(first));
        for (var slot = 1; slot < slots; slot++)
        {
            Make(configure, slot);
        }

        var spec = new Spec
        {
            Slots = slots,
            Seats = [new SpecSeat(first.ObservationSpace, first.ActionSpace, "player")],
            Metrics = first.Metrics,
        };
        connection.SendJson(FrameType.Spec, spec, StepJsonContext.Default.Spec);
    }

    private EnvironmentGame Make(Configure configure, int slot)
    {
        var game = new EnvironmentGame(configure.MaxSteps, make(new EnvironmentSetup
        {
            Slot = slot,
            Slots = configure.Slots,
            MaxSteps = configure.MaxSteps,
            Metrics = configure.Metrics,
            Limits = configure.Limits,
        }));
        _games.Add(game);
        return game;
    }

    /// <summary>How many States fit into a message.</summary>
    private int Fitting(EnvironmentGame game) => Math.Max(
        1, (connection.MaxMessage - HotHeader) / (EntryHeader.ByteCount + game.ObservationSpace.MinSize + (game.Metrics.Count * sizeof(double))));

    private void Answer(Frame frame)
    {
        var writer = connection.Writer;
        writer.Begin(FrameType.State);
        var reader = new HotFrameReader(frame.Body);
        while (reader.TryNext(out var header, out var payload))
        {
            if (header.Slot >= _games.Count || header.Seat != 0)
            {
                throw connection.Broken(
                    $"a {frame.Type} for slot {header.Slot}, seat {header.Seat}, where this environment plays {_games.Count} slots with one seat");
            }

            var game = _games[header.Slot];
            var result = frame.Type == FrameType.Reset ? Reset(game, payload) : Step(game, payload);
            game.WriteState(writer, header, result);
        }

        if (reader.Error is { } error)
        {
            throw connection.Broken($"a {frame.Type} that does not add up: {error}");
        }

        if (writer.Length > connection.MaxMessage)
        {
            throw new InvalidValueException(
                $"expected observations that fit into a message of {connection.MaxMessage} bytes, got {writer.Length} bytes for {writer.Count} of them");
        }

        connection.Send(writer.End());
    }

    private StepResult Reset(EnvironmentGame game, Span<byte> payload)
    {
        if (payload.Length < sizeof(ulong))
        {
            throw connection.Broken($"a Reset of {payload.Length} bytes");
        }

        game.Reset(BinaryPrimitives.ReadUInt64LittleEndian(payload), Options(payload[sizeof(ulong)..]));
        return default;
    }

    private JsonElement? Options(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty)
        {
            return null;
        }

        try
        {
            var reader = new Utf8JsonReader(json);
            var options = JsonElement.ParseValue(ref reader);
            return options.ValueKind == JsonValueKind.Object ? options : throw connection.Broken("reset options that are no object");
        }
        catch (JsonException exception)
        {
            throw connection.Broken($"reset options that are no JSON: {exception.Message}");
        }
    }

    private StepResult Step(EnvironmentGame game, Span<byte> payload) =>
        game.Check(payload) is { } wrong ? throw connection.Broken($"an action that is none: {wrong}") : game.Step(payload);
}
