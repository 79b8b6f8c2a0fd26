using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Palio.Challenges.Bundles.Yaml;

/// <summary>Writes YAML as JSON, typed by YAML 1.2's JSON schema: <c>true</c>, <c>1</c> and <c>1.5</c> are what they look like, all else is text.</summary>
internal static partial class YamlJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(YamlNode node)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Options))
        {
            Write(writer, node);
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static void Write(Utf8JsonWriter writer, YamlNode node)
    {
        switch (node)
        {
            case YamlMap map:
                writer.WriteStartObject();
                foreach (var entry in map.Entries)
                {
                    writer.WritePropertyName(entry.Key);
                    Write(writer, entry.Value);
                }

                writer.WriteEndObject();
                break;
            case YamlList list:
                writer.WriteStartArray();
                foreach (var item in list.Items)
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case YamlText text:
                Write(writer, text);
                break;
        }
    }

    private static void Write(Utf8JsonWriter writer, YamlText text)
    {
        if (text.IsNull)
        {
            writer.WriteNullValue();
        }
        else if (!text.IsQuoted && text.Value is "true" or "True" or "TRUE" or "false" or "False" or "FALSE")
        {
            writer.WriteBooleanValue(text.Value[0] is 't' or 'T');
        }
        else if (!text.IsQuoted && JsonNumber().IsMatch(text.Value))
        {
            writer.WriteRawValue(text.Value);
        }
        else
        {
            writer.WriteStringValue(text.Value);
        }
    }

    [GeneratedRegex(@"^-?(0|[1-9]\d{0,17})(\.\d{1,20})?([eE][+-]?\d{1,2})?\z")]
    private static partial Regex JsonNumber();
}
