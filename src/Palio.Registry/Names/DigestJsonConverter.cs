using System.Text.Json;
using System.Text.Json.Serialization;

namespace Palio.Registry;

/// <summary>Digests in JSON are their text.</summary>
internal sealed class DigestJsonConverter : JsonConverter<Digest>
{
    public override Digest Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Digest.TryParse(reader.TokenType == JsonTokenType.String ? reader.GetString() : null, out var digest)
            ? digest
            : throw new JsonException("Not a digest.");

    public override void Write(Utf8JsonWriter writer, Digest value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
