using Microsoft.EntityFrameworkCore;
using Palio.Server.Data;
using Palio.Server.EvalAi.Wire;
using Palio.Server.Features.Submissions;

namespace Palio.Server.EvalAi.Challenges;

/// <summary>EvalAI's numbers about a challenge, for its hosts.</summary>
internal static class Counts
{
    public static async Task<IResult> TeamsAsync(int challenge, Lookups lookups, PalioDbContext db, CancellationToken cancellationToken)
    {
        await lookups.HostedAsync(challenge, StatusCodes.Status403Forbidden, cancellationToken);
        return EvalAiResults.Json(new { ParticipantTeamCount = await db.Participations.CountAsync(p => p.ChallengeId == challenge, cancellationToken) });
    }

    public static async Task<IResult> ParticipantsAsync(int challenge, Lookups lookups, PalioDbContext db, CancellationToken cancellationToken)
    {
        await lookups.HostedAsync(challenge, StatusCodes.Status403Forbidden, cancellationToken);
        var people = db.Participations.Where(p => p.ChallengeId == challenge).SelectMany(p => p.Team.Members).Select(m => m.UserId).Distinct();
        return EvalAiResults.Json(new { ParticipantCount = await people.CountAsync(cancellationToken) });
    }

    public static async Task<IResult> SubmissionsAsync(int challenge, string duration, Lookups lookups, PalioDbContext db, TimeProvider time, CancellationToken cancellationToken)
    {
        await lookups.HostedAsync(challenge, StatusCodes.Status403Forbidden, cancellationToken);
        var now = time.GetUtcNow();
        DateTimeOffset? since = duration.ToLowerInvariant() switch
        {
            "all" => DateTimeOffset.MinValue,
            "daily" => now.AddDays(-1),
            "weekly" => now.AddDays(-7),
            "monthly" => now.AddDays(-30),
            _ => null,
        };
        return since is { } from
            ? EvalAiResults.Json(new { SubmissionCount = await CountAsync(challenge, from, db, cancellationToken) })
            : EvalAiResults.Error(StatusCodes.Status406NotAcceptable, "Wrong URL pattern!");
    }

    public static async Task<IResult> PhaseAsync(int challenge, int phase, Lookups lookups, PalioDbContext db, CancellationToken cancellationToken)
    {
        await lookups.HostedAsync(challenge, StatusCodes.Status403Forbidden, cancellationToken);
        await lookups.PhaseAsync(challenge, phase, cancellationToken);
        IQueryable<Submission> all = db.Submissions.Where(s => s.PhaseId == phase);
        return EvalAiResults.Json(new
        {
            TotalSubmissions = await all.CountAsync(cancellationToken),
            ParticipantTeamCount = await all.Select(s => s.TeamId).Distinct().CountAsync(cancellationToken),
            FlaggedSubmissionsCount = await all.CountAsync(s => s.IsFlagged, cancellationToken),
            PublicSubmissionsCount = await all.CountAsync(s => s.IsPublic, cancellationToken),
            ChallengePhase = phase,
        });
    }

    // By phase and time, which an index holds.
    private static async Task<int> CountAsync(int challenge, DateTimeOffset from, PalioDbContext db, CancellationToken cancellationToken)
    {
        var phases = await db.Phases.Where(p => p.ChallengeId == challenge).Select(p => p.Id).ToListAsync(cancellationToken);
        return await db.Submissions.CountAsync(s => phases.Contains(s.PhaseId) && s.Submitted >= from, cancellationToken);
    }

    /// <summary>Teams with their people: comma-separated values, or JSON with <c>?output=json</c>.</summary>
    public static async Task<IResult> DownloadAsync(
        int challenge, HttpRequest request, Lookups lookups, PalioDbContext db, CancellationToken cancellationToken)
    {
        await lookups.HostedAsync(challenge, StatusCodes.Status400BadRequest, cancellationToken);
        var teams = await db.Participations.AsNoTracking().Where(p => p.ChallengeId == challenge).OrderBy(p => p.Id)
            .Select(p => new { p.Team.Name, Members = p.Team.Members.OrderBy(m => m.Joined).Select(m => new { m.User.UserName, m.User.Email }).ToList() }).ToListAsync(cancellationToken);
        var rows = teams.Select(team => new
        {
            TeamName = team.Name,
            TeamMembers = team.Members.Select(member => member.UserName ?? "").ToList(),
            TeamMembersEmailIds = team.Members.Select(member => member.Email ?? "").ToList(),
        }).ToList();
        if (request.Query["output"] == "json")
        {
            return EvalAiResults.Json(new { ParticipantTeams = rows, rows.Count });
        }

        string[] header = ["Team Name", "Team Members", "Email Id"];
        return CsvTable.File(rows.Select(row => (IEnumerable<string>)[row.TeamName, string.Join(",", row.TeamMembers), string.Join(",", row.TeamMembersEmailIds)]).Prepend(header), $"participant_teams_{challenge}.csv");
    }
}
