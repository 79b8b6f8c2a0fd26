using System.Text.Json;
using System.Text.Json.Nodes;
using Palio.Server.Auth;
using Palio.Server.Data;
using Palio.Server.EvalAi.Challenges;
using Palio.Server.EvalAi.Wire;
using Palio.Server.Hosting;

namespace Palio.Server.EvalAi.Workers;

/// <summary>
/// The challenge of a queue, as a worker asks for it when it starts: EvalAI's keys, those of its clusters among them, which say what EvalAI
/// says of a challenge that never asked for one.
/// </summary>
internal static class WorkerChallenge
{
    private static readonly string[] Keys =
    [
        "id", "title", "short_description", "description", "terms_and_conditions", "submission_guidelines", "start_date", "end_date", "creator", "evaluation_details", "published",
        "challenge_usage_type", "submission_time_limit", "is_registration_open", "enable_forum", "anonymous_leaderboard", "leaderboard_description", "image", "is_active",
        "allowed_email_domains", "blocked_email_domains", "banned_email_ids", "require_complete_profile", "max_team_members", "forum_url", "remote_evaluation",
        "allow_resuming_submissions", "allow_host_cancel_submissions", "allow_cancel_running_submissions", "allow_participants_resubmissions", "is_docker_based",
        "is_static_dataset_code_upload", "slug", "max_docker_image_size", "cli_version", "github_repository", "github_branch", "worker_instance_type", "cpu_only_jobs", "job_cpu_cores",
        "job_memory", "uses_ec2_worker", "ec2_storage", "ephemeral_storage", "evaluation_module_error", "worker_image_url", "worker_python_version", "sqs_retention_period", "use_fifo_sqs",
    ];

    public static async Task<IResult> ReadAsync(
        string queue, WorkerAccess access, CurrentUser caller, PalioDbContext db, InstanceAddress address, TimeProvider time, CancellationToken cancellationToken)
    {
        var challenge = await access.OfQueueAsync(queue, cancellationToken);
        var row = await ChallengeRow.ReadAsync(challenge.Id, caller, db, cancellationToken);
        var known = JsonSerializer.SerializeToElement(EvalAiChallenge.From(row, true, address.PublicUrl, time.GetUtcNow()), EvalAiJson.Options);
        var shown = new JsonObject(Keys.Select(key => KeyValuePair.Create(key, JsonNode.Parse(known.GetProperty(key).GetRawText()))));
        foreach (var (key, value) in Clusters())
        {
            shown[key] = value;
        }

        return EvalAiResults.Json(shown);
    }

    private static Dictionary<string, JsonNode?> Clusters() => new()
    {
        ["evaluation_script"] = null,
        ["vpc_cidr"] = "",
        ["subnet_1_cidr"] = "",
        ["subnet_2_cidr"] = "",
        ["worker_ami_type"] = "AL2_x86_64_GPU",
        ["worker_disk_size"] = 100,
        ["max_worker_instance"] = 10,
        ["min_worker_instance"] = 1,
        ["desired_worker_instance"] = 1,
    };
}
