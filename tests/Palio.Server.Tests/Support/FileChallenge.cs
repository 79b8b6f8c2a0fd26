using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Palio.Evaluation.Workers;
using Palio.Protocol.Api;
using Palio.Protocol.Evaluations;

namespace Palio.Server.Tests.Support;

/// <summary>A published challenge whose phase takes files, scored by a script on two splits; with a host and a participant.</summary>
internal sealed class FileChallenge : IAsyncDisposable
{
    public const string Config =
        """
        title: Guess
        short_description: Guess the numbers.
        description: page.md
        evaluation_details: page.md
        terms_and_conditions: page.md
        submission_guidelines: page.md
        evaluation_script: evaluation_script.zip
        start_date: 2026-01-01 00:00:00
        end_date: 2026-12-31 00:00:00
        published: True
        leaderboard:
          - id: 1
            schema: {"labels": ["Accuracy", "Total"], "default_order_by": "Total"}
        challenge_phases:
          - id: 1
            name: Test
            codename: test
            description: page.md
            start_date: 2026-01-01 00:00:00
            end_date: 2026-12-31 00:00:00
            test_annotation_file: annotations/truth.json
            is_public: True
            leaderboard_public: True
            is_submission_public: True
            max_submissions: 20
            max_submissions_per_month: 20
            max_submissions_per_day: 20
            max_concurrent_submissions_allowed: 2
            allowed_submission_file_types: ".json, .csv"
            evaluation: {max_file_size: 4KiB, time_limits: {total: 2m}}
        dataset_splits:
          - {id: 1, name: First half, codename: first}
          - {id: 2, name: Second half, codename: second}
        challenge_phase_splits:
          - {challenge_phase_id: 1, leaderboard_id: 1, dataset_split_id: 1, visibility: 3, leaderboard_decimal_precision: 2, is_leaderboard_order_descending: True}
          - {challenge_phase_id: 1, leaderboard_id: 1, dataset_split_id: 2, visibility: 3, leaderboard_decimal_precision: 2, is_leaderboard_order_descending: True}
        """;

    public const string Result =
        """{"result": [{"first": {"Accuracy": 0.5, "Total": 50}}, {"second": {"Accuracy": 0.75, "Total": 75}}], "submission_result": {"Total": 50}}""";

    public static readonly PodPolicy Policy = new() { Version = 1, Engine = "test", Runtime = "runc", Restrictions = new Dictionary<string, string>() };

    public required PalioInstance Palio { get; init; }

    public required HttpClient Host { get; init; }

    public required HttpClient Participant { get; init; }

    public IJobSource Jobs => Palio.App.Services.GetRequiredService<IJobSource>();

    public static async Task<FileChallenge> StartAsync(string config = Config, Action<PalioInstance>? prepare = null)
    {
        var palio = await PalioInstance.StartAsync("--Challenges:SelfService", "true", "--Scoring:Image", "palio/python:1");
        prepare?.Invoke(palio);
        var host = await palio.PersonAsync("hanna");
        await host.PostAsync<TeamSummary>("/api/v1/teams", new CreateTeamRequest { Name = "Hosts", Kind = TeamKind.Host });
        using var published = await host.PublishAsync(Zip(config));
        Assert.True(published.StatusCode == HttpStatusCode.Created, await published.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var participant = await palio.PersonAsync("pia");
        await participant.PostAsync<TeamSummary>("/api/v1/teams", new CreateTeamRequest { Name = "Players" });
        await participant.PostAsync<Participation>("/api/v1/challenges/guess/participation", new ParticipateRequest { AcceptTerms = true });
        return new FileChallenge { Palio = palio, Host = host, Participant = participant };
    }

    public static byte[] Zip(string config) => TestBundle.Zip(
        config, ("evaluation_script/__init__.py", "from .main import evaluate"), ("evaluation_script/main.py", "def evaluate(*a, **k): pass"),
        ("annotations/truth.json", "[1, 2, 3]"));

    public async Task<HttpResponseMessage> SendAsync(string name, string content, bool fileFirst = false, string query = "", params (string Name, string Value)[] more)
    {
        using var form = new MultipartFormDataContent();
        var file = new ByteArrayContent(Encoding.UTF8.GetBytes(content));
        file.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        if (fileFirst)
        {
            form.Add(file, "file", name);
        }

        foreach (var (field, value) in more.Prepend(("phase", "test")).Prepend(("challenge", "guess")))
        {
            form.Add(new StringContent(value), field);
        }

        if (!fileFirst)
        {
            form.Add(file, "file", name);
        }

        return await Participant.PostAsync($"/api/v1/submissions/file{query}", form, TestContext.Current.CancellationToken);
    }

    public async Task<SubmissionSummary> SubmitAsync(string name = "guess.json", string content = "[1, 2, 4]", string query = "")
    {
        using var response = await SendAsync(name, content, query: query);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, text);
        return System.Text.Json.JsonSerializer.Deserialize<SubmissionSummary>(text, HttpExtensions.Json)!;
    }

    public async Task<EvaluationJob> LeaseAsync() =>
        await Jobs.LeaseAsync(PlayedChallenge.Worker, TimeSpan.Zero, TestContext.Current.CancellationToken) ?? throw new InvalidOperationException("There is no work.");

    public Task<LeaseStanding> ScoreAsync(EvaluationJob job, string result = Result) =>
        Jobs.ReportAsync(job.Lease, new ScoredReport(result, Policy, PodTimings.None), TestContext.Current.CancellationToken);

    public Task<SubmissionDetail> DetailAsync(int id) => Participant.GetAsync<SubmissionDetail>($"/api/v1/submissions/{id}");

    public ValueTask DisposeAsync() => Palio.DisposeAsync();
}
