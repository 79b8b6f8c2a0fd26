using Palio.Cli.Api;
using Palio.Cli.Session;
using Palio.Protocol.Api;

namespace Palio.Cli.Submitting;

/// <summary>Sends a submission; an answer that got lost on the way is asked for again, under the same key.</summary>
internal static class SubmissionSending
{
    private const int Attempts = 4;

    public static Task<SubmissionSummary> SendAsync(CliSession session, PalioClient client, SubmitRequest request, bool again, CancellationToken cancellationToken) =>
        RepeatAsync(session, key => client.SubmitAsync(request, key, again, cancellationToken), cancellationToken);

    /// <summary>Sends a file.</summary>
    public static Task<SubmissionSummary> SendAsync(
        CliSession session, PalioClient client, SubmitFileRequest request, string path, bool again, CancellationToken cancellationToken) =>
        RepeatAsync(session, key => client.SubmitFileAsync(request, path, key, again, cancellationToken), cancellationToken);

    private static async Task<SubmissionSummary> RepeatAsync(CliSession session, Func<string, Task<SubmissionSummary>> send, CancellationToken cancellationToken)
    {
        var key = Guid.NewGuid().ToString("n");
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await send(key);
            }
            catch (CliException e) when (e.Code == "unreachable" && attempt < Attempts)
            {
                await Task.Delay(TimeSpan.FromSeconds(attempt), session.Time, cancellationToken);
            }
        }
    }

    /// <summary>Refuses early, before a long push, what the server would refuse after it.</summary>
    public static void CheckMayPush(FoundPhase found)
    {
        var slug = found.Challenge.Summary.Slug;
        if (found.Challenge.Participation is not { } part)
        {
            throw new CliException(ExitCode.InvalidInput, $"You do not take part in {slug}.", $"run: palio participate {slug} --accept-terms", "not_participating");
        }

        if (!part.Approved)
        {
            throw new CliException(ExitCode.InvalidInput, $"The hosts of {slug} have not approved your team {part.Team.Name} yet.", "wait, or write to the hosts", "not_approved");
        }

        if (found.Phase.State != "open")
        {
            throw new CliException(ExitCode.InvalidInput, $"Phase {slug}/{found.Phase.Codename} is {found.Phase.State}.",
                $"see when it is open: palio phases {slug}", found.Phase.State == "paused" ? "phase_paused" : "phase_closed");
        }
    }

    /// <summary>Refuses early what the quota would refuse; not for an image that was pushed before, which may be submitted already.</summary>
    public static void CheckQuota(FoundPhase found)
    {
        if (found.Phase.Remaining is { Refusal: { Length: > 0 } refusal })
        {
            throw new CliException(ExitCode.Quota, refusal, $"see what is left: palio phases {found.Challenge.Summary.Slug}", "quota");
        }
    }
}
