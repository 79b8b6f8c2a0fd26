using System.Text.Json;
using Palio.Challenges.Bundles;
using Palio.Protocol.Api;
using Palio.Server.Features.Challenges;
using Palio.Server.Features.Teams;

namespace Palio.Server.EvalAi.Challenges;

/// <summary>EvalAI's phase.</summary>
internal record EvalAiPhase
{
    public required int Id { get; init; }

    public required string Name { get; init; }

    public required string Description { get; init; }

    public bool LeaderboardPublic { get; init; }

    public required DateTimeOffset StartDate { get; init; }

    public required DateTimeOffset EndDate { get; init; }

    public required int Challenge { get; init; }

    public int MaxSubmissionsPerDay { get; init; }

    public int MaxSubmissionsPerMonth { get; init; }

    public int MaxSubmissions { get; init; }

    public required string SubmissionArtifactRetentionPolicy { get; init; }

    public bool IsPublic { get; init; }

    public bool IsActive { get; init; }

    public required string Codename { get; init; }

    public required string Slug { get; init; }

    public int MaxConcurrentSubmissionsAllowed { get; init; }

    public bool IsRestrictedToSelectOneSubmission { get; init; }

    public IReadOnlyList<EvalAiAttribute>? SubmissionMetaAttributes { get; init; }

    public bool IsPartialSubmissionEvaluationEnabled { get; init; }

    public required string AllowedSubmissionFileTypes { get; init; }

    public IReadOnlyList<EvalAiDefaultAttribute>? DefaultSubmissionMetaAttributes { get; init; }

    public required IReadOnlyList<string> AllowedEmailIds { get; init; }

    public bool IsSubmissionPublic { get; init; }

    public bool DisableLogs { get; init; }

    public bool IsSubmissionPaused { get; init; }

    /// <summary>The phase as the caller may see it: hosts see who may submit, and the environment.</summary>
    public static EvalAiPhase From(Phase phase, AccessedChallenge access, string registryHost, DateTimeOffset now)
    {
        var declaration = ChallengeViews.Declaration(phase.Current);
        var shown = From(phase, access, declaration, now);
        return access.MayManage
            ? new EvalAiHostPhase(shown)
            {
                AllowedEmailIds = declaration.AllowedEmailIds,
                EnvironmentImage = Image(phase.Current, registryHost) ?? declaration.EnvironmentImage,
                ConfigId = phase.BundleId,
                AnnotationsUploadedUsingCli = phase.AnnotationDigest is not null,
            }
            : shown;
    }

    /// <summary>EvalAI's name of a phase that no other challenge's has: what <c>evalai push --phase</c> takes.</summary>
    public static string SlugOf(Challenge challenge, Phase phase)
    {
        var slug = $"{CreateTeam.SlugOf(challenge.Title.Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() ?? "")}-{CreateTeam.SlugOf(phase.Codename)}-{challenge.Id}";
        return slug.Length > 198 ? slug[..198] : slug;
    }

    private static EvalAiPhase From(Phase phase, AccessedChallenge access, PhaseDeclaration declaration, DateTimeOffset now) => new()
    {
        Id = phase.Id,
        Name = phase.Name,
        Description = phase.Current?.DescriptionHtml ?? "",
        LeaderboardPublic = declaration.LeaderboardPublic,
        StartDate = phase.Starts,
        EndDate = phase.Ends,
        Challenge = phase.ChallengeId,
        MaxSubmissionsPerDay = declaration.MaxSubmissionsPerDay,
        MaxSubmissionsPerMonth = declaration.MaxSubmissionsPerMonth,
        MaxSubmissions = declaration.MaxSubmissions,
        SubmissionArtifactRetentionPolicy = declaration.SubmissionArtifactRetentionPolicy,
        IsPublic = phase.IsPublic,
        IsActive = phase.Starts < now && now < phase.Ends,
        Codename = phase.Codename,
        Slug = SlugOf(access.Challenge, phase),
        MaxConcurrentSubmissionsAllowed = declaration.MaxConcurrentSubmissionsAllowed,
        IsRestrictedToSelectOneSubmission = declaration.IsRestrictedToSelectOneSubmission,
        SubmissionMetaAttributes = declaration.SubmissionMetaAttributes.Count == 0 ? null : [.. declaration.SubmissionMetaAttributes.Select(EvalAiAttribute.From)],
        IsPartialSubmissionEvaluationEnabled = declaration.IsPartialSubmissionEvaluationEnabled,
        AllowedSubmissionFileTypes = declaration.AllowedSubmissionFileTypes,
        DefaultSubmissionMetaAttributes = declaration.DefaultSubmissionMetaAttributes.Count == 0
            ? null
            : [.. declaration.DefaultSubmissionMetaAttributes.Select(attribute => new EvalAiDefaultAttribute(attribute.Key, attribute.Value))],
        AllowedEmailIds = [],
        IsSubmissionPublic = declaration.IsSubmissionPublic,
        DisableLogs = declaration.DisableLogs,
        IsSubmissionPaused = phase.IsSubmissionPaused || access.Challenge.IsSubmissionPaused,
    };

