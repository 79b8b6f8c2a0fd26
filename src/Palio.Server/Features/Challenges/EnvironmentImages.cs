using System.Runtime.InteropServices;
using Microsoft.Extensions.Options;
using Palio.Challenges.Bundles;
using Palio.Registry;
using Palio.Server.Features.Teams;
using Palio.Server.Hosting;

namespace Palio.Server.Features.Challenges;

/// <summary>Finds the environment images that a bundle names, and keeps them.</summary>
internal sealed class EnvironmentImages(
    IImageCatalog catalog, InstanceAddress address, IOptions<ScoringOptions> scoring, IOptions<ChallengeOptions> options)
{
    /// <summary>The platform evaluations run on.</summary>
    public static ImagePlatform Platform { get; } =
        new("linux", RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "amd64");

    /// <summary>Whether scripts of phases that name no image have one to run in.</summary>
    public bool HasScriptImage => scoring.Value.Image is not null;

    private string[] OwnHosts => [address.RegistryHost, address.LocalRegistryHost];

    /// <summary>A challenge is named by its first environment image in this registry, else by its title.</summary>
    public string SlugOf(ChallengeBundle bundle) =>
        bundle.Phases.Select(phase => phase.EnvironmentImage is { } image ? EnvironmentImageName.Parse(image, OwnHosts)?.Slug : null)
            .FirstOrDefault(slug => slug is not null)
        ?? CreateTeam.SlugOf(bundle.Challenge.Title);

    /// <summary>The image of each phase that has one, by the phase's id in the bundle. What is wrong is added to the problems.</summary>
    public async Task<IReadOnlyDictionary<int, EnvironmentImage>> ResolveAsync(
        ChallengeBundle bundle, string slug, List<BundleProblem> problems, CancellationToken cancellationToken)
    {
        var found = new Dictionary<int, EnvironmentImage>();
        foreach (var (phase, index) in bundle.Phases.Select((phase, index) => (phase, index)))
        {
            if (phase.EnvironmentImage is not { } text)
            {
                WarnOfNoScriptImage(bundle, phase, index, problems);
                continue;
            }

            var (image, message, remedy) = await ResolveAsync(text, slug, cancellationToken);
            if (image is not null)
            {
                found[phase.Id] = image;
                continue;
            }

            var key = phase.Judging is Judging.Play or Judging.Environment ? "environment_image" : "evaluation.image";
            problems.Add(bundle.Places.Error($"challenge_phases[{index}].{key}", message, remedy));
        }

        return found;
    }

    /// <summary>Keeps embedded images from deletion and collection.</summary>
    public async Task PinAsync(IEnumerable<EnvironmentImage> images, string reason, CancellationToken cancellationToken)
    {
        foreach (var image in images.Where(image => image.IsEmbedded).Distinct())
        {
            await catalog.PinAsync(RepositoryName.Parse(image.Repository), Digest.Parse(image.Digest), reason, cancellationToken);
        }
    }

    private void WarnOfNoScriptImage(ChallengeBundle bundle, PhaseDeclaration phase, int index, List<BundleProblem> problems)
    {
        if (phase.Judging is Judging.Script or Judging.StaticCode && !HasScriptImage)
        {
            problems.Add(new BundleProblem
            {
                Severity = BundleSeverity.Warning,
                File = bundle.ConfigPath,
                Path = $"challenge_phases[{index}].evaluation",
                Message = $"phase {phase.Id} ({phase.Codename}): no image to run the evaluation script in; the phase takes no submissions until it has one.",
                Remedy = "Write evaluation: {image: …}, an image with Python 3 and what the script imports, or ask the operator for a default (Scoring:Image).",
            });
        }
    }

    private async Task<(EnvironmentImage? Image, string Message, string Remedy)> ResolveAsync(string text, string slug, CancellationToken cancellationToken)
    {
        var pushTo = $"{address.RegistryHost}/{slug}/{EnvironmentImageName.HostPart}/environment:1";
        if (EnvironmentImageName.Parse(text, OwnHosts) is not { } name)
        {
            return (null, $"'{text}' is not an image's name.", $"Write {slug}/{EnvironmentImageName.HostPart}/environment:1 and push the image there.");
        }

        if (!name.IsEmbedded)
        {
            return Elsewhere(text, name, pushTo);
        }

        if (name.Slug != slug)
        {
            return (null, $"'{text}' belongs to another challenge than '{slug}'.", $"Push it to {pushTo} and write that.");
        }

        var repository = RepositoryName.Parse(name.Repository);
        var digest = name.Digest is { } fixedDigest
            ? Digest.Parse(fixedDigest)
            : await catalog.ResolveTagAsync(repository, name.Tag ?? "latest", cancellationToken);
        var inspection = digest is null
            ? new ImageInspection.Missing()
            : await catalog.InspectAsync(repository, digest, Platform, cancellationToken);
        return inspection switch
        {
            ImageInspection.Found { Image: var image } => (new EnvironmentImage(name.Repository, image.Digest.ToString(), image.ManifestDigest.ToString(), true), "", ""),
            ImageInspection.OtherPlatform other => (null,
                $"'{text}' is for {string.Join(", ", other.Available)}, not for {Platform}.", $"Build it with --platform {Platform} and push it again."),
            ImageInspection.Unusable unusable => (null, $"'{text}' cannot be run.", unusable.Reason),
            _ => (null, $"'{text}' is not in the registry.",
                $"Push it first: docker push {address.RegistryHost}/{name.Repository}:{name.Tag ?? "1"} ('palio challenge publish' does it for you)."),
        };
    }

    private (EnvironmentImage? Image, string Message, string Remedy) Elsewhere(string text, EnvironmentImageName name, string pushTo)
    {
        if (!options.Value.AllowsRegistry(name.Registry))
        {
            return (null, $"'{text}' is in the registry {name.Registry}, which this instance takes no environment images from.",
                $"Push it here and write that: docker push {pushTo}. Or ask the operator to add {name.Registry} to {ChallengeOptions.Section}:{nameof(ChallengeOptions.EnvironmentRegistries)}.");
        }

        return name.Digest is { } given
            ? (new EnvironmentImage(name.Repository, given, given, false), "", "")
            : (null, $"'{text}' is in another registry and has no digest, so that it could change under the challenge.",
                $"Write {name.Repository}@sha256:…, or push it here: docker push {pushTo}");
    }
}

/// <summary>An environment image by digest.</summary>
/// <param name="Repository">The repository.</param>
/// <param name="Digest">As named by the bundle: of an index, when that was pushed.</param>
/// <param name="ManifestDigest">Of the image itself.</param>
/// <param name="IsEmbedded">In this instance's registry.</param>
internal sealed record EnvironmentImage(string Repository, string Digest, string ManifestDigest, bool IsEmbedded);
