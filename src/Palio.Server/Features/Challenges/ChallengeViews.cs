using System.Globalization;
using Palio.Challenges.Bundles;
using Palio.Challenges.Seeds;
using Palio.Challenges.Windows;
using Palio.Protocol.Api;
using ChallengeState = Palio.Protocol.Api.ChallengeState;

namespace Palio.Server.Features.Challenges;

/// <summary>What people see of challenges and phases.</summary>
internal static class ChallengeViews
{
    public static ChallengeSummary Summary(Challenge challenge, string host, bool hasLogo, int participants, DateTimeOffset now) => new(
        challenge.Id, challenge.Slug, challenge.Title, challenge.ShortDescription, StateOf(challenge, now), challenge.Starts, challenge.Ends, host,
        hasLogo ? $"/api/v1/challenges/{challenge.Slug}/logo?v={challenge.Revision}" : null,
        challenge.Tags.Split('\n', StringSplitOptions.RemoveEmptyEntries), participants);

    public static ChallengeState StateOf(Challenge challenge, DateTimeOffset now) => challenge.Standing().At(now) switch
    {
        Palio.Challenges.Windows.ChallengeState.Disabled => ChallengeState.Refused,
        Palio.Challenges.Windows.ChallengeState.AwaitingApproval or Palio.Challenges.Windows.ChallengeState.Unpublished => ChallengeState.Waiting,
        Palio.Challenges.Windows.ChallengeState.Upcoming => ChallengeState.Upcoming,
        Palio.Challenges.Windows.ChallengeState.Open => ChallengeState.Ongoing,
        _ => ChallengeState.Past,
    };

    public static PhaseDetail Detail(Phase phase, Challenge challenge, RemainingSubmissions? remaining, bool forHost, DateTimeOffset now)
    {
        var declaration = Declaration(phase.Current);
        var standing = phase.Standing(challenge);
        return new PhaseDetail
        {
            Id = phase.Id,
            Codename = phase.Codename,
            Name = phase.Name,
            DescriptionHtml = phase.Current?.DescriptionHtml ?? "",
            Starts = phase.Starts,
            Ends = phase.Ends,
            State = standing.At(now) switch
            {
                PhaseState.Upcoming => "upcoming",
                PhaseState.Open => "open",
                PhaseState.Closed => "closed",
                _ => "paused",
            },
            MaxSubmissions = declaration.MaxSubmissions,
            MaxPerDay = declaration.MaxSubmissionsPerDay,
            MaxPerMonth = declaration.MaxSubmissionsPerMonth,
            MaxConcurrent = declaration.MaxConcurrentSubmissionsAllowed,
            Remaining = remaining,
            Splits = [.. phase.Splits.Where(split => split.IsDeclared && (forHost || split.Visibility != "host")).OrderBy(split => split.Position)
                .Select(Summary)],
            Limits = declaration.Judging is Judging.Play or Judging.Environment ? Limits(declaration.Evaluation, declaration.Judging is Judging.Play) : ScriptLimits(declaration),
            ScoredBy = ScoredBy(declaration.Judging),
            SeedCommitment = declaration is { Judging: Judging.Play, Evaluation.Seeds: SeedVisibility.Hidden } ? PhaseSecret.From(phase.Secret).Commitment() : null,
            EnvironmentDigest = phase.Current?.EnvironmentDigest,
            TakesFiles = declaration.TakesFiles,
            FileTypes = declaration.TakesFiles ? FileTypes.Parse(declaration.AllowedSubmissionFileTypes) : [],
            MaxFileBytes = declaration.TakesFiles ? declaration.Evaluation?.MaxFileBytes : null,
            PublicByDefault = declaration.IsSubmissionPublic,
            OpenLogs = !declaration.DisableLogs,
            HiddenFields = [.. declaration.DefaultSubmissionMetaAttributes.Where(attribute => !attribute.Value).Select(attribute => attribute.Key)],
        };
    }

