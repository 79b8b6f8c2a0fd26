using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Palio.Challenges.Bundles;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.EvalAi.Teams;
using Palio.Server.Features.Challenges;

namespace Palio.Server.EvalAi.Challenges;

/// <summary>A challenge as it is read for EvalAI's shape.</summary>
/// <param name="Challenge">The challenge.</param>
/// <param name="Revision">Its newest revision.</param>
/// <param name="Creator">Its host team.</param>
/// <param name="IsHost">The caller is one of its hosts.</param>
internal sealed record ChallengeRow(Challenge Challenge, ChallengeRevision Revision, EvalAiTeam Creator, bool IsHost)
{
    public static IQueryable<ChallengeRow> Read(IQueryable<Challenge> challenges, CurrentUser caller)
    {
        var userId = caller.IdOrZero;
        return challenges.AsNoTracking().Select(challenge => new ChallengeRow(
            challenge, challenge.Revisions.First(revision => revision.Number == challenge.Revision),
            new EvalAiTeam(
                challenge.HostTeamId, challenge.HostTeam.Name,
                challenge.HostTeam.Members.OrderBy(m => m.Joined).Select(m => m.User.UserName).FirstOrDefault() ?? "", challenge.HostTeam.Url ?? ""),
            challenge.HostTeam.Members.Any(member => member.UserId == userId)));
    }

    public static Task<ChallengeRow> ReadAsync(int id, CurrentUser caller, PalioDbContext db, CancellationToken cancellationToken) =>
        Read(db.Challenges.Where(challenge => challenge.Id == id), caller).SingleAsync(cancellationToken);

    /// <summary>Not taken down: those stand in no list.</summary>
    public static Expression<Func<Challenge, bool>> IsListed => challenge => challenge.Review != ReviewState.Refused;

    /// <summary>Seen by everybody.</summary>
    public static Expression<Func<Challenge, bool>> IsOpenToAll => challenge => challenge.Review == ReviewState.Approved && challenge.IsPublished;
}

/// <summary>
/// EvalAI's challenge, key for key. What Palio has no use for, workers and clusters of its own, says what EvalAI says of a challenge that
/// never asked for them. Lists of addresses are the hosts' alone.
/// </summary>
internal sealed record EvalAiChallenge
{
    public required int Id { get; init; }

    public required string Title { get; init; }

    public required string ShortDescription { get; init; }

    public required string Description { get; init; }

    public required string TermsAndConditions { get; init; }

    public required string SubmissionGuidelines { get; init; }

    public required string EvaluationDetails { get; init; }

    public string? Image { get; init; }

    public required DateTimeOffset StartDate { get; init; }

    public required DateTimeOffset EndDate { get; init; }

    public required EvalAiTeam Creator { get; init; }

    public string? Domain { get; init; }

    public string? DomainName { get; init; }

    public required string ChallengeUsageType { get; init; }

    public required IReadOnlyList<string> ListTags { get; init; }

    public bool HasPrize { get; init; }

    public bool HasSponsors { get; init; }

    public bool Published { get; init; }

    public required long SubmissionTimeLimit { get; init; }

    public bool IsRegistrationOpen { get; init; }

    public bool EnableForum { get; init; }

    public bool AnonymousLeaderboard { get; init; }

    public bool ManualParticipantApproval { get; init; }

    public bool IsActive { get; init; }

    public string? LeaderboardDescription { get; init; }

    public required IReadOnlyList<string> AllowedEmailDomains { get; init; }

    public required IReadOnlyList<string> BlockedEmailDomains { get; init; }

    public required IReadOnlyList<string> BannedEmailIds { get; init; }

    public bool RequireCompleteProfile { get; init; }

    public int? MaxTeamMembers { get; init; }

    public bool ApprovedByAdmin { get; init; }

    public bool IsApprovalRequested { get; init; }

    public string? ForumUrl { get; init; }

    public bool IsDockerBased { get; init; }

    public bool IsStaticDatasetCodeUpload { get; init; }

    public required string Slug { get; init; }

    public required long MaxDockerImageSize { get; init; }

    public string? CliVersion { get; init; }

    public bool RemoteEvaluation { get; init; }

    public bool AllowResumingSubmissions { get; init; }

    public bool AllowHostCancelSubmissions { get; init; }

    public bool AllowCancelRunningSubmissions { get; init; }

    public bool AllowParticipantsResubmissions { get; init; }

