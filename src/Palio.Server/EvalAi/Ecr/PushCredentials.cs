using System.Globalization;
using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Palio.Challenges.Limits;
using Palio.Registry;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.EvalAi.Wire;
using Palio.Server.Errors;
using Palio.Server.Features.Challenges;
using Palio.Server.Features.Submissions;
using Palio.Server.Hosting;

namespace Palio.Server.EvalAi.Ecr;

/// <summary>
/// Where EvalAI's command line pushes to, and the keys it asks for a registry login with. Who could not submit gets none: an image is
/// pushed before the submission is made, and would lie about.
/// </summary>
internal static class PushCredentials
{
    public static async Task<IResult> HandleAsync(
        int phase, ClaimsPrincipal principal, CurrentUser caller, PalioDbContext db, PushSessions sessions, InstanceAddress address, TimeProvider time,
        CancellationToken cancellationToken)
    {
        var challenge = await db.Phases.Where(p => p.Id == phase).Select(p => (int?)p.ChallengeId).FirstOrDefaultAsync(cancellationToken)
            ?? throw Unknown(phase);
        var access = await ChallengeAccess.FindAsync(challenge.ToString(CultureInfo.InvariantCulture), caller, db, cancellationToken);
        var found = await db.Phases.AsNoTracking().Include(p => p.Current)
            .FirstOrDefaultAsync(p => p.Id == phase && p.IsDeclared && (p.IsPublic || access.MayManage), cancellationToken) ?? throw Unknown(phase);
        var team = await TeamAsync(access, found, caller, db, time.GetUtcNow(), cancellationToken);
        var repository = RepositoryName.Parse($"{access.Challenge.Slug}/{team}");
        var tokenId = int.TryParse(principal.FindFirstValue(PalioClaims.TokenId), CultureInfo.InvariantCulture, out var id) ? id : (int?)null;
        var keys = sessions.Issue(new PushGrant(caller.Id, tokenId, repository.Value));
        return EvalAiResults.Json(new
        {
            success = new
            {
                federated_user = Federated(keys, caller),
                // In one piece: the client's development branch cuts off what follows a second slash.
                docker_repository_uri = $"{address.RegistryHost}/{repository.InOnePiece}",
            },
        });
    }

    private static async Task<string> TeamAsync(
        AccessedChallenge access, Phase phase, CurrentUser caller, PalioDbContext db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var revision = await ChallengeAccess.RevisionAsync(access.Challenge, db, cancellationToken);
        if (!ChallengeViews.Declaration(revision).IsCodeUpload)
        {
            throw Refused("Sorry, this is not a docker based challenge.", "Submit a file instead: evalai challenge … submit --file.");
        }

        var participation = await ChallengeAccess.FindParticipationAsync(access.Challenge.Id, caller, db, cancellationToken)
            ?? throw Refused("You haven't participated in this challenge.", "Join it with a team first: evalai challenge … participate TEAM.");
        if (participation.Disqualified)
        {
            throw SubmissionRefusals.Disqualified();
        }

        var facts = await SubmissionFactsReader.ReadAsync(access, phase, revision, participation, caller, db, now, cancellationToken);
        return SubmissionRules.Check(facts).Refusal is { } refusal ? throw SubmissionRefusals.Of(refusal) : participation.Team.Slug;
    }

    private static Dictionary<string, object> Federated(PushKeys keys, CurrentUser caller) => new Dictionary<string, object>
    {
        ["Credentials"] = new Dictionary<string, object>
        {
            ["AccessKeyId"] = keys.AccessKeyId,
            ["SecretAccessKey"] = keys.SecretAccessKey,
            ["SessionToken"] = keys.SessionToken,
            ["Expiration"] = keys.Expires,
        },
        ["FederatedUser"] = new Dictionary<string, object>
        {
            ["FederatedUserId"] = $"{EcrCall.Account}:{caller.UserName}",
            ["Arn"] = $"arn:aws:sts::{EcrCall.Account}:federated-user/{caller.UserName}",
        },
        ["PackedPolicySize"] = 0,
        ["ResponseMetadata"] = new Dictionary<string, object>(),
    };

    private static PalioException Refused(string message, string remedy) =>
        new(StatusCodes.Status400BadRequest, RefusalCodes.Validation, message, remedy);

    private static PalioException Unknown(int phase) =>
        new(StatusCodes.Status404NotFound, RefusalCodes.NotFound, $"ChallengePhase {phase} does not exist", "");
}
