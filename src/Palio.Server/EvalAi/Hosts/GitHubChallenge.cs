using System.Text.RegularExpressions;
using Palio.Server.EvalAi.Wire;

namespace Palio.Server.EvalAi.Hosts;

/// <summary>
/// What the starter repository's workflow sends: its whole tree as a zip. The repository, and the branch when it is told, are the
/// challenge's identity, whatever its title becomes; to send it again is to publish a revision.
/// </summary>
internal static partial class GitHubChallenge
{
    public static async Task<IResult> ValidateAsync(int team, EvalAiBody body, SentChallenge sent, CancellationToken cancellationToken)
    {
        if (!TrySource(body, out var source))
        {
            return NoRepository();
        }

        var result = await sent.PublishAsync(team, body, source, dryRun: true, cancellationToken);
        return result.Refusal ?? Success($"The challenge configuration is valid.{result.Warnings}", StatusCodes.Status200OK);
    }

    public static async Task<IResult> PublishAsync(int team, EvalAiBody body, SentChallenge sent, CancellationToken cancellationToken)
    {
        if (!TrySource(body, out var source))
        {
            return NoRepository();
        }

        var result = await sent.PublishAsync(team, body, source, dryRun: false, cancellationToken);
        return result.Refusal ?? Success(result.Text, result.IsNew ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    // The workflow's script looks for the key with a capital.
    private static IResult Success(string text, int status) => EvalAiResults.Json(new Dictionary<string, string> { ["Success"] = text }, status);

    private static IResult NoRepository() => EvalAiResults.Error(
        StatusCodes.Status400BadRequest, "GITHUB_REPOSITORY is missing or not of the form owner/name: it says which challenge is meant.");

    private static bool TrySource(EvalAiBody body, out string source)
    {
        var (repository, branch) = (body.Text("GITHUB_REPOSITORY")?.Trim() ?? "", body.Text("BRANCH_NAME")?.Trim() ?? "");

        // A workflow that names no branch and one that names the usual one are the same repository's.
        source = branch is "" or "challenge" ? repository : $"{repository}@{branch}";
        return Repository().IsMatch(repository) && source.Length <= 300;
    }

    [GeneratedRegex(@"^[A-Za-z0-9._-]{1,100}/[A-Za-z0-9._-]{1,100}\z")]
    private static partial Regex Repository();
}
