using System.IO.Compression;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Palio.Protocol.Api;

namespace Palio.Server.Tests.Support;

/// <summary>A challenge's bundle as text, zipped.</summary>
internal static class TestBundle
{
    public const string Config =
        """
        title: Pole
        short_description: Keep it upright.
        description: description.html
        evaluation_details: page.md
        terms_and_conditions: page.md
        submission_guidelines: page.md
        start_date: 2026-01-01 00:00:00
        end_date: 2026-12-31 00:00:00
        published: true
        is_docker_based: true
        leaderboard:
          - id: 1
            schema: {labels: [score], default_order_by: score}
        challenge_phases:
          - id: 1
            name: Dev
            codename: dev
            description: page.md
            start_date: 2026-01-01 00:00:00
            end_date: 2026-12-31 00:00:00
            is_public: true
            leaderboard_public: true
            is_submission_public: true
            max_submissions: 20
            max_submissions_per_month: 15
            max_submissions_per_day: 10
            max_concurrent_submissions_allowed: 10
            environment_image: pole/host/environment:1
            evaluation:
              episodes: 3
              seeds: hidden
              max_steps: 50
              metrics:
                score: {from: return, aggregate: mean}
        dataset_splits:
          - {id: 1, name: Hidden, codename: hidden}
        challenge_phase_splits:
          - {challenge_phase_id: 1, leaderboard_id: 1, dataset_split_id: 1, visibility: 3, leaderboard_decimal_precision: 2, is_leaderboard_order_descending: true}
        """;

    public static byte[] Zip(string config = Config, params (string Path, string Text)[] more)
    {
        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add(zip, "challenge_config.yaml", config);
            Add(zip, "description.html", "<p onclick=\"x()\">Balance</p><script>alert(1)</script>");
            Add(zip, "page.md", "# Page\n\nText.");
            foreach (var (path, text) in more)
            {
                Add(zip, path, text);
            }
        }

        return memory.ToArray();
    }

    public static async Task<HttpResponseMessage> PublishAsync(this HttpClient host, byte[] zip, string query = "")
    {
        using var content = new ByteArrayContent(zip);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/zip");
        return await host.PostAsync($"/api/v1/challenges{query}", content, TestContext.Current.CancellationToken);
    }

    public static async Task<PublishResult> ReadAsync(this HttpResponseMessage response) =>
        await response.Content.ReadFromJsonAsync<PublishResult>(HttpExtensions.Json, TestContext.Current.CancellationToken) ?? throw new InvalidOperationException();

    private static void Add(ZipArchive zip, string path, string text)
    {
        using var writer = new StreamWriter(zip.CreateEntry(path).Open());
        writer.Write(text);
    }
}
