using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Palio.Server.EvalAi.Wire;

/// <summary>How EvalAI writes values: keys in snake case, nulls written, times in UTC with <c>Z</c>.</summary>
internal static class EvalAiJson
{
    public static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // JSON on its own, never inside a page
        Converters = { new TimeConverter() },
    };

    /// <summary>
    /// <c>2021-01-12T10:14:58.764572Z</c>; without the fraction when there is none. EvalAI's client refuses seven digits, and any zone
    /// but the letter.
    /// </summary>
    public static string Time(DateTimeOffset time)
    {
        var utc = time.UtcDateTime;
        return utc.ToString(utc.Ticks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond == 0 ? "yyyy-MM-ddTHH:mm:ss'Z'" : "yyyy-MM-ddTHH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
    }

    /// <summary>A length of time: its seconds as text.</summary>
    public static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.0#####", CultureInfo.InvariantCulture);

    private sealed class TimeConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(Time(value));
    }
}
