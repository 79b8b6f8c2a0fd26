using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Palio.Server.Tests.Support;

namespace Palio.Server.Tests.EvalAi;

/// <summary>Every object has exactly EvalAI's keys. Challenge, phase, submission and board row stand beside their own tests.</summary>
public sealed partial class KeyTests
{
    private static readonly string[] Address =
        ["affiliation", "github_url", "google_scholar_url", "linkedin_url", "address_street", "address_city", "address_state", "address_country", "university"];

    [Fact]
    public async Task People_AndTeams()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var scene = await EvalAiScene.OfAsync(played);
        Is(await JsonAsync(played.Participant, "/api/auth/user/"),
            [.. Address, "pk", "email", "username", "first_name", "last_name", "is_profile_complete", "is_profile_fields_locked", "email_bounced"]);
        string[] team = ["id", "team_name", "created_by", "team_url"];
        var own = await JsonAsync(played.Participant, $"/api/participants/participant_team/{scene.Team}");
        Is(own, [.. team, "members"]);
        Is(own.GetProperty("members")[0], ["member_name", "first_name", "last_name", "email", "status", "profile"]);
        Is(own.GetProperty("members")[0].GetProperty("profile"), Address);
        var hosts = await JsonAsync(played.Host, $"/api/hosts/challenge_host_team/{scene.HostTeam}");
        Is(hosts, [.. team, "members"]);
        Is(hosts.GetProperty("members")[0], ["id", "user", "team_name", "status", "permissions"]);
        Is(await JsonAsync(played.Participant, $"/api/participants/challenges/{scene.Challenge}/team_details/"), team);
        Is((await JsonAsync(played.Palio.Anonymous, $"/api/challenges/challenge/{scene.Challenge}/")).GetProperty("creator"), team);
        Is((await JsonAsync(played.Host, $"/api/challenges/challenge/{scene.Challenge}/get_participant_teams/")).GetProperty("participant_teams")[0], [.. team, "members", "approved"]);
        Is(await JsonAsync(played.Participant, $"/api/challenges/{scene.Challenge}/participant_team/team_detail"), ["approved", "participant_team"]);
    }

    [Fact]
    public async Task Splits_AndSubmissionsForHosts()
    {
        await using var played = await PlayedChallenge.StartAsync();
        var scene = await EvalAiScene.OfAsync(played);
        await SubmissionTests.SubmitAsync(played, scene, "agent");
        Is((await JsonAsync(played.Participant, $"/api/challenges/{scene.Challenge}/challenge_phase_split"))[0],
            ["id", "dataset_split", "challenge_phase", "challenge_phase_name", "dataset_split_name", "visibility", "show_leaderboard_by_latest_submission", "show_execution_time",
                "show_scores_on_leaderboard", "leaderboard_schema", "is_multi_metric_leaderboard"]);
        Is((await JsonAsync(played.Host, $"/api/challenges/{scene.Challenge}/challenge_phase/{scene.Phase}/submissions")).GetProperty("results")[0],
            ["id", "participant_team", "challenge_phase", "created_by", "status", "is_public", "is_flagged", "submission_number", "submitted_at", "rerun_resumed_at", "execution_time", "input_file",
                "submission_input_file", "stdout_file", "stderr_file", "environment_log_file", "submission_result_file", "submission_metadata_file", "participant_team_members_email_ids",
                "participant_team_members_affiliations", "created_at", "method_name", "participant_team_members", "submission_metadata", "method_description", "publication_url", "project_url",
                "is_verified_by_host"]);
        Is(await JsonAsync(played.Host, $"/api/analytics/challenge/{scene.Challenge}/challenge_phase/{scene.Phase}/analytics"),
            ["total_submissions", "participant_team_count", "flagged_submissions_count", "public_submissions_count", "challenge_phase"]);
    }

    [Fact]
    public async Task Challenge_OfAQueue()
    {
        await using var remote = await Workers.RemoteChallenge.StartAsync();
        Is(await JsonAsync(remote.Worker, $"/api/challenges/challenge/queues/{remote.Queue}/"),
            ["id", "title", "short_description", "description", "terms_and_conditions", "submission_guidelines", "start_date", "end_date", "creator", "evaluation_details", "published",
                "challenge_usage_type", "submission_time_limit", "is_registration_open", "enable_forum", "anonymous_leaderboard", "leaderboard_description", "image", "is_active",
                "evaluation_script", "allowed_email_domains", "blocked_email_domains", "banned_email_ids", "require_complete_profile", "max_team_members", "forum_url", "remote_evaluation",
                "allow_resuming_submissions", "allow_host_cancel_submissions", "allow_cancel_running_submissions", "allow_participants_resubmissions", "is_docker_based",
                "is_static_dataset_code_upload", "slug", "max_docker_image_size", "cli_version", "github_repository", "github_branch", "vpc_cidr", "subnet_1_cidr", "subnet_2_cidr",
                "worker_instance_type", "worker_ami_type", "worker_disk_size", "max_worker_instance", "min_worker_instance", "desired_worker_instance", "cpu_only_jobs", "job_cpu_cores",
                "job_memory", "uses_ec2_worker", "ec2_storage", "ephemeral_storage", "evaluation_module_error", "worker_image_url", "worker_python_version", "sqs_retention_period",
                "use_fifo_sqs"]);
    }

    [Fact]
    public async Task Guide_NamesEveryAddress_AndNoOther()
    {
        await using var palio = await PalioInstance.StartAsync();
        var mapped = palio.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<ITagsMetadata>()?.Tags.Contains("EvalAI") == true && endpoint.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal))
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.Select(method => $"{method} {Constraint().Replace(endpoint.RoutePattern.RawText!, "}")}"));
        await using var guide = typeof(Palio.Server.Hosting.PalioServer).Assembly.GetManifestResourceStream("docs/evalai.md")!;
        using var reader = new StreamReader(guide);
        var named = Row().Matches(await reader.ReadToEndAsync(TestContext.Current.CancellationToken))
            .SelectMany(row => row.Groups["verbs"].Value.Split(' ').Select(verb => $"{verb} {row.Groups["path"].Value}"));
        Assert.Equal(mapped.Distinct().Order(StringComparer.Ordinal), named.Order(StringComparer.Ordinal));
    }

    private static async Task<JsonElement> JsonAsync(HttpClient client, string path) => (await client.AskAsync(path)).Ok().Json;

    private static void Is(JsonElement shown, string[] keys) => Assert.Equal(keys.Order(StringComparer.Ordinal), shown.EnumerateObject().Select(key => key.Name).Order(StringComparer.Ordinal));

    [GeneratedRegex(@":\w+\}")]
    private static partial Regex Constraint();

    [GeneratedRegex(@"^\| (?<verbs>[A-Z ]+) \| `(?<path>/api/[^`]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
