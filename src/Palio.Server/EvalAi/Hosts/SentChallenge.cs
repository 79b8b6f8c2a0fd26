using System.Globalization;
using System.IO.Compression;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Palio.Protocol.Api;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.EvalAi.Wire;
using Palio.Server.Features.Challenges;
using Palio.Server.Hosting;

namespace Palio.Server.EvalAi.Hosts;

/// <summary>
/// Publishes what EvalAI's clients send, in words for them: they print <c>error</c> of a 400, and of a 403 only the status. Several
/// lines become a comment on the host's pull request.
/// </summary>
internal sealed class SentChallenge(
    CurrentUser caller, PalioDbContext db, EnvironmentImages images, BundleStore store, IOptions<ChallengeOptions> options, InstanceAddress address, TimeProvider time)
{
    private const string File = "zip_configuration";

    public async Task<SentResult> PublishAsync(int teamId, EvalAiBody body, string? source, bool dryRun, CancellationToken cancellationToken)
    {
        if (!await db.Teams.AnyAsync(t => t.Id == teamId && t.Kind == TeamKind.Host && t.Members.Any(m => m.UserId == caller.Id), cancellationToken))
        {
            return Refuse($"You are in no host team {teamId.ToString(CultureInfo.InvariantCulture)}: compare team_pk with the id of your team, 'evalai teams --host'.");
        }

        if (body.File(File) is not { } file)
        {
            return Refuse($"The file {File} is missing: send the challenge's folder as a zip.");
        }

        var archive = new byte[file.Length];
        await using (var stream = file.OpenReadStream())
        {
            await stream.ReadExactlyAsync(archive, cancellationToken);
        }

        var result = await PublishChallenge.HandleAsync(
            archive, new PublishInto(teamId, source, TakesFreeName: true), dryRun, caller, db, images, store, options, time, cancellationToken);
        var errors = Lines(result, "error");
        return errors.Length > 0 ? Refuse($"{errors}{HintFor(archive)}{Warnings(result)}") : new SentResult(null, result is { Revision: 1, Changed: true }, Text(result), Warnings(result));
    }

    private string Text(PublishResult result)
    {
        var (challenge, revision) = (result.Challenge, result.Revision.ToString(CultureInfo.InvariantCulture));
        var what = !result.Changed ? $"Nothing has changed since revision {revision}."
            : result.Revision == 1 ? "The challenge has been created."
            : $"The challenge has been updated: revision {revision}. Evaluations under way keep the one they started with.";
        var where = challenge is null ? "" : $" See {address.PublicUrl}/challenges/{challenge.Slug}.";
        var waits = challenge is { State: ChallengeState.Waiting } ? " Others do not see it yet: the administrator must approve it, and its configuration say published: True." : "";
        return $"{what}{where}{waits}{Warnings(result)}";
    }

    private static string Warnings(PublishResult result) =>
        Lines(result, "warning") is { Length: > 0 } warnings ? $"\n\nWarnings:\n{warnings}" : "";

    private static string Lines(PublishResult result, string severity) => string.Join('\n', result.Problems.Where(problem => problem.Severity == severity).Select(Line));

    private static string Line(BundleProblemDetail problem)
    {
        var text = new StringBuilder(problem.File);
        if (problem.Line > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $":{problem.Line}:{problem.Column}");
        }

        return text.Append(text.Length > 0 ? ": " : "").Append(problem.Message).Append(' ').Append(problem.Remedy).ToString();
    }

    // The workflow's script leaves out every file that has a folder of these names anywhere above it.
    private static string HintFor(byte[] archive)
    {
        try
        {
            using var zip = new ZipArchive(new MemoryStream(archive), ZipArchiveMode.Read);
            return zip.Entries.Any(entry => entry.Name.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase) || entry.Name.EndsWith(".yml", StringComparison.OrdinalIgnoreCase))
                ? ""
                : "\nThe zip holds no YAML file at all. The workflow's script leaves out everything below a folder named .git, .github or github: "
                    + "the checkout must not lie inside one.";
        }
        catch (InvalidDataException)
        {
            return "";
        }
    }

    private static SentResult Refuse(string text) => new(EvalAiResults.Error(StatusCodes.Status400BadRequest, text), false, "", "");
}

/// <summary>What came of it.</summary>
/// <param name="Refusal">The answer when it is refused.</param>
/// <param name="IsNew">There was no such challenge.</param>
/// <param name="Text">What happened.</param>
/// <param name="Warnings">With a line break in front; empty for none.</param>
internal sealed record SentResult(IResult? Refusal, bool IsNew, string Text, string Warnings);
