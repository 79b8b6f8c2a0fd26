using System.Text.Json;

namespace Palio.Protocol.Spaces;

/// <summary>Writes the keys of each kind of space behind its <c>type</c>.</summary>
internal static class SpaceJsonWriter
{
    public static void WriteKeys(Utf8JsonWriter writer, Space space)
    {
        switch (space)
        {
            case BoxSpace box:
                WriteBox(writer, box);
                break;
            case DiscreteSpace discrete:
                writer.WriteNumber("n", discrete.N);
                writer.WriteNumber("start", discrete.Start);
                break;
            case MultiDiscreteSpace multi:
                WriteList(writer, "nvec", multi.Counts);
                WriteShape(writer, multi.Shape);
                WriteList(writer, "start", multi.Start);
                break;
            case MultiBinarySpace binary:
                WriteShape(writer, binary.Shape);
                break;
            case TextSpace text:
                WriteText(writer, text);
                break;
            default:
                WriteComposite(writer, space);
                break;
        }
    }

    private static void WriteBox(Utf8JsonWriter writer, BoxSpace box)
    {
        writer.WriteString("dtype", box.ElementType.Name());
        WriteShape(writer, box.Shape);
        writer.WritePropertyName("low");
        box.Bounds.Write(writer, high: false);
        writer.WritePropertyName("high");
        box.Bounds.Write(writer, high: true);
    }

    private static void WriteText(Utf8JsonWriter writer, TextSpace text)
    {
        writer.WriteNumber("min_length", text.MinLength);
        writer.WriteNumber("max_length", text.MaxLength);
        if (text.Charset is not null)
        {
            writer.WriteString("charset", text.Charset);
        }
    }

    private static void WriteComposite(Utf8JsonWriter writer, Space space)
    {
        switch (space)
        {
            case DictSpace dict:
                writer.WriteStartObject("spaces");
                foreach (var (name, member) in dict.Spaces)
                {
                    writer.WritePropertyName(name);
                    SpaceJson.Write(writer, member);
                }

                writer.WriteEndObject();
                break;
            case TupleSpace tuple:
                writer.WriteStartArray("spaces");
                foreach (var member in tuple.Spaces)
                {
                    SpaceJson.Write(writer, member);
                }

                writer.WriteEndArray();
                break;
            case SequenceSpace sequence:
                writer.WritePropertyName("space");
                SpaceJson.Write(writer, sequence.Element);
                writer.WriteNumber("max_length", sequence.MaxLength);
                break;
        }
    }

    private static void WriteShape(Utf8JsonWriter writer, IReadOnlyList<int> shape)
    {
        writer.WriteStartArray("shape");
        foreach (var size in shape)
        {
            writer.WriteNumberValue(size);
        }

        writer.WriteEndArray();
    }

    private static void WriteList(Utf8JsonWriter writer, string key, IReadOnlyList<long> values)
    {
        writer.WriteStartArray(key);
        foreach (var value in values)
        {
            writer.WriteNumberValue(value);
        }

        writer.WriteEndArray();
    }
}
