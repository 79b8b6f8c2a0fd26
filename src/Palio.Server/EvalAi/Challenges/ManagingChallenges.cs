using Microsoft.EntityFrameworkCore;
using Palio.Protocol.Api;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.EvalAi.Teams;
using Palio.Server.EvalAi.Wire;
using Palio.Server.Errors;
using Palio.Server.Features.Challenges;
using Palio.Server.Hosting;

namespace Palio.Server.EvalAi.Challenges;

/// <summary>What hosts decide about teams and phases, and the administrator about challenges.</summary>
internal static class ManagingChallenges
{
    public static async Task<IResult> TeamsAsync(int challenge, Lookups lookups, PalioDbContext db, CancellationToken cancellationToken)
    {
        await lookups.HostedAsync(challenge, StatusCodes.Status403Forbidden, cancellationToken);
        var rows = await db.Participations.AsNoTracking().Where(p => p.ChallengeId == challenge).OrderBy(p => p.Id)
            .Select(p => new { p.TeamId, Approved = p.Approved && !p.Disqualified }).ToListAsync(cancellationToken);
        var ids = rows.Select(row => row.TeamId).ToList();
        var teams = (await db.Teams.AsNoTracking().Where(t => ids.Contains(t.Id)).Select(TeamRow.Of).ToListAsync(cancellationToken)).ToDictionary(team => team.Id, EvalAiParticipantTeam.From);
        return EvalAiResults.Json(new { ParticipantTeams = rows.Select(row => new EvalAiEnrolledTeam(teams[row.TeamId], row.Approved)) });
    }

    public static async Task<IResult> ApproveAsync(
        int challenge, int team, Lookups lookups, CurrentUser caller, PalioDbContext db, TimeProvider time, CancellationToken cancellationToken)
    {
        var (access, part) = await PartAsync(challenge, team, lookups, db, cancellationToken);
        if (part is { Approved: true, Disqualified: false })
        {
            return EvalAiResults.Error(StatusCodes.Status406NotAcceptable, "Participant Team is already approved");
        }

        if (part.Disqualified)
        {
            await ManageParticipants.DecideAsync(access.Challenge.Slug, part.Id, ParticipantDecision.Reinstate, caller, db, time, cancellationToken);
        }

        await ManageParticipants.DecideAsync(access.Challenge.Slug, part.Id, ParticipantDecision.Approve, caller, db, time, cancellationToken);
        return EvalAiResults.Json(new { success = "Participant Team approved" }, StatusCodes.Status201Created);
    }

    /// <summary>The team may not submit. One that has submitted already is disqualified by the host's page, where its rows are shown.</summary>
    public static async Task<IResult> DisapproveAsync(
        int challenge, int team, Lookups lookups, CurrentUser caller, PalioDbContext db, TimeProvider time, CancellationToken cancellationToken)
    {
        var (access, part) = await PartAsync(challenge, team, lookups, db, cancellationToken);
        if (await db.Submissions.AnyAsync(s => s.ParticipationId == part.Id, cancellationToken))
        {
            return EvalAiResults.Error(StatusCodes.Status406NotAcceptable, "Participant Team has submissions in the challenge. Disqualify it on the challenge's page instead.");
        }

        await ManageParticipants.DecideAsync(access.Challenge.Slug, part.Id, ParticipantDecision.Disqualify, caller, db, time, cancellationToken);
        return Results.NoContent();
    }

    public static async Task<IResult> PauseAsync(int challenge, EvalAiBody body, Lookups lookups, CurrentUser caller, PalioDbContext db, CancellationToken cancellationToken)
    {
        var access = await lookups.HostedAsync(challenge, StatusCodes.Status403Forbidden, cancellationToken);
        if (body.Flag("is_submission_paused") is not { } pause)
        {
            return Required();
        }

        await PauseChallenge.HandleAsync(access.Challenge.Slug, pause, caller, db, cancellationToken);
        return EvalAiResults.Json(new { is_submission_paused = pause });
    }

    public static async Task<IResult> PausePhaseAsync(
        int challenge, int phase, EvalAiBody body, Lookups lookups, CurrentUser caller, PalioDbContext db, InstanceAddress address, TimeProvider time,
        CancellationToken cancellationToken)
    {
        var access = await lookups.HostedAsync(challenge, StatusCodes.Status403Forbidden, cancellationToken);
        var found = await lookups.PhaseAsync(challenge, phase, cancellationToken);
        if (body.Flag("is_submission_paused") is not { } pause)
        {
            return Required();
        }

        await PausePhase.HandleAsync(access.Challenge.Slug, found.Phase.Codename, pause, caller, db, address, time, cancellationToken);
        return EvalAiResults.Json(new { is_submission_paused = pause });
    }

    /// <summary>Publishing has asked for it already.</summary>
    public static async Task<IResult> RequestApprovalAsync(int challenge, Lookups lookups, CancellationToken cancellationToken)
    {
        var access = await lookups.HostedAsync(challenge, StatusCodes.Status403Forbidden, cancellationToken);
        return access.Challenge.Review == ReviewState.Approved
            ? EvalAiResults.Error(StatusCodes.Status406NotAcceptable, "The challenge is approved already.")
            : EvalAiResults.Json(new { message = "Publishing asked for approval: the administrator sees the challenge, and decides." });
    }

    public static async Task<IResult> ReviewAsync(
        EvalAiBody body, Lookups lookups, CurrentUser caller, PalioDbContext db, InstanceAddress address, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!caller.IsAdministrator)
        {
            throw Lookups.NotHost(StatusCodes.Status401Unauthorized);
        }

        if (body.Number("challenge_pk") is not { } challenge)
        {
            return EvalAiResults.Error(StatusCodes.Status400BadRequest, "challenge_pk is missing");
        }

        if (body.Flag("approved_by_admin") is not { } approve)
        {
            return EvalAiResults.Error(StatusCodes.Status400BadRequest, "approved_by_admin is missing");
        }

        var access = await lookups.ChallengeAsync(challenge, cancellationToken);
        await ReviewChallenge.HandleAsync(access.Challenge.Slug, new ReviewRequest { Approve = approve }, caller, db, address, time, cancellationToken);
        return EvalAiResults.Json(new { message = "Challenge updated successfully!" });
    }

    private static async Task<(AccessedChallenge Access, ChallengeParticipation Part)> PartAsync(
        int challenge, int team, Lookups lookups, PalioDbContext db, CancellationToken cancellationToken)
    {
        var access = await lookups.HostedAsync(challenge, StatusCodes.Status403Forbidden, cancellationToken);
        return (access, await db.Participations.AsNoTracking().FirstOrDefaultAsync(p => p.ChallengeId == challenge && p.TeamId == team, cancellationToken)
            ?? throw new PalioException(StatusCodes.Status406NotAcceptable, RefusalCodes.NotFound, "Participant Team has not participated in the challenge", ""));
    }

    private static IResult Required() => EvalAiResults.Error(StatusCodes.Status400BadRequest, "is_submission_paused is required");
}

/// <summary>A team of a challenge, for its hosts.</summary>
internal sealed record EvalAiEnrolledTeam(EvalAiParticipantTeam Team, bool Approved)
{
    public int Id => Team.Id;

    public string TeamName => Team.TeamName;

    public string CreatedBy => Team.CreatedBy;

    public IReadOnlyList<EvalAiMember> Members => Team.Members;

    public string TeamUrl => Team.TeamUrl;

    [System.Text.Json.Serialization.JsonIgnore]
    public EvalAiParticipantTeam Team { get; init; } = Team;
}
