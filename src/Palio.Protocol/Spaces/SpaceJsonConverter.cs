using System.Text.Json;
using System.Text.Json.Serialization;

namespace Palio.Protocol.Spaces;

/// <summary>Reads and writes spaces inside JSON messages.</summary>
public sealed class SpaceJsonConverter : JsonConverter<Space>
{
    /// <inheritdoc/>
    public override Space Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var element = JsonElement.ParseValue(ref reader);
        try
        {
            return SpaceJson.Read(element);
        }
        catch (SpaceException exception)
        {
            throw new JsonException(exception.Message, exception);
        }
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Space value, JsonSerializerOptions options) => SpaceJson.Write(writer, value);
}
