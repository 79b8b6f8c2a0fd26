using Palio.Challenges.Bundles;
using Palio.Cli.Api;
using Palio.Cli.Engine;
using Palio.Cli.Session;
using Palio.Cli.Submitting;
using Palio.Protocol.Api;

namespace Palio.Cli.Publishing;

/// <summary>Brings the environment images a bundle names to the server's registry, when they were built on this machine.</summary>
internal sealed class EnvironmentImages(CliSession session, PalioClient client)
{
    /// <param name="bundle">The bundle.</param>
    /// <param name="given">A local image to push as the bundle's environment; null to push local images of the very names the bundle has.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task PushAsync(ChallengeBundle bundle, string? given, CancellationToken cancellationToken)
    {
        var registry = (await client.InstanceAsync(cancellationToken)).RegistryHost;
        var names = Named(bundle, registry);
        if (given is not null && names.Count != 1)
        {
            throw CliException.Invalid(names.Count == 0
                ? "--environment was given, but no phase of the bundle names an environment image in this server's registry."
                : $"--environment was given, but the bundle names {names.Count} environment images: {string.Join(", ", names)}.",
                names.Count == 0 ? "write environment_image: CHALLENGE/host/NAME:TAG into the phase" : "tag each image locally by its name in the bundle, and leave --environment out");
        }

        if (names.Count == 0)
        {
            return;
        }

        using var engine = await OpenAsync(given, cancellationToken);
        if (engine is null)
        {
            return;
        }

        foreach (var name in names)
        {
            await PushOneAsync(engine, given ?? name, ImageName.Parse($"{registry}/{name}"), given is not null, cancellationToken);
        }
    }

    /// <summary>Names relative to the registry: <c>challenge/host/environment:1</c>. Digests are there already.</summary>
    public static IReadOnlyList<string> Named(ChallengeBundle bundle, string registry) =>
        [.. bundle.Phases.Select(phase => phase.EnvironmentImage).OfType<string>()
            .Select(image => image.StartsWith(registry + "/", StringComparison.Ordinal) ? image[(registry.Length + 1)..] : image)
            .Where(image => !image.Contains('@') && image.Split('/') is [_, "host", ..])
            .Distinct()];

    // Without --environment the images may be in the registry already, and no engine is needed.
    private async Task<ILocalEngine?> OpenAsync(string? given, CancellationToken cancellationToken)
    {
        try
        {
            return await session.OpenEngineAsync(cancellationToken);
        }
        catch (CliException e) when (given is null)
        {
            session.Printer.Note($"{e.Message} The environment image must be in the registry already.");
            return null;
        }
    }

    private async Task PushOneAsync(ILocalEngine engine, string local, ImageName target, bool required, CancellationToken cancellationToken)
    {
        if (await engine.FindImageAsync(local, cancellationToken) is null)
        {
            if (required)
            {
                throw CliException.NotFound($"The local engine has no image '{local}'.", $"build it: docker build -t {local} …");
            }

            session.Printer.Note($"No local image {local}: taking the one in the registry.");
            return;
        }

        // The server would make a team with the challenge, but the image comes first, and its repository is the team's.
        if (!(await client.MeAsync(cancellationToken)).Teams.Any(team => team.Kind == TeamKind.Host))
        {
            throw CliException.Invalid("You are in no host team, so there is no repository yet for the environment's image.", "run: palio team create NAME --host-team");
        }

        await new ImagePush(session, client, engine).RunAsync(local, target, cancellationToken);
    }
}
