using System.Text.Json;
using System.Text.Json.Serialization;

namespace Palio.Registry;

/// <summary>The part of an image's config that says how to run it. Written by strangers: every member may be missing.</summary>
internal sealed record ImageConfig(
    [property: JsonPropertyName("os")] string? Os,
    [property: JsonPropertyName("architecture")] string? Architecture,
    [property: JsonPropertyName("config")] ImageRunConfig? Run)
{
    /// <summary>Null when it is not a config.</summary>
    public static ImageConfig? TryParse(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, ImageConfigJson.Default.ImageConfig);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>The <c>config</c> member: Docker's and OCI's names, as they are spelled there.</summary>
internal sealed record ImageRunConfig(
    [property: JsonPropertyName("User")] string? User,
    [property: JsonPropertyName("Env")] IReadOnlyList<string?>? Env,
    [property: JsonPropertyName("Entrypoint")] IReadOnlyList<string?>? Entrypoint,
    [property: JsonPropertyName("Cmd")] IReadOnlyList<string?>? Cmd,
    [property: JsonPropertyName("WorkingDir")] string? WorkingDir,
    [property: JsonPropertyName("Labels")] IReadOnlyDictionary<string, string?>? Labels);

[JsonSerializable(typeof(ImageConfig))]
internal sealed partial class ImageConfigJson : JsonSerializerContext;
