using Palio.Server.EvalAi.Wire;

namespace Palio.Server.EvalAi.NotHere;

/// <summary>
/// EvalAI's addresses of what Palio has not: its AWS clusters and workers, mail, and results written by hand. Each says what to do instead,
/// in the shape that EvalAI's clients show. The list stands in docs/evalai.md, too.
/// </summary>
internal static class NotHereRoutes
{
    private const string Workers =
        "Palio has no clusters or workers of EvalAI's kind: its own workers evaluate, and what they do is on each submission's page. A host's own machines join with 'palio worker'.";

    private const string Mail = "This instance sends no mail. Give people the challenge's address: they make their own accounts, and allowed_email_ids says who may submit.";

    private const string Scores = "A score follows from its evaluation and is not written by hand. Run the submission again, or take it off the board (is_flagged).";

    private const string Hosts = "All hosts of a team are alike. To bring somebody in, invite them: POST …/challenge_host_teams/TEAM/invite.";

    private const string Site = "Palio has no such page. Write to the instance's administrator.";

    /// <summary>Verb, address below <c>/api</c>, and what to say.</summary>
    public static readonly IReadOnlyList<(string Method, string Path, string Text)> All =
    [
        ("GET", "/challenges/{challenge:int}/get_worker_logs", Workers),
        ("PUT", "/challenges/{challenge:int}/manage_worker/{action}", Workers),
        ("PUT", "/challenges/{challenge:int}/scale_resources", Workers),
        ("PUT", "/challenges/{challenge:int}/manage_ec2_instance/{action}", Workers),
        ("PUT", "/challenges/{challenge:int}/create_ec2_instance", Workers),
        ("PUT", "/challenges/{challenge:int}/delete_ec2_instance", Workers),
        ("GET", "/challenges/{challenge:int}/get_ec2_instance_details", Workers),
        ("GET", "/challenges/challenge/{challenge:int}/autoscale_meta", Workers),
        ("GET", "/challenges/challenge/{challenge:int}/pending_submission_count", Workers),
        ("GET", "/challenges/challenge/autoscale_eligible_challenges", Workers),
        ("PATCH", "/challenges/challenge/{challenge:int}/update_evaluation_module_error", Workers),
        ("POST", "/challenges/challenge/{challenge:int}/clear_worker_state", Workers),
        ("POST", "/challenges/{challenge:int}/send-invitation", Mail),
        ("GET", "/challenges/{key}/accept-invitation", Mail),
        ("PATCH", "/challenges/{key}/accept-invitation", Mail),
        ("PATCH", "/jobs/leaderboard_data/{row:int}", Scores),
        ("POST", "/hosts/challenge_host_team/{team:int}/challenge_host", Hosts),
        ("PUT", "/hosts/challenge_host_team/{team:int}/challenge_host/{member:int}", Hosts),
        ("PATCH", "/hosts/challenge_host_team/{team:int}/challenge_host/{member:int}", Hosts),
        ("GET", "/challenges/challenge/create/leaderboard/{board:int}", "A leaderboard is a part of its challenge's bundle: read it with the phase splits, …/challenge_phase_split."),
        ("PATCH", "/challenges/challenge/create/leaderboard/{board:int}", "A leaderboard is a part of its challenge's bundle: publish the bundle with another schema."),
        ("GET", "/challenges/challenge/create/dataset_split/{split:int}", "A dataset split is a part of its challenge's bundle: read it with the phase splits, …/challenge_phase_split."),
        ("PATCH", "/challenges/challenge/create/dataset_split/{split:int}", "A dataset split is a part of its challenge's bundle: publish the bundle with another name."),
        ("GET", "/web/contact", Site),
        ("POST", "/web/contact", Site),
        ("POST", "/web/subscribe", Site),
        ("GET", "/web/team", Site),
        ("POST", "/web/team/add", Site),
        ("POST", "/web/notify_users", Site),
    ];

    public static void MapEvalAiNotHere(this IEndpointRouteBuilder api)
    {
        foreach (var (method, path, text) in All)
        {
            var route = api.MapMethods(path, [method], () => EvalAiResults.Error(StatusCodes.Status406NotAcceptable, text));
            if (text is Site or Mail)
            {
                route.AllowAnonymous();
            }
        }
    }
}
