using Palio.Challenges.Bundles.Reading;

namespace Palio.Challenges.Bundles;

/// <summary>Reads a challenge bundle and finds everything that is wrong with it in one pass. Never throws for what the bundle holds.</summary>
public static class BundleReader
{
    /// <summary>Reads the bundle.</summary>
    /// <param name="files">From <see cref="BundleArchive"/> or <see cref="BundleFiles.Create"/>.</param>
    /// <param name="limits">Default <see cref="BundleLimits.Default"/>.</param>
    public static BundleReading Read(BundleFiles files, BundleLimits? limits = null) =>
        new BundleAssembly(files, limits ?? BundleLimits.Default).Read();
}