    private static string? Image(PhaseRevision? revision, string registryHost) => revision is not { EnvironmentRepository: { } repository, EnvironmentDigest: { } digest } ? null
        : revision.EnvironmentIsEmbedded ? $"{registryHost}/{repository}@{digest}"
        : $"{repository}@{digest}";
}

/// <summary>A phase as its hosts and their workers see it.</summary>
internal sealed record EvalAiHostPhase : EvalAiPhase
{
    [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
    public EvalAiHostPhase(EvalAiPhase shown)
        : base(shown)
    {
    }

    public bool AnnotationsUploadedUsingCli { get; init; }

    public string? TestAnnotation { get; init; }

    public string? EnvironmentImage { get; init; }

    public int ConfigId { get; init; }
}

/// <summary>A question asked with a submission.</summary>
internal sealed record EvalAiAttribute(string Name, string Type, string Description, bool Required, IReadOnlyList<string>? Options)
{
    public static EvalAiAttribute From(SubmissionAttribute attribute) => new(
        attribute.Name, attribute.Type.ToString().ToLowerInvariant(), attribute.Description, attribute.IsRequired, attribute.Options.Count == 0 ? null : attribute.Options);
}

/// <summary>Whether one of the four usual questions is asked.</summary>
internal sealed record EvalAiDefaultAttribute(string Name, bool IsVisible);

/// <summary>EvalAI's phase split, as lists show it.</summary>
internal sealed record EvalAiPhaseSplit(
    int Id, int DatasetSplit, int ChallengePhase, string ChallengePhaseName, string DatasetSplitName, int Visibility, bool ShowLeaderboardByLatestSubmission,
    bool ShowExecutionTime, bool ShowScoresOnLeaderboard, EvalAiSchema LeaderboardSchema, bool IsMultiMetricLeaderboard)
{
    public const int Public = 3;

    public static EvalAiPhaseSplit From(PhaseSplit split, Phase phase) => new(
        split.Id, split.DatasetBundleId, phase.Id, phase.Name, split.Name, VisibilityOf(split), split.ByLatest, split.ShowExecutionTime, split.ShowScores, EvalAiSchema.From(split), true);

    /// <summary>1 the host, 2 each team its own and the host, 3 everybody.</summary>
    public static int VisibilityOf(PhaseSplit split) => split.Visibility switch
    {
        "public" => Public,
        "owner_and_host" => 2,
        _ => 1,
    };
}

/// <summary>EvalAI's schema of a board.</summary>
internal sealed record EvalAiSchema(IReadOnlyList<string> Labels, string DefaultOrderBy, IReadOnlyDictionary<string, EvalAiLabel> Metadata)
{
    public static EvalAiSchema From(PhaseSplit split)
    {
        var columns = JsonSerializer.Deserialize<List<LeaderboardColumn>>(split.Columns) ?? [];
        return new EvalAiSchema(
            [.. columns.Select(column => column.Name)], split.OrderBy,
            columns.ToDictionary(column => column.Name, column => new EvalAiLabel(!column.HigherIsBetter, column.Description ?? "")));
    }
}

/// <summary>About one label.</summary>
internal sealed record EvalAiLabel(bool SortAscending, string Description);
