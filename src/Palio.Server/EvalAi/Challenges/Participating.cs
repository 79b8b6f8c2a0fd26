using Microsoft.EntityFrameworkCore;
using Palio.Protocol.Api;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.EvalAi.Teams;
using Palio.Server.EvalAi.Wire;
using Palio.Server.Errors;
using Palio.Server.Features.Challenges;

namespace Palio.Server.EvalAi.Challenges;

/// <summary>Teams in and out of challenges.</summary>
internal static class Participating
{
    /// <summary>201 without a body. EvalAI's clients ask for the terms themselves, and send nothing of it: asking this is accepting.</summary>
    public static async Task<IResult> JoinAsync(
        int challenge, int team, EvalAiBody body, Lookups lookups, CurrentUser caller, PalioDbContext db, TimeProvider time, CancellationToken cancellationToken)
    {
        _ = body; // JSON is declared and nothing sent
        if (!await db.Teams.AnyAsync(t => t.Id == team && t.Kind == TeamKind.Participant, cancellationToken))
        {
            return EvalAiResults.Error(StatusCodes.Status406NotAcceptable, "ParticipantTeam does not exist");
        }

        try
        {
            var access = await lookups.ChallengeAsync(challenge, cancellationToken);
            await JoinChallenge.HandleAsync(access.Challenge.Slug, new ParticipateRequest { TeamId = team, AcceptTerms = true }, caller, db, time, cancellationToken);
            return Results.StatusCode(StatusCodes.Status201Created);
        }
        catch (PalioException refusal) when (refusal.Code == RefusalCodes.NotFound)
        {
            return EvalAiResults.Error(
                StatusCodes.Status406NotAcceptable,
                refusal.Message == Lookups.Missing("Challenge", challenge).Message ? "Challenge does not exist" : "You are not a member of the participant team");
        }
        catch (PalioException refusal) when (refusal.Code is RefusalCodes.JoinRefused or RefusalCodes.EmailNotAllowed)
        {
            return EvalAiResults.Json(
                new { error = $"{refusal.Message} {refusal.Remedy}", challenge_id = challenge, participant_team_id = team }, StatusCodes.Status406NotAcceptable);
        }
    }

    public static async Task<IResult> LeaveAsync(
        int challenge, Lookups lookups, CurrentUser caller, PalioDbContext db, CancellationToken cancellationToken)
    {
        var access = await lookups.ChallengeAsync(challenge, cancellationToken);
        if (await lookups.ParticipationAsync(access, cancellationToken) is null)
        {
            return EvalAiResults.Error(StatusCodes.Status406NotAcceptable, "Team is not registered");
        }

        await JoinChallenge.LeaveAsync(access.Challenge.Slug, caller, db, cancellationToken);
        return EvalAiResults.Success("Successfully deregistered!");
    }

    public static async Task<IResult> RemoveTeamAsync(
        int challenge, int team, Lookups lookups, CurrentUser caller, PalioDbContext db, CancellationToken cancellationToken)
    {
        var access = await lookups.ChallengeAsync(challenge, cancellationToken);
        if ((await lookups.ParticipationAsync(access, cancellationToken))?.TeamId != team)
        {
            return EvalAiResults.Error(StatusCodes.Status400BadRequest, "Team has not participated in the challenge");
        }

        await JoinChallenge.LeaveAsync(access.Challenge.Slug, caller, db, cancellationToken);
        return Results.Ok();
    }

    /// <summary>The caller's team in a challenge, short.</summary>
    public static async Task<IResult> TeamAsync(int challenge, Lookups lookups, PalioDbContext db, CancellationToken cancellationToken)
    {
        var access = await lookups.ChallengeAsync(challenge, cancellationToken);
        var part = await lookups.ParticipationAsync(access, cancellationToken)
            ?? throw new PalioException(StatusCodes.Status404NotFound, RefusalCodes.NotFound, "You are not a participant of this challenge.", "");
        return EvalAiResults.Json(await db.Teams.AsNoTracking().Where(t => t.Id == part.TeamId).Select(EvalAiTeam.Of).SingleAsync(cancellationToken));
    }

    public static async Task<IResult> TeamDetailAsync(int challenge, Lookups lookups, PalioDbContext db, CancellationToken cancellationToken)
    {
        var access = await lookups.ChallengeAsync(challenge, cancellationToken);
        if (await lookups.ParticipationAsync(access, cancellationToken) is not { } part)
        {
            return EvalAiResults.Error(StatusCodes.Status406NotAcceptable, "You are not a participant of this challenge.");
        }

        var team = await db.Teams.AsNoTracking().Where(t => t.Id == part.TeamId).Select(TeamRow.Of).SingleAsync(cancellationToken);
        return EvalAiResults.Json(new { part.Approved, ParticipantTeam = EvalAiParticipantTeam.From(team) });
    }

    /// <summary>Each of the caller's teams with each challenge it takes part in, or with none.</summary>
    public static async Task<IResult> MineAsync(
        int challenge, Lookups lookups, ChallengeLists lists, CurrentUser caller, PalioDbContext db, TimeProvider time, CancellationToken cancellationToken)
    {
        var access = await lookups.ChallengeAsync(challenge, cancellationToken);
        var userId = caller.Id;
        var teams = await db.Teams.AsNoTracking().Where(t => t.Kind == TeamKind.Participant && t.Members.Any(m => m.UserId == userId)).OrderBy(t => t.Id)
            .Select(EvalAiTeam.Of).ToListAsync(cancellationToken);
        var ids = teams.Select(team => team.Id).ToList();
        var joined = (await db.Participations.AsNoTracking().Where(p => ids.Contains(p.TeamId)).Select(p => new { p.TeamId, p.ChallengeId }).ToListAsync(cancellationToken))
            .ToLookup(p => p.TeamId, p => p.ChallengeId);
        var wanted = joined.SelectMany(group => group).Distinct().ToList();
        var challenges = (await ChallengeRow.Read(db.Challenges.Where(ChallengeAccess.VisibleTo(caller)).Where(c => wanted.Contains(c.Id)), caller).ToListAsync(cancellationToken))
            .ToDictionary(row => row.Challenge.Id, lists.Show);
        return EvalAiResults.Json(new
        {
            ChallengeParticipantTeamList = teams.SelectMany(team => joined[team.Id].Select(id => challenges.GetValueOrDefault(id)).DefaultIfEmpty()
                .Select(shown => new { Challenge = shown, ParticipantTeam = team })),
            DatetimeNow = time.GetUtcNow(),
            IsChallengeHost = access.IsHost,
        });
    }
}
