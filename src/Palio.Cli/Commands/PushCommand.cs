using System.CommandLine;
using Palio.Cli.Api;
using Palio.Cli.Engine;
using Palio.Cli.Session;
using Palio.Cli.Submitting;
using Palio.Protocol.Api;

namespace Palio.Cli.Commands;

/// <summary><c>palio push IMAGE:TAG --phase CHALLENGE/PHASE</c>: pushes a local image and submits it in one go.</summary>
internal static class PushCommand
{
    public static Command Create(CliSession session)
    {
        var image = Arguments.Required("IMAGE", "An image of the local engine, such as my-agent:1");
        var draft = new SubmissionDraft();
        return CommandBuilding.Command("push", "Push a local image and submit it", [image, .. draft.Symbols], async (parse, cancellationToken) =>
        {
            draft.Check(parse);
            using var client = session.Client();
            var found = await PhaseFinder.FindAsync(client, parse.GetRequiredValue(draft.Phase), cancellationToken);
            SubmissionSending.CheckMayPush(found);
            var again = parse.GetValue(draft.Again);
            var submitted = await PushAndSubmitAsync(session, client, found, parse.GetRequiredValue(image),
                digest => draft.Request(parse, found, digest), again, cancellationToken);
            return await SubmitCommand.FinishAsync(session, client, submitted, parse.GetValue(draft.Wait), cancellationToken);
        });
    }

    /// <summary>An image that the engine knows to be in the repository is submitted without being pushed again; should the registry have lost it, it is pushed.</summary>
    public static async Task<SubmissionSummary> PushAndSubmitAsync(CliSession session, PalioClient client, FoundPhase found, string image,
        Func<string, SubmitRequest> request, bool again, CancellationToken cancellationToken)
    {
        using var engine = await session.OpenEngineAsync(cancellationToken);
        var local = await engine.FindImageAsync(image, cancellationToken)
            ?? throw CliException.NotFound($"The local engine has no image '{image}'.", $"build it: docker build -t {image} .   (docker images lists what is there)");
        var repository = found.Challenge.Repository
            ?? throw CliException.Invalid($"The server names no repository for your team in {found.Challenge.Summary.Slug}.", "run: palio participate CHALLENGE --accept-terms");
        if (ImagePush.KnownDigest(local, repository) is { } known)
        {
            try
            {
                return await SubmissionSending.SendAsync(session, client, request(known), again, cancellationToken);
            }
            catch (CliException e) when (e.Code == "image_missing")
            {
                session.Printer.Note("The registry does not have the image any more: pushing it again.");
            }
        }
        else
        {
            SubmissionSending.CheckQuota(found);
        }

        var digest = await new ImagePush(session, client, engine).RunAsync(image, new ImageName(repository, ImageName.Parse(image).Tag), cancellationToken);
        return await SubmissionSending.SendAsync(session, client, request(digest), again, cancellationToken);
    }
}
