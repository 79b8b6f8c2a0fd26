using Palio.Challenges.Bundles;
using Palio.Cli.Api;
using Palio.Cli.Output;
using Palio.Cli.Session;
using Palio.Protocol.Api;

namespace Palio.Cli.Publishing;

/// <summary>Checks a bundle here, pushes its environment image, uploads it.</summary>
internal sealed class BundlePublication(CliSession session, PalioClient client)
{
    /// <param name="path">Folder or zip.</param>
    /// <param name="environment">Local image to push as the environment.</param>
    /// <param name="team">Host team's id; null when there is one, or for a new one to be made.</param>
    /// <param name="dryRun">Only ask whether it would be taken.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<PublishResult> RunAsync(string path, string? environment, int? team, bool dryRun, CancellationToken cancellationToken)
    {
        var folder = BundleFolder.Read(path);
        if (folder.HasErrors || folder.Files is null || folder.Bundle is null)
        {
            return new PublishResult(null, 0, false, [.. folder.Problems.Select(Detail)]);
        }

        if (!dryRun)
        {
            await new EnvironmentImages(session, client).PushAsync(folder.Bundle, environment, cancellationToken);
        }

        using var zip = new MemoryStream(BundleArchive.Write(folder.Files), writable: false);
        return await client.PublishAsync(zip, team, dryRun, cancellationToken);
    }

    private static BundleProblemDetail Detail(ProblemRow row) => new(row.Severity, row.File, row.Line, row.Column, row.Path, row.Message, row.Remedy);
}
