using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;

namespace Palio.Protocol.Spaces;

/// <summary>The JSON form of spaces; see docs/protocol.md, part 2.</summary>
public static class SpaceJson
{
    /// <summary>Reads a space.</summary>
    /// <param name="json">The JSON.</param>
    /// <exception cref="SpaceException">It is none; the message names the place.</exception>
    public static Space Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Read(document.RootElement);
        }
        catch (JsonException exception)
        {
            throw new SpaceException(exception.Message);
        }
    }

    /// <summary>The JSON form, without white space.</summary>
    /// <param name="space">The space.</param>
    public static string Write(Space space)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(writer, space);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    internal static Space Read(JsonElement json) => Read(json, "", 1);

    internal static void Write(Utf8JsonWriter writer, Space space)
    {
        writer.WriteStartObject();
        writer.WriteString("type", space.Type);
        SpaceJsonWriter.WriteKeys(writer, space);
        writer.WriteEndObject();
    }

    private static Space Read(JsonElement json, string path, int depth)
    {
        var place = path.Length == 0 ? "space" : path;
        if (depth > Space.MaxDepth)
        {
            throw new SpaceException($"{place}: more than {Space.MaxDepth} levels");
        }

        if (json.ValueKind != JsonValueKind.Object)
        {
            throw new SpaceException($"{place}: expected an object with a \"type\", got {json.ValueKind}");
        }

        try
        {
            return ReadType(new SpaceKeys(json), path, depth);
        }
        catch (SpaceException exception) when (!exception.Message.StartsWith("at ", StringComparison.Ordinal))
        {
            throw new SpaceException($"at {place}: {exception.Message}");
        }
    }

    private static Space ReadType(SpaceKeys keys, string path, int depth) => keys.Text("type") switch
    {
        "Box" => ReadBox(keys),
        "Discrete" => new DiscreteSpace(keys.Integer("n"), keys.Integer("start", 0)),
        "MultiDiscrete" => new MultiDiscreteSpace(
            keys.Integers("nvec") ?? throw new SpaceException("\"nvec\" is missing"), keys.Shape(required: false), keys.Integers("start")),
        "MultiBinary" => new MultiBinarySpace(keys.Shape(required: true)!),
        "Text" => new TextSpace(keys.Size("max_length"), keys.Size("min_length", 1), keys.OptionalText("charset")),
        "Dict" => new DictSpace(keys.Members().Select(member =>
            KeyValuePair.Create(member.Name, Read(member.Value, $"{path}.{member.Name}", depth + 1)))),
        "Tuple" => new TupleSpace([.. keys.List("spaces").Select((item, i) => Read(item, $"{path}[{i}]", depth + 1))]),
        "Sequence" => new SequenceSpace(
            Read(keys.Required("space"), $"{path}[]", depth + 1), keys.Size("max_length", SequenceSpace.DefaultMaxLength)),
        var other => throw new SpaceException(
            $"unknown type \"{other}\"; the types are Box, Discrete, MultiDiscrete, MultiBinary, Text, Dict, Tuple, Sequence"),
    };

    private static BoxSpace ReadBox(SpaceKeys keys)
    {
        var name = keys.Text("dtype");
        var type = ElementTypes.Parse(name) ?? throw new SpaceException($"unknown dtype \"{name}\"; the types are {ElementTypes.All}");
        var shape = keys.Shape(required: true)!;
        return new BoxSpace(type, shape, count => type switch
        {
            ElementType.Bool => new NumberBounds<byte>(Bound<byte>(keys, "low", count) is [_, ..] l ? l : [0], Bound<byte>(keys, "high", count) is [_, ..] h ? h : [1], isBool: true),
            ElementType.Int8 => Bounds<sbyte>(keys, count),
            ElementType.Int16 => Bounds<short>(keys, count),
            ElementType.Int32 => Bounds<int>(keys, count),
            ElementType.Int64 => Bounds<long>(keys, count),
            ElementType.UInt8 => Bounds<byte>(keys, count),
            ElementType.UInt16 => Bounds<ushort>(keys, count),
            ElementType.UInt32 => Bounds<uint>(keys, count),
            ElementType.UInt64 => Bounds<ulong>(keys, count),
            ElementType.Float16 => Bounds<Half>(keys, count),
            ElementType.Float32 => Bounds<float>(keys, count),
            _ => Bounds<double>(keys, count),
        });
    }

    private static NumberBounds<T> Bounds<T>(SpaceKeys keys, int count)
        where T : unmanaged, INumber<T>, IMinMaxValue<T> => new(Bound<T>(keys, "low", count), Bound<T>(keys, "high", count));

    private static T[] Bound<T>(SpaceKeys keys, string key, int count)
        where T : unmanaged, INumber<T>
    {
        if (keys.Optional(key) is not { } json)
        {
            return [];
        }

        if (json.ValueKind != JsonValueKind.Array)
        {
            return [Number<T>(json, key)];
        }

        return json.GetArrayLength() == count
            ? [.. json.EnumerateArray().Select(item => Number<T>(item, key))]
            : throw new SpaceException($"\"{key}\" has {json.GetArrayLength()} elements; the shape has {count}");
    }

    private static T Number<T>(JsonElement json, string key)
        where T : unmanaged, INumber<T>
    {
        if (json.ValueKind == JsonValueKind.Number && T.TryParse(json.GetRawText(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        var infinite = json.ValueKind == JsonValueKind.String ? json.GetString() : null;
        if (infinite is "inf" or "-inf" && T.TryParse(infinite == "inf" ? "Infinity" : "-Infinity", NumberStyles.Float, CultureInfo.InvariantCulture, out number))
        {
            return number;
        }

        throw new SpaceException($"\"{key}\" has {json.GetRawText()}, which the dtype cannot hold");
    }
}
