using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Palio.Challenges.Bundles;
using Palio.Challenges.Limits;
using Palio.Protocol.Api;
using Palio.Protocol.Evaluations;
using Palio.Server.EvalAi.Workers;
using Palio.Server.Features.Accounts;
using Palio.Server.Features.Challenges;
using Palio.Server.Features.Evaluations;
using Palio.Server.Features.Leaderboards;
using Palio.Server.Features.Submissions;
using Palio.Server.Features.Teams;

namespace Palio.Server.Data;

/// <summary>The one model; a derived context for each database.</summary>
internal abstract class PalioDbContext(DbContextOptions options) : IdentityUserContext<User, int>(options)
{
    public DbSet<AccessToken> AccessTokens => Set<AccessToken>();

    public DbSet<Team> Teams => Set<Team>();

    public DbSet<TeamMember> TeamMembers => Set<TeamMember>();

    public DbSet<Invitation> Invitations => Set<Invitation>();

    public DbSet<Challenge> Challenges => Set<Challenge>();

    public DbSet<ChallengeRevision> ChallengeRevisions => Set<ChallengeRevision>();

    public DbSet<Phase> Phases => Set<Phase>();

    public DbSet<PhaseRevision> PhaseRevisions => Set<PhaseRevision>();

    public DbSet<PhaseSplit> PhaseSplits => Set<PhaseSplit>();

    public DbSet<ChallengeParticipation> Participations => Set<ChallengeParticipation>();

    public DbSet<ChallengeStar> ChallengeStars => Set<ChallengeStar>();

    public DbSet<RepositoryClaim> RepositoryClaims => Set<RepositoryClaim>();

    public DbSet<Submission> Submissions => Set<Submission>();

    public DbSet<IdempotencyRecord> IdempotencyRecords => Set<IdempotencyRecord>();

    public DbSet<EvaluationRun> Evaluations => Set<EvaluationRun>();

    public DbSet<Episode> Episodes => Set<Episode>();

    public DbSet<Score> Scores => Set<Score>();

    public DbSet<WorkerRecord> Workers => Set<WorkerRecord>();

    public DbSet<BoardEntry> BoardEntries => Set<BoardEntry>();

    public DbSet<BoardChange> BoardChanges => Set<BoardChange>();

    public DbSet<QueueMessage> QueueMessages => Set<QueueMessage>();

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.ApplyConfigurationsFromAssembly(typeof(PalioDbContext).Assembly);
    }

    // Enumerations as words: a database that a person can read, and that does not care about their order.
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        Words<TeamKind>();
        Words<TokenScope>();
        Words<ReviewState>();
        Words<Judging>();
        Words<SubmissionState>();
        Words<SubmissionOutcome>();
        Words<EvaluationState>();
        Words<EpisodeEnd>();
        Words<FaultCode>();
        Words<Blame>();

        void Words<T>() => configurationBuilder.Properties<T>().HaveConversion<string>().HaveMaxLength(40);
    }
}
