using System.Text.Json;

namespace Palio.Protocol.Spaces;

/// <summary>The keys of a space's JSON object, with messages for what is missing or of the wrong kind.</summary>
internal readonly struct SpaceKeys(JsonElement json)
{
    private readonly JsonElement _json = json;

    public JsonElement? Optional(string key) =>
        _json.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public JsonElement Required(string key) => Optional(key) ?? throw new SpaceException($"\"{key}\" is missing");

    public string Text(string key) => OptionalText(key) ?? throw new SpaceException($"\"{key}\" is missing");

    public string? OptionalText(string key) => Optional(key) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value => value.GetString(),
        var value => throw new SpaceException($"\"{key}\" must be a text, got {value.Value.ValueKind}"),
    };

    public long Integer(string key, long? otherwise = null) => Optional(key) switch
    {
        null => otherwise ?? throw new SpaceException($"\"{key}\" is missing"),
        { } value => Integer(value, key),
    };

    public int Size(string key, int? otherwise = null) => Integer(key, otherwise) is >= 0 and <= int.MaxValue and var size
        ? (int)size
        : throw new SpaceException($"\"{key}\" must be from 0 to {int.MaxValue}");

    public IReadOnlyList<long>? Integers(string key) => Optional(key) is null ? null : [.. List(key).Select(item => Integer(item, key))];

    public IReadOnlyList<int>? Shape(bool required)
    {
        if (Optional("shape") is null)
        {
            return required ? throw new SpaceException("\"shape\" is missing") : null;
        }

        return [.. Integers("shape")!.Select(size => size is >= 1 and <= int.MaxValue
            ? (int)size
            : throw new SpaceException($"\"shape\" has a dimension of {size}; it must be at least 1"))];
    }

    public IEnumerable<JsonElement> List(string key) => Required(key) is { ValueKind: JsonValueKind.Array } list
        ? list.EnumerateArray()
        : throw new SpaceException($"\"{key}\" must be a list");

    public IEnumerable<JsonProperty> Members() => Required("spaces") is { ValueKind: JsonValueKind.Object } members
        ? members.EnumerateObject()
        : throw new SpaceException("\"spaces\" must be an object");

    private static long Integer(JsonElement value, string key) => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number)
        ? number
        : throw new SpaceException($"\"{key}\" must be a whole number of 64 bits, got {value.GetRawText()}");
}
