using Palio.Cli.Api;
using Palio.Cli.Engine;
using Palio.Cli.Output;
using Palio.Cli.Session;

namespace Palio.Cli.Submitting;

/// <summary>Pushes a local image to the server's registry, with a bar.</summary>
internal sealed class ImagePush(CliSession session, PalioClient client, ILocalEngine engine)
{
    /// <returns>The digest of the manifest in the registry.</returns>
    public async Task<string> RunAsync(string local, ImageName target, CancellationToken cancellationToken)
    {
        await engine.TagAsync(local, target, cancellationToken);
        var me = await client.MeAsync(cancellationToken);
        var registry = target.Repository.Split('/')[0];
        var login = new RegistryLogin(registry, me.UserName, session.RequiredToken());
        return await ProgressBars.RunAsync(session, [$"push {local}"], async bars =>
        {
            var digest = await engine.PushAsync(target, login, new BarProgress(bars[0]), cancellationToken);
            bars[0].Show(1, "pushed");
            return digest;
        });
    }

    /// <summary>The digest under which the engine knows the image in this repository, when it was pushed before.</summary>
    public static string? KnownDigest(LocalImage image, string repository) =>
        image.RepositoryDigests.Where(name => name.StartsWith(repository + "@", StringComparison.Ordinal)).Select(name => name[(repository.Length + 1)..]).FirstOrDefault();

    private sealed class BarProgress(IProgressBar bar) : IProgress<PushProgress>
    {
        public void Report(PushProgress value)
        {
            if (value.Total == 0)
            {
                bar.Show(0, "looking at the layers");
                return;
            }

            // While layers are still being announced the total is too small to divide by.
            var share = value.Total > 0 && value.LayersDone > 0 ? (double)value.Done / value.Total : 0;
            bar.Show(share, $"{value.LayersDone}/{value.Layers} layers, {Words.Bytes(value.Done)} of {Words.Bytes(value.Total)}");
        }
    }
}