    public static PhaseSplitSummary Summary(PhaseSplit split) =>
        new(split.Id, split.Name, split.Visibility) { ByLatest = split.ByLatest, ShowsScores = split.ShowScores };

    public static PhaseDeclaration Declaration(PhaseRevision? revision) =>
        (revision ?? throw new InvalidOperationException("A phase has no revision.")).Declared();

    public static ChallengeDeclaration Declaration(ChallengeRevision revision) => revision.Declared();

    /// <summary>The word of the API, and of the boards.</summary>
    public static string ScoredBy(Judging judging) => judging switch
    {
        Judging.Play => "referee",
        Judging.Environment => "environment",
        Judging.Remote => "host",
        _ => "script",
    };

    private static Dictionary<string, string> Limits(EvaluationDeclaration? evaluation, bool isPlayed)
    {
        if (evaluation is null)
        {
            return [];
        }

        var limits = isPlayed ? LimitsOfPlay(evaluation) : [];
        limits["Time in all"] = Time(evaluation.TimeLimits.Total);
        limits["CPUs of the agent"] = evaluation.AgentResources.Cpus.ToString(CultureInfo.InvariantCulture);
        limits["Memory of the agent"] = Size(evaluation.AgentResources.MemoryBytes);
        limits["/tmp of the agent"] = Size(evaluation.AgentResources.TmpBytes);
        limits["Processes of the agent"] = Number(evaluation.AgentResources.Pids);
        if (evaluation.AgentResources.Gpus > 0)
        {
            limits["GPUs of the agent"] = Number(evaluation.AgentResources.Gpus);
        }

        return limits;
    }

    private static Dictionary<string, string> LimitsOfPlay(EvaluationDeclaration evaluation) => new()
    {
        ["Episodes"] = Number(evaluation.EpisodeCount),
        ["Seeds"] = evaluation.Seeds == SeedVisibility.Public ? "public" : "hidden",
        ["Steps of an episode"] = evaluation.MaxSteps > 0 ? Number(evaluation.MaxSteps) : "as the environment decides",
        ["Time for an action"] = Time(evaluation.StepTimeLimit),
        ["Time bank"] = Time(evaluation.TimeBank),
        ["Time to load"] = Time(evaluation.TimeLimits.Ready),
        ["Time for the first action"] = Time(evaluation.TimeLimits.FirstAction),
    };

    private static Dictionary<string, string> ScriptLimits(PhaseDeclaration phase)
    {
        if (phase.Judging is Judging.Remote || phase.Evaluation is not { } evaluation)
        {
            return [];
        }

        var limits = new Dictionary<string, string> { ["Size of the file"] = Web.Words.Bytes(evaluation.MaxFileBytes) };
        if (phase.Judging is Judging.StaticCode)
        {
            limits["Time of the image"] = Time(evaluation.TimeLimits.Total);
            limits["CPUs of the image"] = evaluation.AgentResources.Cpus.ToString(CultureInfo.InvariantCulture);
            limits["Memory of the image"] = Size(evaluation.AgentResources.MemoryBytes);
        }

        return limits;
    }

    private static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Time(TimeSpan time) =>
        time < TimeSpan.FromSeconds(1) ? $"{time.TotalMilliseconds.ToString("0.###", CultureInfo.InvariantCulture)} ms"
        : time < TimeSpan.FromMinutes(2) ? $"{time.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture)} s"
        : time < TimeSpan.FromHours(2) ? $"{time.TotalMinutes.ToString("0.##", CultureInfo.InvariantCulture)} min"
        : $"{time.TotalHours.ToString("0.##", CultureInfo.InvariantCulture)} h";

    private static string Size(long bytes) => bytes >= 1L << 30
        ? $"{(bytes / (double)(1L << 30)).ToString("0.##", CultureInfo.InvariantCulture)} GiB"
        : $"{(bytes / (double)(1L << 20)).ToString("0.##", CultureInfo.InvariantCulture)} MiB";
}
