using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Palio.Challenges.Bundles;
using Palio.Challenges.Bundles.Editing;
using Palio.Server.EvalAi.Wire;
using Palio.Server.Errors;

namespace Palio.Server.EvalAi.Editing;

/// <summary>
/// Makes edits of what was sent. Only what differs from what is shown is one: a page that reads an object, changes a key and sends it all
/// back changes that key.
/// </summary>
internal sealed class SentEdits(EvalAiBody body, JsonElement shown)
{
    private readonly List<BundleEdit> _values = [];
    private readonly Dictionary<string, ReadOnlyMemory<byte>> _files = [];
    private readonly Dictionary<string, string[]> _mistakes = [];

    /// <param name="keys">Those that may be changed.</param>
    /// <param name="item">Whose they are.</param>
    /// <param name="pages">Where the pages' files lie: a name that no other item's has.</param>
    public void Read(IReadOnlyList<EditableKey> keys, BundleItem? item, string pages)
    {
        foreach (var key in keys)
        {
            var file = key.File is { } name ? body.File(name) : null;
            if (file is not null || (body.Has(key.Name) && Differs(key)))
            {
                Add(key, item, pages, file);
            }
        }

        foreach (var property in shown.EnumerateObject().Where(property => body.Has(property.Name) && keys.All(key => key.Name != property.Name)))
        {
            if (EditableKeys.Remedy(property.Name) is { } remedy && !Same(body.Text(property.Name), property.Value))
            {
                _mistakes[property.Name] = [$"'{property.Name}' cannot be changed here. {remedy}"];
            }
        }
    }

    /// <summary>A form file that the configuration names.</summary>
    /// <param name="field">The form's.</param>
    /// <param name="item">Whose it is.</param>
    /// <param name="key">The configuration's key.</param>
    /// <param name="path">Where it lies, without the ending.</param>
    public void ReadFile(string field, BundleItem? item, string key, string path)
    {
        if (body.File(field) is not { } file)
        {
            return;
        }

        var ending = Path.GetExtension(file.FileName).ToLowerInvariant();
        var place = path + (ending.Length is > 1 and < 10 && ending[1..].All(char.IsAsciiLetterOrDigit) ? ending : "");
        _files[place] = Bytes(file);
        _values.Add(new BundleEdit(item, key, JsonValue.Create(place)));
    }

    /// <exception cref="PalioException">Something cannot be changed here.</exception>
    public BundleEdits Done() => _mistakes.Count == 0
        ? new BundleEdits { Values = _values, Files = _files }
        : throw new PalioException(StatusCodes.Status400BadRequest, RefusalCodes.Validation, string.Join(' ', _mistakes.Values.SelectMany(texts => texts)), "") { Fields = _mistakes };

    private void Add(EditableKey key, BundleItem? item, string pages, IFormFile? file)
    {
        if (key.Kind == EditKind.Page)
        {
            var place = $"edited/{pages}{key.Key}.html";
            _files[place] = file is null ? Encoding.UTF8.GetBytes(body.Text(key.Name) ?? "") : Bytes(file);
            _values.Add(new BundleEdit(item, key.Key, JsonValue.Create(place)));
            return;
        }

        try
        {
            _values.Add(new BundleEdit(item, key.Key, Value(key)));
        }
        catch (PalioException refusal) when (refusal.Fields is { } fields)
        {
            foreach (var (field, texts) in fields)
            {
                _mistakes[field] = texts;
            }
        }
    }

    private JsonNode? Value(EditableKey key) => body.Text(key.Name) is not { } text || (text.Length == 0 && key.Kind != EditKind.Text) ? null : key.Kind switch
    {
        EditKind.Flag => body.Flag(key.Name) is { } flag ? JsonValue.Create(flag) : null,
        EditKind.Number => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? JsonValue.Create(number)
            : throw PalioException.Invalid(key.Name, "A valid integer is required.", ""),
        EditKind.Date => DateText.TryParse(text, out var date, out _, out var problem)
            ? JsonValue.Create(date.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture))
            : throw PalioException.Invalid(key.Name, problem, $"Write {DateText.Example}."),
        EditKind.Json => body.Json(key.Name) is { ValueKind: JsonValueKind.Array } list ? JsonNode.Parse(list.GetRawText()) : throw PalioException.Invalid(key.Name, "Expected a list of items.", ""),
        _ => text.Length == 0 ? null : JsonValue.Create(text),
    };

    private bool Differs(EditableKey key)
    {
        if (!shown.TryGetProperty(key.Name, out var present))
        {
            return true;
        }

        var sent = body.Text(key.Name);
        return !Same(sent, present) && (key.Kind != EditKind.Date || !SameTime(sent, present));
    }

    private static bool SameTime(string? sent, JsonElement present) =>
        sent is not null && present.ValueKind == JsonValueKind.String && DateText.TryParse(sent, out var date, out _, out _)
        && DateText.TryParse(present.GetString() ?? "", out var before, out _, out _) && date == before;

    private static bool Same(string? sent, JsonElement present) => present.ValueKind switch
    {
        JsonValueKind.Null => string.IsNullOrEmpty(sent),
        JsonValueKind.String => (sent ?? "") == present.GetString(),
        JsonValueKind.True => sent is "true" or "True" or "1",
        JsonValueKind.False => sent is "false" or "False" or "0",
        JsonValueKind.Number => sent == present.GetRawText(),
        _ => SameJson(sent, present),
    };

    private static bool SameJson(string? sent, JsonElement present)
    {
        try
        {
            return sent is { Length: > 0 } && JsonElement.DeepEquals(JsonElement.Parse(sent), present);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static byte[] Bytes(IFormFile file)
    {
        using var content = new MemoryStream();
        file.CopyTo(content);
        return content.ToArray();
    }
}
