using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Palio.Server.Data;
using Palio.Server.EvalAi.Challenges;
using Palio.Server.EvalAi.Teams;
using Palio.Server.EvalAi.Wire;
using Palio.Server.Errors;
using Palio.Server.Features.Accounts;
using Palio.Server.Features.Challenges;
using Palio.Server.Hosting;

namespace Palio.Server.EvalAi.Submissions;

/// <summary>A phase's submissions as EvalAI's management page lists them, and as comma-separated values.</summary>
internal static class SubmissionTables
{
    private const int Most = 100_000;

    private static readonly string[] ParticipantColumns =
        ["submission_number", "method_name", "status", "execution_time", "input_file", "stdout_file", "stderr_file", "created_at", "submission_result_file"];

    /// <summary>Hosts see all, in their own shape; a participant sees the team's.</summary>
    public static async Task<IResult> ListAsync(
        int challenge, int phase, HttpRequest request, Lookups lookups, SubmissionShow show, PalioDbContext db, InstanceAddress address, CancellationToken cancellationToken)
    {
        var found = await lookups.PhaseAsync(challenge, phase, cancellationToken);
        if (!found.Access.MayManage)
        {
            return await ReadingSubmissions.OwnAsync(challenge, phase, request, lookups, show, cancellationToken);
        }

        var name = request.Query["participant_team__team_name"].ToString().ToUpperInvariant();
        var all = show.Listed.Where(s => s.PhaseId == phase && (name == "" || s.Participation.Team.NormalizedName.Contains(name))).OrderByDescending(s => s.Id);
        var page = await show.Rows(all).PageAsync(request, address, EvalAiPaging.Usual, cancellationToken);
        var facts = await FactsAsync(page.Results, db, cancellationToken);
        return EvalAiResults.Json(page.Select(row => Managed(row, found, show, facts)));
    }

