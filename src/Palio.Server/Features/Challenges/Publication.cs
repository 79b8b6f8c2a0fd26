using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Palio.Challenges.Bundles;
using Palio.Challenges.Limits;
using Palio.Challenges.Ranking;
using Palio.Protocol.Api;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.Errors;
using Palio.Server.Features.Leaderboards;
using Palio.Server.Features.Teams;

namespace Palio.Server.Features.Challenges;

/// <summary>A checked bundle on its way into the database, in one transaction.</summary>
internal sealed record Publication(
    ChallengeBundle Bundle, BundleFiles Files, IReadOnlyDictionary<int, EnvironmentImage> Environments, IReadOnlyDictionary<int, ScoringContent> Scoring, Team Team, string Slug, int UserId,
    DateTimeOffset Now, bool IsApproved)
{
    private readonly HashSet<Phase> _withNewBoards = [];

    /// <summary>The instance has an image for scripts of phases that name none.</summary>
    public required bool HasScriptImage { get; init; }

    /// <summary>The repository it comes from; null leaves the challenge's as it is.</summary>
    public string? Source { get; init; }

    public async Task<Challenge> StoreAsync(
        Challenge? existing, ReadOnlyMemory<byte> archive, PalioDbContext db, EnvironmentImages images, BundleStore store, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var challenge = existing ?? NewChallenge(db);
        Describe(challenge);
        challenge.Revision++;
        var revision = NewRevision(challenge);
        challenge.Revisions.Add(revision);
        var declarations = Bundle.Phases.Select(declaration => Learned(challenge, declaration)).ToList();
        var phases = declarations.Select((declaration, position) => Phase(challenge, declaration, position)).ToList();
        foreach (var gone in challenge.Phases.Except(phases))
        {
            gone.IsDeclared = false;
        }

        try
        {
            await db.SaveChangesAsync(cancellationToken); // gives the phases their ids
            AddPhaseRevisions(revision, declarations.Zip(phases));
            await db.SaveChangesAsync(cancellationToken);
            foreach (var phase in phases)
            {
                phase.Current = revision.Phases.Single(p => p.PhaseId == phase.Id);
            }

            await store.WriteAsync(Slug, challenge.Revision, archive, Logo(), cancellationToken);
            await images.PinAsync(Environments.Values, $"challenge {Slug} revision {challenge.Revision}", cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            foreach (var phase in _withNewBoards)
            {
                await BoardKeeping.RebuildAllAsync(phase.Id, db, Now, cancellationToken);
            }

            await transaction.CommitAsync(cancellationToken);
        }
        catch (DbUpdateException)
        {
            throw PalioException.Conflict(RefusalCodes.State, "This challenge is being published by somebody else at this moment.", "Publish again.");
        }

        return challenge;
    }

    private Challenge NewChallenge(PalioDbContext db)
    {
        var challenge = new Challenge
        {
            Slug = Slug,
            Queue = $"{Slug[..Math.Min(Slug.Length, 40)]}-{Secrets.NewCode()}",
            HostTeamId = Team.Id,
            Created = Now,
            Title = Bundle.Challenge.Title,
            Starts = Bundle.Challenge.StartDate,
            Ends = Bundle.Challenge.EndDate,
        };
        if (IsApproved)
        {
            challenge.Decide(approve: true, null, Now);
        }

        db.Challenges.Add(challenge);
        return challenge;
    }

    private void Describe(Challenge challenge)
    {
        var declaration = Bundle.Challenge;
        challenge.Title = declaration.Title;
        challenge.Source = Source ?? challenge.Source;
        challenge.ShortDescription = declaration.ShortDescription ?? "";
        challenge.Starts = declaration.StartDate.ToUniversalTime();
        challenge.Ends = declaration.EndDate.ToUniversalTime();
        challenge.IsPublished = declaration.Published;
        challenge.IsRegistrationOpen = declaration.IsRegistrationOpen;
        challenge.RequiresApproval = declaration.ManualParticipantApproval;
        challenge.IsSubmissionPaused = declaration.IsSubmissionPaused;
        challenge.Tags = string.Join('\n', declaration.Tags);
    }

    private ChallengeRevision NewRevision(Challenge challenge) => new()
    {
        Number = challenge.Revision,
        BundleDigest = Bundle.Digest,
        PublishedById = UserId,
        Published = Now,
        Declaration = JsonSerializer.Serialize(Bundle.Challenge),
        DescriptionHtml = HostHtml.Of(Bundle.Challenge.Description, 2),
        EvaluationHtml = HostHtml.Of(Bundle.Challenge.EvaluationDetails, 3),
        TermsHtml = HostHtml.Of(Bundle.Challenge.TermsAndConditions, 3),
        GuidelinesHtml = HostHtml.Of(Bundle.Challenge.SubmissionGuidelines, 3),
        LogoType = Bundle.Challenge.Image?.MediaType,
    };

    private Phase Phase(Challenge challenge, PhaseDeclaration declaration, int position)
    {
        var phase = challenge.Phases.FirstOrDefault(p => p.BundleId == declaration.Id);
        if (phase is null)
        {
            phase = new Phase
            {
                BundleId = declaration.Id,
                Codename = declaration.Codename,
                Name = declaration.Name,
                Starts = declaration.StartDate,
                Ends = declaration.EndDate,
            };
            challenge.Phases.Add(phase);
        }

        phase.Position = position;
        phase.Codename = declaration.Codename;
        phase.Name = declaration.Name;
        phase.Starts = declaration.StartDate.ToUniversalTime();
        phase.Ends = declaration.EndDate.ToUniversalTime();
        if (phase.IsPublic != declaration.IsPublic)
        {
            phase.IsPublic = declaration.IsPublic;
            _withNewBoards.Add(phase); // hosts' own entries stand on the boards of a phase that is not public
        }

        phase.IsDeclared = true;
        phase.IsReady = IsReady(declaration);
        phase.IsSubmissionPaused = declaration.IsSubmissionPaused;
        phase.FailedAreFree = SubmissionQuota.PolicyOf(declaration) == QuotaPolicy.FailedAreFree;
        SetSplits(phase, declaration.Id);
        return phase;
    }

    private bool IsReady(PhaseDeclaration declaration) => declaration.Judging switch
    {
        Judging.Play or Judging.Environment => Environments.ContainsKey(declaration.Id),
        Judging.Remote => true,
        _ => Environments.ContainsKey(declaration.Id) || (HasScriptImage && Scoring[declaration.Id].ScriptDigest is not null),
    };

    private void SetSplits(Phase phase, int bundleId)
    {
        var declared = Bundle.PhaseSplits.Where(split => split.ChallengePhaseId == bundleId).ToList();
        foreach (var gone in phase.Splits.Where(split => !declared.Any(d => d.LeaderboardId == split.LeaderboardBundleId && d.DatasetSplitId == split.DatasetBundleId)))
        {
            gone.IsDeclared = false;
        }

        foreach (var (declaration, position) in declared.Select((d, i) => (d, i)))
        {
            var board = Bundle.Leaderboard(declaration.LeaderboardId);
            var split = phase.Splits.FirstOrDefault(s => s.LeaderboardBundleId == declaration.LeaderboardId && s.DatasetBundleId == declaration.DatasetSplitId);
            if (split is null)
            {
                split = new PhaseSplit
                {
                    LeaderboardBundleId = declaration.LeaderboardId,
                    DatasetBundleId = declaration.DatasetSplitId,
                    DatasetCodename = "",
                    Name = "",
                    Visibility = "",
                    Columns = "[]",
                    OrderBy = board.DefaultOrderBy,
                };
                phase.Splits.Add(split);
            }

            var order = BoardOrder.From(board, declaration);
            split.Position = position;
            split.IsDeclared = true;
            var dataset = Bundle.DatasetSplits.First(d => d.Id == declaration.DatasetSplitId);
            (split.Name, split.DatasetCodename) = (dataset.Name, dataset.Codename);
            split.ShowScores = declaration.ShowScoresOnLeaderboard;
            split.ShowExecutionTime = declaration.ShowExecutionTime;
            var before = (split.Order(), split.IsPublic, split.Columns);
            split.Visibility = RevisionRules.Visibility(declaration.Visibility);
            split.OrderBy = order.OrderBy;
            split.HigherIsBetter = order.Descending;
            split.ByLatest = order.LatestPerTeam;
            split.Columns = JsonSerializer.Serialize(board.Labels.Select(label => new LeaderboardColumn(
                label, BoardOrder.From(board, declaration, label).Descending, declaration.LeaderboardDecimalPrecision,
                board.Metadata.GetValueOrDefault(label)?.Description)));
            if (before != (split.Order(), split.IsPublic, split.Columns))
            {
                _withNewBoards.Add(phase);
            }
        }
    }

    // That an environment is made for EvalAI is found out when it is first played; the same image is not asked again.
    private PhaseDeclaration Learned(Challenge challenge, PhaseDeclaration declaration) =>
        declaration is { Judging: Judging.Play, Evaluation.IsScoringOpen: true }
        && challenge.Phases.FirstOrDefault(phase => phase.BundleId == declaration.Id)?.Current is { } before
        && before.EnvironmentDigest == Environments.GetValueOrDefault(declaration.Id)?.Digest
        && ChallengeViews.Declaration(before) is { Judging: Judging.Environment, Evaluation.IsScoringOpen: true }
            ? declaration with { Judging = Judging.Environment }
            : declaration;

    private void AddPhaseRevisions(ChallengeRevision revision, IEnumerable<(PhaseDeclaration, Phase)> phases)
    {
        foreach (var (declaration, phase) in phases)
        {
            var environment = Environments.GetValueOrDefault(declaration.Id);
            var scoring = Scoring.GetValueOrDefault(declaration.Id);
            revision.Phases.Add(new PhaseRevision
            {
                PhaseId = phase.Id,
                Declaration = JsonSerializer.Serialize(declaration),
                DescriptionHtml = HostHtml.Of(declaration.Description, 3),
                EnvironmentRepository = environment?.Repository,
                EnvironmentIsEmbedded = environment?.IsEmbedded ?? false,
                EnvironmentDigest = environment?.Digest,
                EnvironmentManifestDigest = environment?.ManifestDigest,
                ScriptDigest = scoring?.ScriptDigest,
                AnnotationDigest = scoring?.AnnotationDigest,
                AnnotationName = scoring?.AnnotationName,
                DatasetDigest = scoring?.DatasetDigest,
            });
        }
    }

    private ReadOnlyMemory<byte>? Logo() =>
        Bundle.Challenge.Image is { } image && Files.TryGet(image.Path, out var content) ? content : null;
}
