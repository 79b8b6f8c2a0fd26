using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace Palio.Registry;

/// <summary>What is attached to a manifest: signatures, attestations. An unknown subject has an empty list, never a 404.</summary>
internal sealed class ReferrerEndpoints(IRegistryIndex index)
{
    // Clients read an index only up to 4 MiB; some room for what stands around the entries.
    private const int MaxPageBytes = (4 * 1024 * 1024) - 4096;

    public async Task<IResult> ListAsync(RegistryRequest request)
    {
        var subject = Digest.Parse(request.Reference);
        var type = request.Http.Query["artifactType"].ToString();
        var last = request.Http.Query["last"].ToString();
        var entries = new List<ReferrerDescriptor>();
        var bytes = 0;
        await foreach (var record in index.ListReferrersAsync(request.Repository, subject, request.Aborted))
        {
            if ((type.Length > 0 && record.ArtifactType != type) || (last.Length > 0 && string.CompareOrdinal(record.Digest.ToString(), last) <= 0))
            {
                continue;
            }

            var entry = new ReferrerDescriptor(record.MediaType, record.Digest, record.Size, record.ArtifactType, record.Annotations);
            bytes += JsonSerializer.SerializeToUtf8Bytes(entry, RegistryJson.Default.ReferrerDescriptor).Length + 1;
            if (bytes > MaxPageBytes && entries.Count > 0)
            {
                var filter = type.Length > 0 ? $"&artifactType={Uri.EscapeDataString(type)}" : "";
                request.Response.Headers.Link = $"</v2/{request.Repository}/referrers/{subject}?last={entries[^1].Digest}{filter}>; rel=\"next\"";
                break;
            }

            entries.Add(entry);
        }

        if (type.Length > 0)
        {
            request.Response.Headers["OCI-Filters-Applied"] = "artifactType";
        }

        return new JsonAnswer<ReferrersIndex>(
            new ReferrersIndex(2, MediaTypes.OciIndex, entries), RegistryJson.Default.ReferrersIndex, MediaTypes.OciIndex);
    }
}

internal sealed record ReferrersIndex(
    [property: JsonPropertyName("schemaVersion")] int SchemaVersion,
    [property: JsonPropertyName("mediaType")] string MediaType,
    [property: JsonPropertyName("manifests")] IReadOnlyList<ReferrerDescriptor> Manifests);

internal sealed record ReferrerDescriptor(
    [property: JsonPropertyName("mediaType")] string MediaType,
    [property: JsonPropertyName("digest")] Digest Digest,
    [property: JsonPropertyName("size")] long Size,
    [property: JsonPropertyName("artifactType")] string? ArtifactType,
    [property: JsonPropertyName("annotations")] IReadOnlyDictionary<string, string>? Annotations);
