using System.Globalization;
using Palio.Server.Storage;

namespace Palio.Server.Features.Challenges;

/// <summary>Published archives and logos, as files below the data folder.</summary>
internal sealed class BundleStore(DataFolder data)
{
    /// <summary>Writes a revision's files; a failed publication's leftovers are written over.</summary>
    public async Task WriteAsync(string slug, int revision, ReadOnlyMemory<byte> archive, ReadOnlyMemory<byte>? logo, CancellationToken cancellationToken)
    {
        var folder = data.PrivateFolder("bundles", slug);
        var number = revision.ToString(CultureInfo.InvariantCulture);
        await File.WriteAllBytesAsync(Path.Combine(folder, $"{number}.zip"), archive, cancellationToken);
        if (logo is { } content)
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, $"{number}.logo"), content, cancellationToken);
        }
    }

    public string LogoPath(string slug, int revision) => data["bundles", slug, $"{revision.ToString(CultureInfo.InvariantCulture)}.logo"];
}