    public int? Workers { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public string? Queue { get; init; }

    public int WorkerCpuCores { get; init; } = 512;

    public int WorkerMemory { get; init; } = 1024;

    public bool CpuOnlyJobs { get; init; }

    public string JobCpuCores { get; init; } = "2000m";

    public string JobMemory { get; init; } = "8Gi";

    public bool UsesEc2Worker { get; init; }

    public int Ec2Storage { get; init; } = 8;

    public int EphemeralStorage { get; init; } = 21;

    public string? EvaluationModuleError { get; init; }

    public string WorkerImageUrl { get; init; } = "";

    public string WorkerPythonVersion { get; init; } = "3.9";

    public string WorkerInstanceType { get; init; } = "g4dn.xlarge";

    public int SqsRetentionPeriod { get; init; } = 345_600;

    public bool UseFifoSqs { get; init; }

    public string? GithubRepository { get; init; }

    public string GithubBranch { get; init; } = "";

    public bool IsFrozen { get; init; }

    public bool IsSubmissionPaused { get; init; }

    public static EvalAiChallenge From(ChallengeRow row, bool isHost, string publicUrl, DateTimeOffset now)
    {
        var (challenge, declaration) = (row.Challenge, ChallengeViews.Declaration(row.Revision));
        var source = challenge.Source?.Split('@', 2);
        return Behaviour(declaration, isHost, new EvalAiChallenge
        {
            Id = challenge.Id,
            Title = challenge.Title,
            ShortDescription = challenge.ShortDescription,
            Description = row.Revision.DescriptionHtml,
            TermsAndConditions = row.Revision.TermsHtml,
            SubmissionGuidelines = row.Revision.GuidelinesHtml,
            EvaluationDetails = row.Revision.EvaluationHtml,
            Image = row.Revision.LogoType is null ? null : $"{publicUrl}/api/v1/challenges/{challenge.Slug}/logo?v={challenge.Revision}",
            StartDate = challenge.Starts,
            EndDate = challenge.Ends,
            Creator = row.Creator,
            Domain = declaration.Domain,
            DomainName = Domains.NameOf(declaration.Domain),
            ChallengeUsageType = declaration.ChallengeUsageType,
            ListTags = challenge.Tags.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            HasPrize = declaration.Prizes.Count > 0,
            HasSponsors = declaration.Sponsors.Count > 0,
            Published = challenge.IsPublished,
            SubmissionTimeLimit = (long)(declaration.SubmissionTimeLimit ?? TimeSpan.FromDays(1)).TotalSeconds,
            IsRegistrationOpen = challenge.IsRegistrationOpen,
            ManualParticipantApproval = challenge.RequiresApproval,
            IsActive = challenge.Starts < now && now < challenge.Ends,
            AllowedEmailDomains = [],
            BlockedEmailDomains = [],
            BannedEmailIds = [],
            ApprovedByAdmin = challenge.Review == ReviewState.Approved,
            IsApprovalRequested = true, // publishing asks for it
            Slug = challenge.Slug,
            MaxDockerImageSize = declaration.MaxDockerImageSize,
            CreatedAt = challenge.Created,
            GithubRepository = source?[0] ?? declaration.GitHubRepository,
            GithubBranch = source is [_, var branch] ? branch : declaration.GitHubBranch ?? "",
            Queue = isHost ? challenge.Queue : null,
            IsSubmissionPaused = challenge.IsSubmissionPaused,
        });
    }

    private static EvalAiChallenge Behaviour(ChallengeDeclaration declaration, bool isHost, EvalAiChallenge challenge) => challenge with
    {
        EnableForum = declaration.EnableForum,
        ForumUrl = declaration.ForumUrl,
        AnonymousLeaderboard = declaration.AnonymousLeaderboard,
        LeaderboardDescription = declaration.LeaderboardDescription,
        RequireCompleteProfile = declaration.RequireCompleteProfile,
        MaxTeamMembers = declaration.MaxTeamMembers,
        IsDockerBased = declaration.IsDockerBased,
        IsStaticDatasetCodeUpload = declaration.IsStaticDatasetCodeUpload,
        CliVersion = declaration.CliVersion,
        RemoteEvaluation = declaration.RemoteEvaluation,
        AllowResumingSubmissions = declaration.AllowResumingSubmissions,
        AllowHostCancelSubmissions = declaration.AllowHostCancelSubmissions,
        AllowCancelRunningSubmissions = declaration.AllowCancelRunningSubmissions,
        AllowParticipantsResubmissions = declaration.AllowParticipantsResubmissions,
        CpuOnlyJobs = declaration.CpuOnlyJobs,
        AllowedEmailDomains = isHost ? declaration.AllowedEmailDomains : [],
        BlockedEmailDomains = isHost ? declaration.BlockedEmailDomains : [],
        BannedEmailIds = isHost ? declaration.BannedEmailIds : [],
    };
}

/// <summary>EvalAI's domains of challenges.</summary>
internal static class Domains
{
    public static readonly string[][] All =
    [
        ["CV", "Computer Vision"], ["NLP", "Natural Language Processing"], ["RL", "Reinforcement Learning"], ["MM", "Multimodal"], ["AUD", "Audio"], ["TAB", "Tabular"],
    ];

    public static string? NameOf(string? code) => All.FirstOrDefault(domain => domain[0] == code)?[1];
}
