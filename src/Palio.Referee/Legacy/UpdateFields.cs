using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace Palio.Referee.Legacy;

/// <summary>The fields of an update, from a form or a JSON object.</summary>
internal sealed class UpdateFields(IReadOnlyDictionary<string, string> fields)
{
    private const int MostFields = 100;

    /// <summary>Null when the body is neither.</summary>
    public static UpdateFields? Read(string? contentType, string body)
    {
        try
        {
            if (contentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) == true)
            {
                return ReadJson(body);
            }

            using var reader = new FormReader(body) { ValueCountLimit = MostFields, ValueLengthLimit = SubmissionApi.MostBytes };
            return new UpdateFields(reader.ReadForm().ToDictionary(field => field.Key, field => field.Value.ToString()));
        }
        catch (Exception exception) when (exception is JsonException or InvalidDataException)
        {
            return null;
        }
    }

    public string? Text(string name) => fields.GetValueOrDefault(name);

    public long? Number(string name) =>
        long.TryParse(Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static UpdateFields? ReadJson(string body)
    {
        using var document = JsonDocument.Parse(body);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        // The result is text inside the JSON too: a list there is one of EvalAI's refusals.
        return new UpdateFields(document.RootElement.EnumerateObject().Take(MostFields)
            .Where(field => field.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number)
            .GroupBy(field => field.Name)
            .ToDictionary(group => group.Key, group => group.Last().Value is { ValueKind: JsonValueKind.String } text ? text.GetString()! : group.Last().Value.GetRawText()));
    }
}
