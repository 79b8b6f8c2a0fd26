using Palio.Challenges.Bundles;
using Palio.Challenges.Limits;
using Palio.Registry;
using Palio.Server.Errors;
using Palio.Server.Features.Challenges;

namespace Palio.Server.Features.Submissions;

/// <summary>A refusal's code and status at the API's door.</summary>
internal static class SubmissionRefusals
{
    public static PalioException Of(Refusal refusal)
    {
        var (status, code) = refusal.Reason switch
        {
            RefusalReason.Paused => (409, RefusalCodes.PhasePaused),
            RefusalReason.EmailNotAllowed or RefusalReason.EmailBanned or RefusalReason.EmailDomainNotAllowed => (403, RefusalCodes.EmailNotAllowed),
            RefusalReason.NotInTeam => (409, RefusalCodes.NotParticipating),
            RefusalReason.TeamNotApproved => (409, RefusalCodes.NotApproved),
            RefusalReason.TotalLimit => (429, RefusalCodes.QuotaTotal),
            RefusalReason.MonthLimit => (429, RefusalCodes.QuotaMonth),
            RefusalReason.DayLimit => (429, RefusalCodes.QuotaDay),
            RefusalReason.ConcurrentLimit => (429, RefusalCodes.QuotaConcurrent),
            _ => (409, RefusalCodes.PhaseClosed),
        };
        return new PalioException(status, code, refusal.Message, refusal.Remedy) { RetryAt = refusal.RetryAt };
    }

    public static PalioException Disqualified() => PalioException.Conflict(
        RefusalCodes.NotApproved, "Your team was disqualified by the host.", "Ask the host; nothing was counted.");

    /// <summary>An image where files are taken, or the other way round.</summary>
    public static PalioException OfInput(PhaseDeclaration phase) => phase.TakesFiles
        ? PalioException.Conflict(RefusalCodes.WrongInput, $"Phase '{phase.Codename}' takes files, not images.", "Send a file: palio submit --file FILE --phase CHALLENGE/PHASE")
        : PalioException.Conflict(RefusalCodes.WrongInput, $"Phase '{phase.Codename}' takes images, not files.", "Push an image: palio push IMAGE:TAG --phase CHALLENGE/PHASE");

    /// <summary>Why an image cannot be judged; null when it can.</summary>
    public static PalioException? OfImage(ImageInspection inspection, string repository, string digest, long limit) => inspection switch
    {
        ImageInspection.Missing => Image(RefusalCodes.ImageMissing, $"There is no image {digest} in {repository}.", "Push it first: 'palio push IMAGE:TAG' pushes and submits in one go."),
        ImageInspection.OtherPlatform other => Image(
            RefusalCodes.ImageArchitecture, $"The image is for {string.Join(", ", other.Available)}, not for {EnvironmentImages.Platform}.",
            $"Build it with: docker build --platform {EnvironmentImages.Platform}"),
        ImageInspection.Unusable unusable => Image(RefusalCodes.ImageMissing, "This is no image that can be run.", unusable.Reason),
        ImageInspection.Found { Image: var image } when image.SizeBytes > limit => Image(
            RefusalCodes.ImageTooLarge, $"The image has {image.SizeBytes} bytes, compressed; this challenge takes at most {limit}.",
            "Leave out caches and build tools: a multi-stage Dockerfile helps."),
        ImageInspection.Found { Image: { Entrypoint.Count: 0, Command.Count: 0 } } => Image(
            RefusalCodes.ImageEntrypoint, "The image has neither ENTRYPOINT nor CMD: there is nothing to start.", "Add ENTRYPOINT [\"program\", \"argument\"] to the Dockerfile."),
        _ => null,
    };

    private static PalioException Image(string code, string message, string remedy) =>
        new(StatusCodes.Status422UnprocessableEntity, code, message, remedy);

    /// <summary>EvalAI's leaderboard_public: without it, the phase decides what is public, not the team.</summary>
    public static bool MayShow(PhaseDeclaration phase, bool shown) => phase.LeaderboardPublic || shown == phase.IsSubmissionPublic;

    public static PalioException VisibilityOfPhase(PhaseDeclaration phase) => PalioException.Conflict(
        RefusalCodes.State, $"In this phase all submissions are {(phase.IsSubmissionPublic ? "public" : "private")}; teams do not choose.",
        "Leave the choice out, or ask the host.");
}
