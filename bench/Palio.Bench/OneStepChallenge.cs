using System.Net.Http.Json;
using Palio.Protocol.Api;

namespace Palio.Bench;

/// <summary>The smallest challenge there is: one episode of one step, an environment and an agent that answer at once, in one static image.</summary>
internal static class OneStepChallenge
{
    /// <summary>The image of both sides; <c>agent</c>, <c>environment</c> or <c>exit</c> says which.</summary>
    public const string Image = "palio-bench/one-step:1";

    /// <summary>Submissions that the phase <c>limited</c> takes of a team.</summary>
    public const int Limit = 5;

    /// <summary>Where the agent's image goes.</summary>
    public const string Repository = "one-step/bench";

    /// <summary>The phase where a play has so many episodes: <c>episodes-50</c>.</summary>
    public static string PhaseOf(int episodes) => $"episodes-{episodes}";

    /// <summary>How many episodes a play has in the phases that differ in nothing else.</summary>
    public static readonly int[] Episodes = [50, 500, 5000];

    private static string Config
    {
        get
        {
            string[] phases = [Phase(1, "bench", 1, 1_000_000), Phase(2, "limited", 1, Limit), .. Episodes.Select((episodes, i) => Phase(3 + i, PhaseOf(episodes), episodes, 1_000_000))];
            var splits = phases.Select((_, i) => $"  - challenge_phase_id: {i + 1}\n    leaderboard_id: 1\n    dataset_split_id: 1\n    visibility: 3\n");
            return $$"""
                title: One step
                short_description: Episodes of one step
                description: description.md
                evaluation_details: description.md
                terms_and_conditions: description.md
                submission_guidelines: description.md
                start_date: 2020-01-01 00:00:00
                end_date: 2090-01-01 00:00:00
                published: True
                leaderboard:
                  - id: 1
                    schema: {"labels": ["score"], "default_order_by": "score"}
                dataset_splits:
                  - {id: 1, name: Bench, codename: bench}
                challenge_phases:
                {{string.Concat(phases)}}
                challenge_phase_splits:
                {{string.Concat(splits)}}
                """;
        }
    }

    private static string Phase(int id, string codename, int episodes, int limit) => $$"""
          - id: {{id}}
            name: {{codename}}
            codename: {{codename}}
            description: description.md
            is_public: True
            is_submission_public: True
            leaderboard_public: True
            start_date: 2020-01-01 00:00:00
            end_date: 2090-01-01 00:00:00
            max_submissions: {{limit}}
            max_submissions_per_day: {{limit}}
            max_submissions_per_month: {{limit}}
            max_concurrent_submissions_allowed: {{Math.Min(limit, 100)}}
            environment_image: one-step/host/environment:1
            evaluation:
              episodes: {{episodes}}
              seeds: public
              max_steps: 1
              step_time_limit: 10s
              on_failure: {score: 0}
              resources: {agent: {cpus: 1, memory: 128MiB}, environment: {cpus: 1, memory: 128MiB} }
              metrics:
                score: {from: return, aggregate: mean}

        """;

    /// <summary>
    /// Builds the image, publishes the challenge as another person, since hosts' own entries do not stand on the board, joins it, pushes the
    /// agent; returns what to submit.
    /// </summary>
    public static async Task<SubmitRequest> PrepareAsync(BenchServer server, string root, CancellationToken cancellationToken)
    {
        await BuildImagesAsync(root, cancellationToken);
        var participant = server.Token;
        var bundle = Directory.CreateTempSubdirectory("palio-bench-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(bundle.FullName, "challenge_config.yaml"), Config, cancellationToken);
            await File.WriteAllTextAsync(Path.Combine(bundle.FullName, "description.md"), "One step.\n", cancellationToken);
            server.Token = server.HostToken = (await server.RegisterAsync("bench-host", cancellationToken)).Parameter;
            await server.CliAsync(["team", "create", "Bench hosts", "--host-team"], cancellationToken);
            await server.CliAsync(["challenge", "publish", bundle.FullName, "--environment", "palio-bench/one-step-environment:1"], cancellationToken);
        }
        finally
        {
            server.Token = participant;
            bundle.Delete(recursive: true);
        }

        await server.CliAsync(["team", "create", "bench"], cancellationToken);
        await server.CliAsync(["participate", "one-step", "--accept-terms"], cancellationToken);
        await server.CliAsync(["push", "palio-bench/one-step-agent:1", "--phase", "one-step/bench", "--wait"], cancellationToken);
        var mine = await server.Http.GetFromJsonAsync("api/v1/submissions?challenge=one-step", ApiJsonContext.Default.PageSubmissionSummary, cancellationToken);
        return new SubmitRequest
        {
            Challenge = "one-step",
            Phase = "bench",
            Digest = mine?.Items[0].Digest ?? throw new InvalidOperationException("the agent was not submitted"),
        };
    }

    /// <summary>Three images over one static program, so that nothing but the engine is measured.</summary>
    private static async Task BuildImagesAsync(string root, CancellationToken cancellationToken)
    {
        var context = Directory.CreateTempSubdirectory("palio-bench-");
        try
        {
            File.Copy(BenchPrograms.Players(root), Path.Combine(context.FullName, "one-step"));
            (string Tag, string Command)[] images = [(Image, "exit"), ("palio-bench/one-step-agent:1", "agent"), ("palio-bench/one-step-environment:1", "environment")];
            foreach (var (_, command) in images)
            {
                await File.WriteAllTextAsync(Path.Combine(context.FullName, command),
                    $"FROM scratch\nCOPY one-step /one-step\nUSER 65534\nENTRYPOINT [\"/one-step\"]\nCMD [\"{command}\"]\n", cancellationToken);
            }

            await Task.WhenAll(images.Select(image => BuildImageAsync(context.FullName, image.Tag, image.Command, cancellationToken)));
        }
        finally
        {
            context.Delete(recursive: true);
        }
    }

    private static async Task BuildImageAsync(string context, string tag, string command, CancellationToken cancellationToken)
    {
        await using var build = BenchProcess.Start(["docker", "build", "-q", "-f", Path.Combine(context, command), "-t", tag, context]);
        await build.ReadLineAsync(cancellationToken);
    }
}
