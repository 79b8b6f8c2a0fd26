using System.Text.Json;

namespace Palio.Registry;

/// <summary>A reference inside a manifest.</summary>
internal sealed record Descriptor(string MediaType, Digest Digest, long Size)
{
    public ImagePlatform? Platform { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>Whether it names places outside the registry, from which some clients would fetch it.</summary>
    public bool HasUrls { get; init; }
}

/// <summary>The parts of a manifest or index a registry looks at. Anything else in it is left alone.</summary>
internal sealed record ManifestDocument
{
    private const int MostEntries = 1000;

    // What is read here or by clients. Go's JSON takes them in any case, so that another spelling could show clients another image.
    private static readonly HashSet<string> Names = new(
        ["schemaVersion", "mediaType", "config", "layers", "manifests", "subject", "artifactType", "annotations", "digest", "size", "urls", "data",
            "platform"],
        StringComparer.OrdinalIgnoreCase);

    // The same name twice is for one reader the first, for another the last.
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    public required string MediaType { get; init; }

    public Descriptor? Config { get; init; }

    public IReadOnlyList<Descriptor> Layers { get; init; } = [];

    public IReadOnlyList<Descriptor> Manifests { get; init; } = [];

    public Descriptor? Subject { get; init; }

    public string? ArtifactType { get; init; }

    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>Reads a manifest as pushed.</summary>
    /// <param name="content">The exact bytes.</param>
    /// <param name="declaredType">The Content-Type without parameters; empty to take the document's own word.</param>
    /// <exception cref="ManifestFormatException">It is not one; the message is for a person.</exception>
    public static ManifestDocument Parse(ReadOnlyMemory<byte> content, string declaredType)
    {
        try
        {
            using var json = JsonDocument.Parse(content, Strict);
            return Read(json.RootElement, declaredType);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The latter for a text that is half a character: found only when it is read.
            throw new ManifestFormatException("The manifest is not valid JSON.", exception);
        }
    }

    private static ManifestDocument Read(JsonElement root, string declaredType)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new ManifestFormatException("The manifest is not a JSON object.");
        }

        var type = ChooseType(root, declaredType);
        if (root.TryGetProperty("schemaVersion", out var version) && !(version.ValueKind == JsonValueKind.Number && version.TryGetInt32(out var v) && v == 2))
        {
            throw new ManifestFormatException("schemaVersion must be 2.");
        }

        var isIndex = MediaTypes.IsIndex(type);
        CheckNames(root, "The manifest");
        if (isIndex ? Has(root, "config") || Has(root, "layers") : Has(root, "manifests"))
        {
            throw new ManifestFormatException("The manifest is both an image and an index: which it is would depend on the reader.");
        }

        return new ManifestDocument
        {
            MediaType = type,
            Config = isIndex ? null : ReadDescriptor(Required(root, "config"), "config"),
            Layers = isIndex ? [] : ReadList(root, "layers"),
            Manifests = isIndex ? ReadList(root, "manifests") : [],
            Subject = Optional(root, "subject") is { } subject ? ReadDescriptor(subject, "subject") : null,
            ArtifactType = Text(root, "artifactType"),
            Annotations = ReadAnnotations(root),
        };
    }

    private static string ChooseType(JsonElement root, string declaredType)
    {
        var own = Text(root, "mediaType");
        var type = declaredType.Length > 0 ? declaredType : own ?? "";
        if (type.Length == 0)
        {
            throw new ManifestFormatException("Neither Content-Type nor mediaType says what the manifest is.");
        }

        if (MediaTypes.IsSchema1(type))
        {
            throw new ManifestFormatException("Image manifests of schema version 1 are no longer supported. Push with a current client.");
        }

        if (!MediaTypes.IsManifest(type) && !MediaTypes.IsIndex(type))
        {
            throw new ManifestFormatException($"Manifests of type {Shorten(type)} are not supported: push an OCI or Docker image or index.");
        }

        return own is null || own == type
            ? type
            : throw new ManifestFormatException($"The manifest's mediaType {Shorten(own)} is not its Content-Type {type}.");
    }

    private static List<Descriptor> ReadList(JsonElement root, string name)
    {
        var list = Required(root, name);
        if (list.ValueKind != JsonValueKind.Array)
        {
            throw new ManifestFormatException($"{name} must be a list.");
        }

        if (list.GetArrayLength() > MostEntries)
        {
            throw new ManifestFormatException($"{name} has more than {MostEntries} entries. No engine runs such an image: merge layers.");
        }

        return [.. list.EnumerateArray().Select((item, i) => ReadDescriptor(item, $"{name}[{i}]"))];
    }

    private static Descriptor ReadDescriptor(JsonElement element, string where)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new ManifestFormatException($"{where} must be a descriptor.");
        }

        CheckNames(element, where);

        if (!Digest.TryParse(Text(element, "digest"), out var digest))
        {
            throw new ManifestFormatException($"{where}.digest is not a valid sha256 or sha512 digest.");
        }

        if (!element.TryGetProperty("size", out var size) || size.ValueKind != JsonValueKind.Number || !size.TryGetInt64(out var bytes) || bytes < 0)
        {
            throw new ManifestFormatException($"{where}.size must be a number of bytes.");
        }

        return new Descriptor(Text(element, "mediaType") ?? throw new ManifestFormatException($"{where}.mediaType is missing."), digest, bytes)
        {
            Platform = Optional(element, "platform") is { ValueKind: JsonValueKind.Object } platform
                ? new ImagePlatform(Text(platform, "os") ?? "", Text(platform, "architecture") ?? "")
                : null,
            Annotations = ReadAnnotations(element),
            HasUrls = Optional(element, "urls") is { } urls && !(urls.ValueKind == JsonValueKind.Array && urls.GetArrayLength() == 0),
        };
    }

    private static Dictionary<string, string>? ReadAnnotations(JsonElement element)
    {
        if (Optional(element, "annotations") is not { } annotations)
        {
            return null;
        }

        if (annotations.ValueKind != JsonValueKind.Object || annotations.EnumerateObject().Any(a => a.Value.ValueKind != JsonValueKind.String))
        {
            throw new ManifestFormatException("annotations must be an object of texts.");
        }

        var read = new Dictionary<string, string>();
        foreach (var annotation in annotations.EnumerateObject())
        {
            read[annotation.Name] = annotation.Value.GetString() ?? "";
        }

        return read;
    }

    private static void CheckNames(JsonElement element, string where)
    {
        foreach (var property in element.EnumerateObject())
        {
            // Two letters beyond ASCII fold to s and k for Go.
            var folded = property.Name.Replace('\u017f', 's').Replace('\u212a', 'k');
            if (Names.TryGetValue(folded, out var name) && name != property.Name)
            {
                throw new ManifestFormatException($"{where} spells {name} another way: write it exactly so.");
            }
        }
    }

    private static bool Has(JsonElement element, string name) => element.TryGetProperty(name, out _);

    private static JsonElement Required(JsonElement element, string name) =>
        Optional(element, name) ?? throw new ManifestFormatException($"{name} is missing.");

    private static JsonElement? Optional(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static string? Text(JsonElement element, string name) =>
        Optional(element, name) switch
        {
            null => null,
            { ValueKind: JsonValueKind.String } text => text.GetString(),
            _ => throw new ManifestFormatException($"{name} must be a text."),
        };

    private static string Shorten(string text) => text.Length <= 100 ? text : text[..100] + "…";
}

/// <summary>What is wrong with a manifest, for a person.</summary>
internal sealed class ManifestFormatException(string message, Exception? inner = null) : Exception(message, inner);
