using System.Text.Json;
using Palio.Protocol.Evaluations;

namespace Palio.Referee.Events;

/// <summary>Writes events as lines of JSON, each numbered.</summary>
internal sealed class EventLog(Stream output)
{
    private long _sequence;

    /// <summary>The number of the next line.</summary>
    public long Next() => _sequence++;

    public void Write(RefereeEvent line)
    {
        JsonSerializer.Serialize(output, line, EvaluationJsonContext.Default.RefereeEvent);
        output.WriteByte((byte)'\n');
        output.Flush();
    }
}
