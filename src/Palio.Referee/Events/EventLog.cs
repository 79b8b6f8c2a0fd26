using System.Buffers;
using System.Text.Json;
using Palio.Protocol.Evaluations;

namespace Palio.Referee.Events;

/// <summary>Writes events as lines of JSON, each numbered.</summary>
internal sealed class EventLog(Stream output)
{
    private readonly ArrayBufferWriter<byte> _line = new();
    private long _sequence;

    /// <summary>The number of the next line.</summary>
    public long Next() => _sequence++;

    public void Write(RefereeEvent line)
    {
        JsonSerializer.Serialize(output, line, EvaluationJsonContext.Default.RefereeEvent);
        output.WriteByte((byte)'\n');
        output.Flush();
    }

    /// <summary>Writes a <see cref="RecordChunk"/>. Nearly all that is written is this, so that nothing is allocated for its text.</summary>
    public void WriteRecord(int episode, int part, bool last, ReadOnlySpan<byte> data)
    {
        _line.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_line))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "record"u8);
            json.WriteNumber("episode"u8, episode);
            json.WriteNumber("part"u8, part);
            json.WriteBoolean("last"u8, last);
            json.WriteBase64String("data"u8, data);
            json.WriteNumber("sequence"u8, Next());
            json.WriteEndObject();
        }

        _line.Write("\n"u8);
        output.Write(_line.WrittenSpan);
        output.Flush();
    }
}
