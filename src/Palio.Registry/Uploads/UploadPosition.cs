using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Palio.Registry;

/// <summary>Where an upload stands, as the headers of every answer about it say.</summary>
internal sealed record UploadPosition(RepositoryName Repository, string Id, long Length)
{
    // Relative, so that no proxy and no scheme can make it wrong.
    public string Location => $"/v2/{Repository}/blobs/uploads/{Id}";

    // Inclusive: docker computes the layer size it writes into the manifest from it. Nothing received is 0-0, as everybody answers.
    public string Range => string.Create(CultureInfo.InvariantCulture, $"0-{Math.Max(0, Length - 1)}");

    public void Describe(HttpResponse response)
    {
        response.Headers.Location = Location;
        response.Headers.Range = Range;
        response.Headers["Docker-Upload-UUID"] = Id;
    }
}
