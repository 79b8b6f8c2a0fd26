using System.CommandLine;
using Palio.Cli.Api;
using Palio.Cli.Output;
using Palio.Cli.Session;
using Palio.Cli.Submitting;
using Palio.Protocol.Api;

namespace Palio.Cli.Commands;

/// <summary>
/// <c>palio submit REPOSITORY@DIGEST --phase CHALLENGE/PHASE</c>: submits what was pushed by docker, podman or skopeo;
/// <c>palio submit --file FILE --phase CHALLENGE/PHASE</c>: submits a file where the phase takes files.
/// </summary>
internal static class SubmitCommand
{
    public static Command Create(CliSession session)
    {
        var image = Arguments.Maybe("IMAGE", "REPOSITORY@DIGEST as docker push printed it, or the digest alone");
        var file = Arguments.Text("--file", "A file, where the phase takes files instead of images", "FILE");
        var draft = new SubmissionDraft();
        return CommandBuilding.Command("submit", "Submit an image that is in the registry, or a file", [image, file, .. draft.Symbols], async (parse, cancellationToken) =>
        {
            draft.Check(parse);
            var given = Given(parse.GetValue(image), parse.GetValue(file));
            using var client = session.Client();
            var found = await PhaseFinder.FindAsync(client, parse.GetRequiredValue(draft.Phase), cancellationToken);
            SubmissionSending.CheckMayPush(found);
            if (given.File is { } path)
            {
                FileToSubmit.Check(path, found);
                var sent = await SubmissionSending.SendAsync(session, client, draft.FileRequest(parse, found), path, parse.GetValue(draft.Again), cancellationToken);
                return await FinishAsync(session, client, sent, parse.GetValue(draft.Wait), cancellationToken);
            }

            var (repository, digest) = Split(given.Image!); // one or the other
            CheckRepository(repository, found);
            var submitted = await SubmissionSending.SendAsync(session, client, draft.Request(parse, found, digest), parse.GetValue(draft.Again), cancellationToken);
            return await FinishAsync(session, client, submitted, parse.GetValue(draft.Wait), cancellationToken);
        });
    }

    /// <summary>Tells of the submission, or follows it to its end.</summary>
    public static async Task<int> FinishAsync(CliSession session, PalioClient client, SubmissionSummary submitted, bool wait, CancellationToken cancellationToken)
    {
        session.Printer.Note($"Submission {submitted.Id} is {Words.Of(submitted.State)}: {new Uri(client.Host, $"submissions/{submitted.Id}")}");
        if (!wait)
        {
            session.Printer.Result(submitted, ApiJsonContext.Default.SubmissionSummary, console => console.WriteLine($"Follow it: palio status {submitted.Id} --follow"));
            return ExitCode.Ok;
        }

        var ended = await SubmissionFollowing.RunAsync(session, client, submitted.Id, cancellationToken);
        session.Printer.Result(ended, ApiJsonContext.Default.SubmissionDetail, console => SubmissionView.Write(console, ended));
        return SubmissionFollowing.Conclude(session, ended);
    }

    private static (string? Image, string? File) Given(string? image, string? file) => (image, file) switch
    {
        (null, null) => throw CliException.Usage("There is nothing to submit.", "give REPOSITORY@sha256:…, or --file FILE where the phase takes files"),
        (not null, not null) => throw CliException.Usage("An image and --file exclude each other."),
        (_, not null) when !System.IO.File.Exists(file) => throw CliException.Usage($"There is no file '{file}'."),
        _ => (image, file),
    };

    private static (string? Repository, string Digest) Split(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        var digest = text[(at + 1)..];
        if (!digest.StartsWith("sha256:", StringComparison.Ordinal) || digest.Length != 71)
        {
            throw CliException.Usage($"'{text}' has no digest: a tag can be moved, so what is judged is named by its digest.",
                "give REPOSITORY@sha256:…, which docker push prints at its end; or let palio push IMAGE:TAG --phase … do both");
        }

        return (at > 0 ? text[..at] : null, digest);
    }

    private static void CheckRepository(string? given, FoundPhase found)
    {
        if (given is null || found.Challenge.Repository is not { } own)
        {
            return;
        }

        // With or without the host, and with a tag before the digest.
        var name = Engine.ImageName.Parse(given).Repository;
        if (name != own && name != own[(own.IndexOf('/', StringComparison.Ordinal) + 1)..])
        {
            throw CliException.Invalid($"'{name}' is not your team's repository in {found.Challenge.Summary.Slug}.", $"push to {own}");
        }
    }
}
