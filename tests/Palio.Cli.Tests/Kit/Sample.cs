using Palio.Protocol.Api;
using Palio.Protocol.Evaluations;

namespace Palio.Cli.Tests.Kit;

/// <summary>Answers of a server with one challenge, cartpole, and one phase, dev.</summary>
internal static class Sample
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public static TeamSummary Team { get; } = new(7, "Ada's Team", "ada-s-team", TeamKind.Participant, ["ada"]);

    public static Me Me { get; } = new(1, "ada", "ada@example.org", false, [Team], [TokenScope.Submit], Noon.AddDays(90));

    public static InstanceInfo Instance { get; } = new("Test", "0.1.0", "palio.test", false, true);

    public static ChallengeSummary Summary { get; } = new(3, "cartpole", "CartPole", "Balance", ChallengeState.Ongoing, Noon, null, "Hosts", null, [], 1);

    public static ChallengeDetail Challenge(bool takesPart = true, string state = "open", string? refusal = null, bool approved = true) => new()
    {
        Summary = Summary,
        DescriptionHtml = "",
        EvaluationHtml = "",
        TermsHtml = "<p>Play <b>fair</b>.</p>",
        SubmissionGuidelinesHtml = "",
        Revision = 1,
        RequiresApproval = false,
        Phases = [Phase(state, refusal)],
        Participation = takesPart ? new Participation(9, Team, Noon, approved, false) : null,
        Repository = takesPart ? "palio.test/cartpole/ada-s-team" : null,
    };

    public static SubmissionSummary Submission(SubmissionState state = SubmissionState.Waiting, double? score = null) => new()
    {
        Id = 12,
        Number = 1,
        Challenge = "cartpole",
        Phase = "dev",
        Team = Team.Name,
        SubmittedBy = "ada",
        Submitted = Noon,
        State = state,
        EvaluationState = EvaluationState.Queued,
        Digest = FakeEngine.Digest,
        Public = true,
        Counts = true,
        Score = score,
    };

    public static SubmissionDetail Detail(SubmissionState state, Fault? fault = null) => new()
    {
        Summary = Submission(state, state == SubmissionState.Finished ? 499.5 : null),
        Evaluations = [Evaluation(EvaluationState.Finished) with { Fault = fault }],
    };

    public static EvaluationDetail Evaluation(EvaluationState state, int done = 10) => new()
    {
        Id = 44,
        State = state,
        EpisodesDone = done,
        EpisodesTotal = 10,
        Queued = Noon,
        Scores = [new MetricScore("score", 499.5, 498, 500, 10, 10)],
    };

    private static PhaseDetail Phase(string state, string? refusal) => new()
    {
        Id = 5,
        Codename = "dev",
        Name = "Dev",
        DescriptionHtml = "",
        State = state,
        MaxSubmissions = -1,
        MaxPerDay = 5,
        MaxPerMonth = 50,
        MaxConcurrent = 2,
        Remaining = new RemainingSubmissions(-1, 5, 50, 2, refusal),
        Splits = [],
        Limits = new Dictionary<string, string>(),
    };
}
