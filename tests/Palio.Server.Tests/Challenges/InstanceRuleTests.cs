using System.Net;
using Palio.Protocol.Api;
using Palio.Server.Hosting;
using Palio.Server.Tests.Support;

namespace Palio.Server.Tests.Challenges;

public sealed class InstanceRuleTests
{
    private const string Digest = "@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("", "ghcr.io/them/environment" + Digest, "ghcr.io")]
    [InlineData("", "them/environment" + Digest, "docker.io")]
    [InlineData("", "index.docker.io/them/environment" + Digest, "docker.io")]
    [InlineData("", "environment" + Digest, "docker.io")]
    [InlineData("ghcr.io", "10.0.0.5:5000/x" + Digest, "10.0.0.5:5000")]
    [InlineData("ghcr.io", "evil-ghcr.io/x" + Digest, "evil-ghcr.io")]
    [InlineData("ghcr.io, docker.io", "ghcr.io/them/environment" + Digest, null)]
    [InlineData("ghcr.io, docker.io", "registry-1.docker.io/them/environment" + Digest, null)]
    [InlineData("ghcr.io, docker.io", "environment" + Digest, null)]
    [InlineData("*", "10.0.0.5:5000/x" + Digest, null)]
    [InlineData("", "pole/host/environment:1", null)]
    public async Task EnvironmentImage_OfAnotherRegistry_NeedsTheOperatorsWord(string allowed, string image, string? refused)
    {
        var problems = await ProblemsAsync(
            TestBundle.Config.Replace("pole/host/environment:1", image, StringComparison.Ordinal), "--Challenges:EnvironmentRegistries", allowed);

        var problem = problems.SingleOrDefault(problem => problem.Path == "challenge_phases[0].environment_image");
        Assert.Equal(refused is not null, problem is not null);
        if (problem is not null)
        {
            Assert.Contains(refused + ",", problem.Message, StringComparison.Ordinal);
            Assert.Contains("Challenges:EnvironmentRegistries", problem.Remedy, StringComparison.Ordinal);
            Assert.Equal(LineOf("environment_image"), problem.Line);
        }
    }

    [Theory]
    [InlineData("", "runsc", false)]
    [InlineData("", "runc", false)]
    [InlineData("kata, runsc", "runsc", true)]
    [InlineData("kata, runsc", "RUNSC", false)]
    public async Task Runtime_OfAPhase_NeedsTheOperatorsWord(string offered, string asked, bool taken)
    {
        var problems = await ProblemsAsync(
            TestBundle.Config.Replace("seeds: hidden", $"runtime: {asked}", StringComparison.Ordinal), "--Challenges:Runtimes", offered);

        Assert.Equal(taken, !problems.Any(problem => problem.Path == "challenge_phases[0].evaluation.runtime" && problem.Line == LineOf("seeds: hidden")));
    }

    [Fact]
    public async Task Plan_LongerThanTheRefereeTakes_IsRefusedWithItsPlace()
    {
        // Random text, so that it does not shrink.
        var random = new Random(7);
        var scenarios = string.Concat(Enumerable.Range(0, 40).Select(i =>
            $"\n        - {{name: s{i}, options: {{level: \"{Convert.ToHexString(Bytes(random, 8000))}\"}}}}"));
        var problem = Assert.Single(await ProblemsAsync(TestBundle.Config.Replace("episodes: 3", "episodes:" + scenarios, StringComparison.Ordinal)));

        Assert.Equal("challenge_phases[0].evaluation.episodes", problem.Path);
        Assert.Contains("124 KiB", problem.Message, StringComparison.Ordinal);
        Assert.Equal(LineOf("episodes: 3") + 1, problem.Line);
    }

    [Fact]
    public async Task Plan_OfTheMostEpisodes_Fits() =>
        Assert.Empty(await ProblemsAsync(TestBundle.Config.Replace("episodes: 3", "episodes: 10000", StringComparison.Ordinal)));

    [Theory]
    [InlineData("--Challenges:EnvironmentRegistries", "https://ghcr.io")]
    [InlineData("--Challenges:Runtimes", "/usr/bin/runc")]
    public void Setting_ThatNamesNothing_IsAMistake(string setting, string value)
    {
        var folder = Directory.CreateTempSubdirectory("palio-test-");
        try
        {
            var refused = Assert.Throws<SettingsException>(() => PalioServer.Create(ServerArguments.Parse(["--data", folder.FullName, setting, value])));
            Assert.Contains(setting[2..], Assert.Single(refused.Mistakes), StringComparison.Ordinal);
            Assert.Contains(value, refused.Mistakes[0], StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count / 2];
        random.NextBytes(bytes);
        return bytes;
    }

    private static int LineOf(string text) => Array.FindIndex(TestBundle.Config.Split('\n'), line => line.Contains(text, StringComparison.Ordinal)) + 1;

    private static async Task<IReadOnlyList<BundleProblemDetail>> ProblemsAsync(string config, string setting = "", string value = "")
    {
        await using var palio = await PalioInstance.StartAsync(value.Length == 0 ? [] : [setting, value]);
        var host = await palio.PersonAsync("hanna");
        await host.PostAsync<TeamSummary>("/api/v1/teams", new CreateTeamRequest { Name = "Hosts", Kind = TeamKind.Host });
        palio.Images.Add("pole/host/environment", "environment", "1");
        using var response = await host.PublishAsync(TestBundle.Zip(config), "?dryRun=true");
        var result = await response.ReadAsync();
        Assert.Equal(result.Problems.Any(problem => problem.Severity == "error"), response.StatusCode == HttpStatusCode.UnprocessableEntity);
        return [.. result.Problems.Where(problem => problem.Severity == "error")];
    }
}
