using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Palio.Challenges.Bundles.Editing;
using Palio.Protocol.Api;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.EvalAi.Challenges;
using Palio.Server.EvalAi.Wire;
using Palio.Server.Errors;
using Palio.Server.Features.Challenges;
using Palio.Server.Hosting;

namespace Palio.Server.EvalAi.Editing;

/// <summary>
/// Challenges, phases and phase splits changed key by key, as EvalAI's page does. Each change is a revision of the challenge, by the rules of
/// every other; what is changed here is not in the host's own files.
/// </summary>
internal sealed class ChallengeEditing(
    Lookups lookups, ChallengeLists lists, EditChallenge edit, CurrentUser caller, PalioDbContext db, InstanceAddress address, TimeProvider time)
{
    public async Task<IResult> ChallengeAsync(int team, int challenge, EvalAiBody body, CancellationToken cancellationToken)
    {
        var access = await HostedAsync(challenge, cancellationToken);
        if (access.Challenge.HostTeamId != team)
        {
            throw Lookups.Missing("Challenge", challenge);
        }

        return await ChallengeAsync(access, body, cancellationToken);
    }

    private async Task<IResult> ChallengeAsync(AccessedChallenge access, EvalAiBody body, CancellationToken cancellationToken)
    {
        var sent = new SentEdits(body, Element(await ShownAsync(access, cancellationToken)));
        sent.Read(EditableKeys.Challenge, null, "");
        sent.ReadFile("image", null, "image", "edited/logo");
        sent.ReadFile("evaluation_script", null, "evaluation_script", "edited/evaluation_script");
        await ApplyAsync(access, sent.Done(), EditableKeys.Challenge, cancellationToken);
        return EvalAiResults.Json(await ShownAsync(access, cancellationToken));
    }

    /// <summary>Tags and domain alone; the answer has no body.</summary>
    public async Task<IResult> TagsAsync(int challenge, EvalAiBody body, CancellationToken cancellationToken)
    {
        var access = await lookups.HostedAsync(challenge, StatusCodes.Status401Unauthorized, cancellationToken);
        if (body.Filled("domain") is { } domain && Domains.NameOf(domain) is null)
        {
            return EvalAiResults.Error(StatusCodes.Status406NotAcceptable, $"Domain {domain} does not exist: there are {string.Join(", ", Domains.All.Select(one => one[0]))}.");
        }

        var sent = new SentEdits(body, Element(await ShownAsync(access, cancellationToken)));
        sent.Read([.. EditableKeys.Challenge.Where(key => key.Name is "list_tags" or "domain")], null, "");
        await ApplyAsync(access, sent.Done(), EditableKeys.Challenge, cancellationToken);
        return Results.Ok();
    }

    /// <summary>What administrators change of any challenge.</summary>
    public async Task<IResult> AttributesAsync(int challenge, EvalAiBody body, CancellationToken cancellationToken)
    {
        var access = await HostedAsync(challenge, cancellationToken);
        if (body.Names.FirstOrDefault(name => name is not "challenge_pk" && !EditableKeys.ForStaff.Contains(name)) is { } unknown)
        {
            return EvalAiResults.Error(StatusCodes.Status400BadRequest, $"'{unknown}' cannot be changed here; there are {string.Join(", ", EditableKeys.ForStaff)}.");
        }

        var (isDisabled, isFeatured) = (body.Flag("is_disabled"), body.Flag("featured"));
        var sent = new SentEdits(body, Element(await ShownAsync(access, cancellationToken)));
        sent.Read(EditableKeys.Challenge, null, "");
        await ApplyAsync(access, sent.Done(), EditableKeys.Challenge, cancellationToken);
        db.ChangeTracker.Clear();
        var row = await db.Challenges.SingleAsync(c => c.Id == challenge, cancellationToken);
        row.IsFeatured = isFeatured ?? row.IsFeatured;
        if (isDisabled is { } disable && disable != (row.Review == ReviewState.Refused))
        {
            row.Decide(approve: !disable, row.ReviewNote, time.GetUtcNow());
        }

        await db.SaveChangesAsync(cancellationToken);
        return EvalAiResults.Json(new { message = $"Challenge attributes updated successfully for challenge with primary key {challenge}!" });
    }

    /// <summary>Takes the challenge from everybody's sight but its hosts'. To publish it again is to set <c>published</c>.</summary>
    public async Task<IResult> DisableAsync(int challenge, CancellationToken cancellationToken)
    {
        var access = await HostedAsync(challenge, cancellationToken);
        if (access.Challenge.IsPublished)
        {
            var edits = new BundleEdits { Values = [new BundleEdit(null, "published", System.Text.Json.Nodes.JsonValue.Create(false))] };
            await ApplyAsync(access, edits, EditableKeys.Challenge, cancellationToken);
        }

        return Results.NoContent();
    }

    /// <summary>What was submitted and what the boards show rests on the challenge: it stays.</summary>
    public async Task<IResult> DeleteAsync(int team, int challenge, CancellationToken cancellationToken)
    {
        _ = team;
        await HostedAsync(challenge, cancellationToken);
        return EvalAiResults.Error(
            StatusCodes.Status406NotAcceptable, "A challenge is not deleted: submissions and boards rest on it. To take it out of sight, disable it, or set published to false.");
    }

    public async Task<IResult> PhaseAsync(int challenge, int phase, EvalAiBody body, CancellationToken cancellationToken)
    {
        var access = await HostedAsync(challenge, cancellationToken);
        var found = await lookups.PhaseAsync(challenge, phase, cancellationToken);
        var shown = EvalAiPhase.From(found.Phase, found.Access, address.RegistryHost, time.GetUtcNow());
        var item = BundleItem.Phase(found.Phase.BundleId);
        var sent = new SentEdits(body, Element(shown));
        sent.Read(EditableKeys.Phase, item, $"phase-{found.Phase.BundleId}-");
        sent.ReadFile("test_annotation", item, "test_annotation_file", $"edited/annotations-{found.Phase.BundleId}");
        await ApplyAsync(access, sent.Done(), EditableKeys.Phase, cancellationToken);
        if (body.File("test_annotation") is not null && found.Phase.AnnotationDigest is not null)
        {
            // The newest word wins, whichever way it came.
            await db.Phases.Where(p => p.Id == phase).ExecuteUpdateAsync(set => set.SetProperty(p => p.AnnotationDigest, (string?)null).SetProperty(p => p.AnnotationName, (string?)null), cancellationToken);
        }

        db.ChangeTracker.Clear();
        var after = await lookups.PhaseAsync(challenge, phase, cancellationToken);
        return EvalAiResults.Json((object)EvalAiPhase.From(after.Phase, after.Access, address.RegistryHost, time.GetUtcNow()));
    }

    /// <summary>Leaves a phase out of the next revision; refused when it has submissions.</summary>
    public async Task<IResult> DeletePhaseAsync(int challenge, int phase, CancellationToken cancellationToken)
    {
        var access = await HostedAsync(challenge, cancellationToken);
        var found = await lookups.PhaseAsync(challenge, phase, cancellationToken);
        if (await db.Submissions.AnyAsync(s => s.PhaseId == phase, cancellationToken))
        {
            return EvalAiResults.Error(StatusCodes.Status406NotAcceptable, "The phase has submissions and stays. To end it, give it an end_date that has passed; to hide it, set is_public to false.");
        }

        await ApplyAsync(access, new BundleEdits { Removed = [BundleItem.SplitsOf(found.Phase.BundleId), BundleItem.Phase(found.Phase.BundleId)] }, EditableKeys.Phase, cancellationToken);
        return Results.NoContent();
    }

    public async Task<IResult> SplitAsync(int split, CancellationToken cancellationToken) =>
        EvalAiResults.Json(EvalAiSplitDetail.From((await lookups.SplitAsync(split, cancellationToken)).Split));

    public async Task<IResult> SplitAsync(int split, EvalAiBody body, CancellationToken cancellationToken)
    {
        var found = await lookups.SplitAsync(split, cancellationToken);
        if (!found.Access.MayManage)
        {
            throw NotCreator();
        }

        var sent = new SentEdits(body, Element(EvalAiSplitDetail.From(found.Split)));
        sent.Read(EditableKeys.Split, BundleItem.Split(found.Phase.BundleId, found.Split.LeaderboardBundleId, found.Split.DatasetBundleId), "");
        await ApplyAsync(found.Access, sent.Done(), EditableKeys.Split, cancellationToken);
        db.ChangeTracker.Clear();
        return await SplitAsync(split, cancellationToken);
    }

    /// <summary>Who may submit: with PATCH more, with DELETE fewer.</summary>
    public async Task<IResult> AllowedEmailsAsync(int challenge, int phase, EvalAiBody body, bool adds, CancellationToken cancellationToken)
    {
        var access = await HostedAsync(challenge, cancellationToken);
        var found = await lookups.PhaseAsync(challenge, phase, cancellationToken);
        if (body.Json("allowed_email_ids") is not { ValueKind: JsonValueKind.Array } list)
        {
            return EvalAiResults.Error(StatusCodes.Status400BadRequest, "Field allowed_email_ids should be a list");
        }

        var (sent, present) = (list.EnumerateArray().Select(email => email.ToString()).ToList(), ChallengeViews.Declaration(found.Phase.Current).AllowedEmailIds);
        var emails = adds ? present.Union(sent, StringComparer.OrdinalIgnoreCase).ToList() : [.. present.Except(sent, StringComparer.OrdinalIgnoreCase)];
        if (!emails.SequenceEqual(present))
        {
            var value = JsonSerializer.SerializeToNode(emails);
            await ApplyAsync(access, new BundleEdits { Values = [new BundleEdit(BundleItem.Phase(found.Phase.BundleId), "allowed_email_ids", value)] }, EditableKeys.Phase, cancellationToken);
        }

        return EvalAiResults.Json(new { AllowedEmailIds = emails });
    }

    private async Task ApplyAsync(AccessedChallenge access, BundleEdits edits, IReadOnlyList<EditableKey> keys, CancellationToken cancellationToken)
    {
        if (edits.IsEmpty)
        {
            return;
        }

        var result = await edit.HandleAsync(access.Challenge, edits, cancellationToken);
        var problems = result.Problems.Where(problem => problem.Severity == "error").ToList();
        if (problems.Count > 0)
        {
            throw new PalioException(
                StatusCodes.Status400BadRequest, RefusalCodes.BundleInvalid, string.Join('\n', problems.Select(problem => $"{problem.Message} {problem.Remedy}")), "")
            {
                Fields = problems.GroupBy(problem => FieldOf(problem.Path, keys)).ToDictionary(group => group.Key, group => group.Select(problem => problem.Message).ToArray()),
            };
        }
    }

    private static string FieldOf(string path, IReadOnlyList<EditableKey> keys)
    {
        var key = path.Split('.')[^1].Split('[')[0];
        return keys.FirstOrDefault(one => one.Key == key)?.Name ?? "non_field_errors";
    }

    private async Task<EvalAiChallenge> ShownAsync(AccessedChallenge access, CancellationToken cancellationToken) =>
        lists.Show(await ChallengeRow.ReadAsync(access.Challenge.Id, caller, db, cancellationToken));

    private async Task<AccessedChallenge> HostedAsync(int challenge, CancellationToken cancellationToken) =>
        await lookups.ChallengeAsync(challenge, cancellationToken) is { MayManage: true } access ? access : throw NotCreator();

    private static PalioException NotCreator() =>
        new(StatusCodes.Status403Forbidden, RefusalCodes.Forbidden, "Sorry, you are not allowed to perform this operation!", "");

    private static JsonElement Element(object shown) => JsonSerializer.SerializeToElement(shown, shown.GetType(), EvalAiJson.Options);
}

/// <summary>EvalAI's phase split, as it is read and changed alone.</summary>
internal sealed record EvalAiSplitDetail(
    int Id, int ChallengePhase, int DatasetSplit, int Leaderboard, int Visibility, int LeaderboardDecimalPrecision, bool IsLeaderboardOrderDescending,
    bool ShowLeaderboardByLatestSubmission, bool ShowExecutionTime, bool ShowScoresOnLeaderboard)
{
    public static EvalAiSplitDetail From(PhaseSplit split) => new(
        split.Id, split.PhaseId, split.DatasetBundleId, split.LeaderboardBundleId, EvalAiPhaseSplit.VisibilityOf(split),
        (JsonSerializer.Deserialize<List<LeaderboardColumn>>(split.Columns) ?? []).FirstOrDefault()?.Decimals ?? 2, split.HigherIsBetter, split.ByLatest, split.ShowExecutionTime, split.ShowScores);
}
