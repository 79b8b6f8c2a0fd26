using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Palio.Challenges.Limits;
using Palio.Protocol.Api;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.EvalAi.Challenges;
using Palio.Server.EvalAi.Wire;
using Palio.Server.Features.Challenges;
using Palio.Server.Features.Submissions;

namespace Palio.Server.EvalAi.Submissions;

/// <summary>Submissions of a team, of a phase, one; and how many are left.</summary>
internal static class ReadingSubmissions
{
    private const int Most = 10_000;

    /// <summary>The caller's team's in a phase: those under way first, the oldest of them in front; then the others, newest first.</summary>
    public static async Task<IResult> OwnAsync(int challenge, int phase, HttpRequest request, Lookups lookups, SubmissionShow show, CancellationToken cancellationToken)
    {
        var found = await lookups.PhaseAsync(challenge, phase, cancellationToken);
        if (await lookups.ParticipationAsync(found.Access, cancellationToken) is not { } part)
        {
            return NotParticipating();
        }

        var own = show.Listed.Where(s => s.PhaseId == phase && s.TeamId == part.TeamId)
            .OrderBy(s => s.Outcome == SubmissionOutcome.InProgress ? 0 : 1).ThenBy(s => s.Outcome == SubmissionOutcome.InProgress ? s.Id : -s.Id);
        return EvalAiResults.Json(await show.PageAsync(own, ChallengeViews.Declaration(found.Phase.Current), request, cancellationToken));
    }

    public static async Task<IResult> OneAsync(int submission, SubmissionShow show, CancellationToken cancellationToken) =>
        EvalAiResults.Json(await show.OneAsync(submission, cancellationToken));

    /// <summary>For hosts: all of a challenge, without the envelope.</summary>
    public static async Task<IResult> OfChallengeAsync(int challenge, HttpRequest request, Lookups lookups, SubmissionShow show, CancellationToken cancellationToken)
    {
        await lookups.HostedAsync(challenge, StatusCodes.Status400BadRequest, cancellationToken);
        var status = request.Query["status"].ToString();
        if (Time(request, "submitted_after", out var after) is { } wrongAfter)
        {
            return wrongAfter;
        }

        if (Time(request, "submitted_before", out var before) is { } wrongBefore)
        {
            return wrongBefore;
        }

        var list = await show.ListAsync(
            show.Listed.Where(s => s.Phase.ChallengeId == challenge && (after == null || s.Submitted >= after) && (before == null || s.Submitted <= before)).OrderByDescending(s => s.Id),
            Most, cancellationToken);
        return EvalAiResults.Json(list.Where(submission => status.Length == 0 || submission.Status.Equals(status, StringComparison.OrdinalIgnoreCase)).ToList<object>());
    }

    public static async Task<IResult> CountAsync(int phase, Lookups lookups, PalioDbContext db, SubmissionShow show, CancellationToken cancellationToken)
    {
        var found = await lookups.PhaseAsync(phase, cancellationToken);
        if (!found.Access.MayManage)
        {
            throw Lookups.NotHost(StatusCodes.Status401Unauthorized);
        }

        // The many that are over are counted where they are; what the few that run are doing is read.
        var counts = await db.Submissions.Where(s => s.PhaseId == phase && s.State != SubmissionState.Running).GroupBy(s => s.State)
            .Select(group => new { State = group.Key, Count = group.Count() }).ToListAsync(cancellationToken);
        var running = await show.Rows(db.Submissions.AsNoTracking().Where(s => s.PhaseId == phase && s.State == SubmissionState.Running).OrderByDescending(s => s.Id)).Take(Most)
            .ToListAsync(cancellationToken);
        var all = counts.Select(count => (Status: SubmissionRow.WordOf(count.State), count.Count)).Concat(running.Select(row => (row.Status, Count: 1)))
            .GroupBy(count => count.Status).OrderBy(group => group.Key, StringComparer.Ordinal);
        return EvalAiResults.Json(new { Status = all.Select(group => new { Status = group.Key, Count = group.Sum(count => count.Count) }) });
    }

    public static async Task<IResult> RemainingAsync(
        int challenge, Lookups lookups, CurrentUser caller, PalioDbContext db, TimeProvider time, CancellationToken cancellationToken)
    {
        var access = await lookups.ChallengeAsync(challenge, cancellationToken);
        if (await lookups.ParticipationAsync(access, cancellationToken) is not { } part)
        {
            return NotParticipating();
        }

        var now = time.GetUtcNow();
        var revision = await ChallengeAccess.RevisionAsync(access.Challenge, db, cancellationToken);
        var phases = await db.Phases.AsNoTracking().Include(p => p.Current)
            .Where(p => p.ChallengeId == challenge && p.IsDeclared && (p.IsPublic || access.MayManage)).OrderBy(p => p.Position).ToListAsync(cancellationToken);
        var limits = new List<object>();
        foreach (var phase in phases)
        {
            var facts = await SubmissionFactsReader.ReadAsync(access, phase, revision, part, caller, db, now, cancellationToken);
            limits.Add(new
            {
                phase.Id,
                Slug = EvalAiPhase.SlugOf(access.Challenge, phase),
                phase.Name,
                StartDate = phase.Starts,
                EndDate = phase.Ends,
                Limits = Limits(SubmissionQuota.Remaining(facts.Limits, facts.Counts), now),
            });
        }

        return EvalAiResults.Json(new { ParticipantTeam = part.Team.Name, ParticipantTeamId = part.TeamId, Phases = limits });
    }

    internal static IResult NotParticipating() => EvalAiResults.Error(StatusCodes.Status403Forbidden, "You haven't participated in the challenge");

    private static object Limits(Palio.Challenges.Limits.RemainingSubmissions left, DateTimeOffset now) => left switch
    {
        { Total: 0 } => new { Message = "You have exhausted maximum submission limit!", SubmissionLimitExceeded = true },
        { ThisMonth: 0 } => new { Message = "You have exhausted this month's submission limit!", RemainingTime = EvalAiJson.Seconds(SubmissionQuota.MonthStart(now).AddMonths(1) - now) },
        { Today: 0 } => new { Message = "You have exhausted today's submission limit!", RemainingTime = EvalAiJson.Seconds(SubmissionQuota.DayStart(now).AddDays(1) - now) },
        _ => new
        {
            RemainingSubmissionsThisMonthCount = left.ThisMonth,
            RemainingSubmissionsTodayCount = left.Today,
            RemainingSubmissionsCount = left.Total,
        },
    };

    private static IResult? Time(HttpRequest request, string name, out DateTimeOffset? time)
    {
        time = null;
        var text = request.Query[name].ToString();
        if (text.Length == 0)
        {
            return null;
        }

        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var parsed))
        {
            time = parsed;
            return null;
        }

        return EvalAiResults.Error(StatusCodes.Status400BadRequest, $"'{name}' is no time; write 2030-01-02T03:04:05Z.");
    }
}
