using System.Text.Json;
using Palio.Server.EvalAi.Wire;
using Palio.Server.Errors;
using Palio.Server.Storage;

namespace Palio.Server.EvalAi.Uploads;

/// <summary>What clients say of the parts they send.</summary>
internal static class SentParts
{
    private const int MostParts = 10_000;

    /// <summary>EvalAI's client announces one part more than it sends when the file ends with a part: what counts is said in the end.</summary>
    public static int Announced(EvalAiBody body) => body.Number("num_file_chunks") is not { } count ? 1
        : count is > 0 and <= MostParts ? count
        : throw PalioException.Invalid("num_file_chunks", $"{count} is not a number of parts; a file has 1 to {MostParts}.", "");

    /// <summary><c>parts</c>: JSON, mostly as text, <c>[{"ETag": "\"…\"", "PartNumber": 1}]</c>.</summary>
    public static IReadOnlyList<SentPart> Read(EvalAiBody body)
    {
        var sent = body.Json("parts");
        return sent.ValueKind == JsonValueKind.Array && sent.GetArrayLength() <= MostParts ? [.. sent.EnumerateArray().Select(Part)] : throw Refused();
    }

    private static SentPart Part(JsonElement part) =>
        part.ValueKind == JsonValueKind.Object
        && part.TryGetProperty("ETag", out var tag) && tag.ValueKind == JsonValueKind.String && tag.GetString() is { } text
        && part.TryGetProperty("PartNumber", out var number) && number.ValueKind == JsonValueKind.Number && number.TryGetInt32(out var parsed)
            ? new SentPart(parsed, text.Trim('"'))
            : throw Refused();

    private static PalioException Refused() =>
        PalioException.Invalid("parts", "'parts' must be a JSON list of the parts with their PartNumber and the ETag that storing each answered.", "");
}
