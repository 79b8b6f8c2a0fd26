using System.Net;
using Palio.Cli.Session;
using Palio.Cli.Tests.Kit;
using Palio.Protocol.Api;

namespace Palio.Cli.Tests.Commands;

public sealed class SubmitCommandTests : IDisposable
{
    private readonly CliHarness _cli = new CliHarness().SignedIn();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("palio-cli-test-");

    public SubmitCommandTests()
    {
        _cli.Server.On("GET /challenges/cartpole", Sample.Challenge(), ApiJsonContext.Default.ChallengeDetail);
        _cli.Server.On("POST /submissions", Sample.Submission(), ApiJsonContext.Default.SubmissionSummary, HttpStatusCode.Created);
    }

    public void Dispose()
    {
        _cli.Dispose();
        _folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData(FakeEngine.Digest)]
    [InlineData("cartpole/ada-s-team@" + FakeEngine.Digest)]
    [InlineData("palio.test/cartpole/ada-s-team@" + FakeEngine.Digest)]
    [InlineData("palio.test/cartpole/ada-s-team:1@" + FakeEngine.Digest)]
    public async Task Submit_DigestInItsForms_SubmitsTheDigest(string image)
    {
        var result = await _cli.RunAsync("submit", image, "--phase", "cartpole/dev");

        Assert.Equal(ExitCode.Ok, result.Exit);
        Assert.Equal(FakeEngine.Digest, _cli.Server.Asked("POST /submissions").Read(ApiJsonContext.Default.SubmitRequest).Digest);
    }

    [Theory]
    [InlineData("my-agent:1")]
    [InlineData("cartpole/ada-s-team@sha256:12")]
    public async Task Submit_WithoutDigest_SaysWhyATagWillNotDo(string image)
    {
        var result = await _cli.RunAsync("submit", image, "--phase", "cartpole/dev");

        Assert.Equal(ExitCode.Usage, result.Exit);
        Assert.Contains("digest", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_AFile_SendsItWithItsFields()
    {
        var file = TakeFiles("guess.csv", "1,2");
        _cli.Server.On("POST /submissions/file", Sample.Submission(), ApiJsonContext.Default.SubmissionSummary, HttpStatusCode.Created);

        var result = await _cli.RunAsync("submit", "--file", file, "--phase", "cartpole/dev", "--name", "Luck", "--metadata", "Seed=1");

        Assert.Equal(ExitCode.Ok, result.Exit);
        var sent = _cli.Server.Asked("POST /submissions/file");
        var body = System.Text.Encoding.UTF8.GetString(sent.Body);
        Assert.NotNull(sent.IdempotencyKey);
        Assert.All(["guess.csv", "1,2", "Luck", "{\"Seed\":\"1\"}"], text => Assert.Contains(text, body, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("guess.exe", "1", "file_type")]
    [InlineData("guess.csv", "", "file_empty")]
    [InlineData("guess.csv", "12345678901", "file_too_large")]
    public async Task Submit_AFileThatThePhaseDoesNotTake_IsRefusedBeforeItIsSent(string name, string content, string code)
    {
        var file = TakeFiles(name, content);

        var result = await _cli.RunAsync("submit", "--file", file, "--phase", "cartpole/dev", "--json");

        Assert.Equal(ExitCode.InvalidInput, result.Exit);
        Assert.Contains(code, result.Output + result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(_cli.Server.Requests, request => request.Route == "POST /submissions/file");
    }

    [Fact]
    public async Task Submit_NeitherImageNorFile_SaysWhatToGive()
    {
        var result = await _cli.RunAsync("submit", "--phase", "cartpole/dev");

        Assert.Equal(ExitCode.Usage, result.Exit);
        Assert.Contains("--file", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_AnotherRepository_NamesTheTeamsOwn()
    {
        var result = await _cli.RunAsync("submit", "cartpole/others@" + FakeEngine.Digest, "--phase", "cartpole/dev");

        Assert.Equal(ExitCode.InvalidInput, result.Exit);
        Assert.Contains("palio.test/cartpole/ada-s-team", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_ChallengeAlone_NamesItsPhases()
    {
        _cli.Server.On("GET /challenges", new Page<ChallengeSummary>([Sample.Summary], 1, 1, 100), ApiJsonContext.Default.PageChallengeSummary);

        var result = await _cli.RunAsync("submit", FakeEngine.Digest, "--phase", "cartpole");

        Assert.Equal(ExitCode.Usage, result.Exit);
        Assert.Contains("cartpole/dev", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_NoNumber_IsMisuseInPlainWords()
    {
        var result = await _cli.RunAsync("status", "x");

        Assert.Equal(ExitCode.Usage, result.Exit);
        Assert.Contains("'x' is no number", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_PhaseAlone_IsFoundAmongOnesChallenges()
    {
        _cli.Server.On("GET /challenges", new Page<ChallengeSummary>([Sample.Summary], 1, 1, 100), ApiJsonContext.Default.PageChallengeSummary);

        var result = await _cli.RunAsync("submit", FakeEngine.Digest, "--phase", "dev");

        Assert.Equal(ExitCode.Ok, result.Exit);
        Assert.Contains("participating=true", _cli.Server.Asked("GET /challenges").Query, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests, "quota_day", ExitCode.Quota)]
    [InlineData(HttpStatusCode.Conflict, "phase_closed", ExitCode.InvalidInput)]
    [InlineData(HttpStatusCode.UnprocessableEntity, "image_architecture", ExitCode.InvalidInput)]
    [InlineData(HttpStatusCode.Forbidden, "scope", ExitCode.Auth)]
    [InlineData(HttpStatusCode.InternalServerError, "internal", ExitCode.PlatformFailed)]
    public async Task Submit_Refused_GivesTheServersWordsAndItsExitCode(HttpStatusCode status, string code, int exit)
    {
        _cli.Server.Refuse("POST /submissions", status, code, "That will not do.", "Do it otherwise.");

        var result = await _cli.RunAsync("submit", FakeEngine.Digest, "--phase", "cartpole/dev", "--json");

        Assert.Equal(exit, result.Exit);
        Assert.Equal(code, (string?)result.Json["error"]!["code"]);
        Assert.Equal("That will not do.", (string?)result.Json["error"]!["message"]);
        Assert.Equal(exit, (int?)result.Json["error"]!["exitCode"]);
    }

    private string TakeFiles(string name, string content)
    {
        var challenge = Sample.Challenge();
        var phase = challenge.Phases[0] with { TakesFiles = true, FileTypes = [".csv", ".json"], MaxFileBytes = 10 };
        _cli.Server.On("GET /challenges/cartpole", challenge with { Phases = [phase] }, ApiJsonContext.Default.ChallengeDetail);
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, content);
        return path;
    }
}
