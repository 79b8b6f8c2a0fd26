using System.Buffers;
using System.Text.Json;
using Palio.Protocol.Evaluations;

namespace Palio.Referee.Playing;

/// <summary>The options an environment gets with a Reset: the episode's own, and the scenario's name.</summary>
internal static class ResetOptions
{
    /// <summary>A JSON object; no bytes when there are none.</summary>
    public static ReadOnlySpan<byte> Of(PlannedEpisode episode)
    {
        if (episode.Scenario is null && episode.Options is null)
        {
            return [];
        }

        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            if (episode.Scenario is not null)
            {
                writer.WriteString("scenario", episode.Scenario);
            }

            if (episode.Options is { ValueKind: JsonValueKind.Object } options)
            {
                foreach (var option in options.EnumerateObject().Where(option => episode.Scenario is null || option.Name != "scenario"))
                {
                    option.WriteTo(writer);
                }
            }

            writer.WriteEndObject();
        }

        return buffer.WrittenSpan;
    }
}