    public static async Task<IResult> DownloadAsync(
        int challenge, int phase, string type, HttpRequest request, EvalAiBody body, Lookups lookups, SubmissionShow show, PalioDbContext db, CancellationToken cancellationToken)
    {
        var found = await lookups.PhaseAsync(challenge, phase, cancellationToken);
        if (type != "csv")
        {
            return EvalAiResults.Error(StatusCodes.Status400BadRequest, "The file type requested is not valid!");
        }

        var part = found.Access.MayManage ? null : await lookups.ParticipationAsync(found.Access, cancellationToken);
        if (!found.Access.MayManage && part is null)
        {
            return EvalAiResults.Error(StatusCodes.Status400BadRequest, "You are neither host nor participant of the challenge!");
        }

        var columns = Columns(found.Access, request, body);
        var submissions = show.Listed.Where(s => s.PhaseId == phase && (part == null || s.TeamId == part.TeamId)).OrderByDescending(s => s.Id);
        var rows = await show.Rows(submissions).Take(Most).ToListAsync(cancellationToken);
        var facts = await FactsAsync(rows, db, cancellationToken);
        var title = new string([.. found.Access.Challenge.Title.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_')]);
        var lines = rows.Select(row => Managed(row, found, show, facts)).Select(row => columns.Select(row.Cell)).Prepend(columns);
        return CsvTable.File(lines, $"all_submissions_{title}_{challenge}_{found.Phase.Codename}_{phase}.csv");
    }

    private static string[] Columns(AccessedChallenge access, HttpRequest request, EvalAiBody body)
    {
        if (!access.MayManage)
        {
            return ParticipantColumns;
        }

        if (!HttpMethods.IsPost(request.Method))
        {
            return [.. EvalAiManagedSubmission.Columns];
        }

        var asked = body.Root.ValueKind == JsonValueKind.Array ? body.Root.EnumerateArray().Select(column => column.ToString()).ToArray() : [];
        return asked.FirstOrDefault(column => !EvalAiManagedSubmission.Columns.Contains(column)) is { } unknown
            ? throw new PalioException(
                StatusCodes.Status400BadRequest, RefusalCodes.Validation, $"There is no column '{unknown}'. Write some of {string.Join(", ", EvalAiManagedSubmission.Columns)}.", "")
            : asked;
    }

    private static EvalAiManagedSubmission Managed(SubmissionRow row, FoundPhase found, SubmissionShow show, TableFacts facts) => EvalAiManagedSubmission.From(
        row, show.Show(row, ChallengeViews.Declaration(found.Phase.Current)), found.Phase.Name, facts.Teams[row.Submission.TeamId], facts.Users.GetValueOrDefault(row.Submission.SubmittedById) ?? "");

    private static async Task<TableFacts> FactsAsync(IReadOnlyList<SubmissionRow> rows, PalioDbContext db, CancellationToken cancellationToken)
    {
        var (teamIds, userIds) = (rows.Select(row => row.Submission.TeamId).Distinct().ToList(), rows.Select(row => row.Submission.SubmittedById).Distinct().ToList());
        var teams = await db.Teams.AsNoTracking().Where(t => teamIds.Contains(t.Id)).Select(TeamRow.Of).ToListAsync(cancellationToken);
        var users = await db.Users.AsNoTracking().Where(u => userIds.Contains(u.Id)).Select(u => new { u.Id, u.UserName }).ToListAsync(cancellationToken);
        return new TableFacts(teams.ToDictionary(team => team.Id), users.ToDictionary(user => user.Id, user => user.UserName ?? ""));
    }

    private sealed record TableFacts(IReadOnlyDictionary<int, TeamRow> Teams, IReadOnlyDictionary<int, string> Users);
}

/// <summary>EvalAI's submission for hosts: names in place of numbers, and the team's people.</summary>
internal sealed record EvalAiManagedSubmission(
    int Id, string ParticipantTeam, string ChallengePhase, string CreatedBy, string Status, bool IsPublic, bool IsFlagged, int SubmissionNumber, DateTimeOffset SubmittedAt,
    DateTimeOffset? RerunResumedAt, object ExecutionTime, string? InputFile, string? SubmissionInputFile, string? StdoutFile, string? StderrFile, string? EnvironmentLogFile,
    string? SubmissionResultFile, string? SubmissionMetadataFile, IReadOnlyList<string> ParticipantTeamMembersEmailIds, IReadOnlyList<string> ParticipantTeamMembersAffiliations,
    DateTimeOffset CreatedAt, string MethodName, IReadOnlyList<EvalAiTeamMember> ParticipantTeamMembers, IReadOnlyList<EvalAiAnswer> SubmissionMetadata, string MethodDescription,
    string PublicationUrl, string ProjectUrl, bool IsVerifiedByHost)
{
    public static readonly IReadOnlyList<string> Columns =
    [
        "id", "participant_team", "participant_team_members", "participant_team_members_email", "participant_team_members_affiliation", "challenge_phase", "status", "created_by",
        "execution_time", "submission_number", "input_file", "stdout_file", "stderr_file", "environment_log_file", "created_at", "submission_result_file",
        "submission_metadata_file", "method_name", "method_description", "publication_url", "project_url", "submission_meta_attributes",
    ];

    public static EvalAiManagedSubmission From(SubmissionRow row, EvalAiSubmission shown, string phase, TeamRow team, string createdBy) => new(
        shown.Id, shown.ParticipantTeamName, phase, createdBy, shown.Status, shown.IsPublic, shown.IsFlagged, row.Submission.Number, shown.SubmittedAt, shown.RerunResumedAt,
        shown.ExecutionTime, shown.InputFile, shown.SubmissionInputFile, shown.StdoutFile, shown.StderrFile, shown.Link(SubmissionFile.EnvironmentLog), shown.SubmissionResultFile, null,
        [.. team.Members.Select(member => member.Email)], [.. team.Members.Select(member => PersonalProfile.Of(member.Profile).Affiliation)], shown.SubmittedAt, shown.MethodName,
        [.. team.Members.Select(member => new EvalAiTeamMember(member.UserName, member.Email))], shown.SubmissionMetadata, shown.MethodDescription, shown.PublicationUrl,
        shown.ProjectUrl, shown.IsVerifiedByHost);

    /// <summary>A column's text.</summary>
    public string Cell(string column) => column switch
    {
        "id" => Id.ToString(CultureInfo.InvariantCulture),
        "participant_team" => ParticipantTeam,
        "participant_team_members" => string.Join(",", ParticipantTeamMembers.Select(member => member.Username)),
        "participant_team_members_email" => string.Join(",", ParticipantTeamMembersEmailIds),
        "participant_team_members_affiliation" => string.Join(",", ParticipantTeamMembersAffiliations),
        "challenge_phase" => ChallengePhase,
        "status" => Status,
        "created_by" => CreatedBy,
        "execution_time" => Convert.ToString(ExecutionTime, CultureInfo.InvariantCulture) ?? "",
        "submission_number" => SubmissionNumber.ToString(CultureInfo.InvariantCulture),
        "input_file" => InputFile ?? "",
        "stdout_file" => StdoutFile ?? "",
        "stderr_file" => StderrFile ?? "",
        "environment_log_file" => EnvironmentLogFile ?? "",
        "created_at" => EvalAiJson.Time(CreatedAt),
        "submission_result_file" => SubmissionResultFile ?? "",
        "submission_metadata_file" => SubmissionMetadataFile ?? "",
        "method_name" => MethodName,
        "method_description" => MethodDescription,
        "publication_url" => PublicationUrl,
        "project_url" => ProjectUrl,
        _ => JsonSerializer.Serialize(SubmissionMetadata, EvalAiJson.Options),
    };
}

/// <summary>One of a team's people.</summary>
internal sealed record EvalAiTeamMember(string Username, string Email);
