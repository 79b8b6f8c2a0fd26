using Palio.Cli.Api;
using Palio.Cli.Session;
using Palio.Protocol.Api;

namespace Palio.Cli.Submitting;

/// <summary>A phase and its challenge.</summary>
internal sealed record FoundPhase(ChallengeDetail Challenge, PhaseDetail Phase);

/// <summary>Finds what <c>--phase</c> means: CHALLENGE/PHASE, or PHASE alone among the challenges one takes part in.</summary>
internal static class PhaseFinder
{
    public static async Task<FoundPhase> FindAsync(PalioClient client, string text, CancellationToken cancellationToken)
    {
        var parts = text.Split('/');
        return parts switch
        {
            [{ Length: > 0 } challenge, { Length: > 0 } phase] => Pick(await client.ChallengeAsync(challenge, cancellationToken), phase),
            [{ Length: > 0 } phase] => await SearchAsync(client, phase, cancellationToken),
            _ => throw CliException.Usage($"'{text}' does not name a phase.", "write CHALLENGE/PHASE, such as cartpole/dev; see: palio challenges"),
        };
    }

    private static FoundPhase Pick(ChallengeDetail challenge, string text) => Match(challenge, text) is { } phase
        ? new FoundPhase(challenge, phase)
        : throw CliException.NotFound($"Challenge {challenge.Summary.Slug} has no phase '{text}'.",
            $"take one of: {string.Join(", ", challenge.Phases.Select(one => $"{challenge.Summary.Slug}/{one.Codename}"))}");

    private static PhaseDetail? Match(ChallengeDetail challenge, string text) =>
        challenge.Phases.FirstOrDefault(phase => phase.Codename.Equals(text, StringComparison.OrdinalIgnoreCase))
        ?? challenge.Phases.FirstOrDefault(phase => phase.Id.ToString(null, null) == text);

    private static async Task<string> PhasesOfAsync(PalioClient client, string challenge, CancellationToken cancellationToken) =>
        string.Join(", ", (await client.ChallengeAsync(challenge, cancellationToken)).Phases.Select(phase => $"{challenge}/{phase.Codename}"));

    private static async Task<FoundPhase> SearchAsync(PalioClient client, string text, CancellationToken cancellationToken)
    {
        var found = new List<FoundPhase>();
        var mine = await client.ParticipatingAsync(page: 1, cancellationToken);
        foreach (var summary in mine.Items)
        {
            var challenge = await client.ChallengeAsync(summary.Slug, cancellationToken);
            if (Match(challenge, text) is { } phase)
            {
                found.Add(new FoundPhase(challenge, phase));
            }
        }

        return found switch
        {
            [var one] => one,
            [] when mine.Items.FirstOrDefault(one => one.Slug == text) is { } challenge => throw CliException.Usage($"'{text}' is a challenge; which of its phases?",
                $"take one of: {await PhasesOfAsync(client, challenge.Slug, cancellationToken)}"),
            [] => throw CliException.NotFound($"None of the challenges you take part in has a phase '{text}'.", "write CHALLENGE/PHASE; see: palio challenges"),
            _ => throw CliException.Usage($"More than one of the challenges you take part in has a phase '{text}'.",
                $"write one of: {string.Join(", ", found.Select(one => $"{one.Challenge.Summary.Slug}/{one.Phase.Codename}"))}"),
        };
    }
}
