using System.Net;
using System.Text;
using Palio.Cli.Session;
using Palio.Cli.Tests.Kit;
using Palio.Protocol.Api;

namespace Palio.Cli.Tests.Commands;

public sealed class ChallengeCommandTests : IDisposable
{
    private readonly CliHarness _cli = new CliHarness().SignedIn();

    public ChallengeCommandTests()
    {
        _cli.Server.On("GET /me", Sample.Me, ApiJsonContext.Default.Me);
        _cli.Server.On("GET /instance", Sample.Instance, ApiJsonContext.Default.InstanceInfo);
        _cli.Server.On("POST /challenges", new PublishResult(Sample.Summary, 1, true, []), ApiJsonContext.Default.PublishResult, HttpStatusCode.Created);
    }

    public void Dispose() => _cli.Dispose();

    [Theory]
    [InlineData("cartpole-python")]
    [InlineData("cartpole-csharp")]
    public async Task Init_Template_WritesABundleThatIsValid(string template)
    {
        var init = await _cli.RunAsync("challenge", "init", "mine", "--template", template);
        var validate = await _cli.RunAsync("challenge", "validate", "mine", "--json");

        Assert.Equal(ExitCode.Ok, init.Exit);
        Assert.True(File.Exists(Path.Combine(_cli.Folder, "mine", "README.md")));
        Assert.Equal(ExitCode.Ok, validate.Exit);
        Assert.True((bool?)validate.Json["valid"]);
        Assert.Empty(validate.Json["problems"]!.AsArray());
    }

    [Fact]
    public async Task Init_PythonTemplate_BringsTheSdk()
    {
        await _cli.RunAsync("challenge", "init", "mine");

        Assert.True(File.Exists(Path.Combine(_cli.Folder, "mine", "palio", "__init__.py")));
    }

    [Fact]
    public async Task Init_FolderInUse_TouchesNothing()
    {
        Directory.CreateDirectory(Path.Combine(_cli.Folder, "mine"));
        await File.WriteAllTextAsync(Path.Combine(_cli.Folder, "mine", "README.md"), "mine", TestContext.Current.CancellationToken);

        var result = await _cli.RunAsync("challenge", "init", "mine");

        Assert.Equal(ExitCode.InvalidInput, result.Exit);
        Assert.Equal("mine", await File.ReadAllTextAsync(Path.Combine(_cli.Folder, "mine", "README.md"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Init_UnknownTemplate_NamesThoseThereAre()
    {
        var result = await _cli.RunAsync("challenge", "init", "mine", "--template", "pong");

        Assert.Equal(ExitCode.Usage, result.Exit);
        Assert.Contains("cartpole-python", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validate_Mistakes_ShowsPlaceAndRemedyAndExits6()
    {
        await _cli.RunAsync("challenge", "init", "mine");
        var config = Path.Combine(_cli.Folder, "mine", "challenge_config.yaml");
        var text = await File.ReadAllTextAsync(config, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(config, text.Replace("max_submissions:", "max_submisions:", StringComparison.Ordinal).Replace("step_time_limit: 100ms", "step_time_limit: soon", StringComparison.Ordinal), Encoding.UTF8, TestContext.Current.CancellationToken);

        var result = await _cli.RunAsync("challenge", "validate", "mine");

        Assert.Equal(ExitCode.InvalidInput, result.Exit);
        Assert.Matches(@"challenge_config\.yaml:\d+:\d+: error: .*soon", result.Output);
        Assert.Matches(@"challenge_config\.yaml:\d+:\d+: (error|warning): .*max_submisions", result.Output);
        Assert.Contains("max_submissions", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validate_NoFolder_Exits4()
    {
        var result = await _cli.RunAsync("challenge", "validate", "nowhere");

        Assert.Equal(ExitCode.NotFound, result.Exit);
    }

    [Fact]
    public async Task Publish_LocalEnvironment_PushesItUnderTheBundlesNameFirst()
    {
        await _cli.RunAsync("challenge", "init", "mine");
        _cli.Engine.Has("my-environment:3");
        _cli.Server.On("GET /me", Sample.Me with { Teams = [Sample.Team with { Kind = TeamKind.Host }] }, ApiJsonContext.Default.Me);

        var result = await _cli.RunAsync("challenge", "publish", "mine", "--environment", "my-environment:3");

        Assert.Equal(ExitCode.Ok, result.Exit);
        Assert.Equal(["palio.test/cartpole/host/environment:1"], _cli.Engine.Pushed);
        Assert.Equal((byte)'P', _cli.Server.Asked("POST /challenges").Body[0]);
        Assert.Contains("revision 1", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publish_EnvironmentWithoutAHostTeam_SaysToMakeOneBeforeAnythingIsPushed()
    {
        await _cli.RunAsync("challenge", "init", "mine");
        _cli.Engine.Has("my-environment:3");

        var result = await _cli.RunAsync("challenge", "publish", "mine", "--environment", "my-environment:3");

        Assert.Equal(ExitCode.InvalidInput, result.Exit);
        Assert.Contains("palio team create NAME --host-team", result.Error, StringComparison.Ordinal);
        Assert.Empty(_cli.Engine.Pushed);
    }

    [Fact]
    public async Task Publish_NoSuchLocalEnvironment_UploadsNothing()
    {
        await _cli.RunAsync("challenge", "init", "mine");

        var result = await _cli.RunAsync("challenge", "publish", "mine", "--environment", "other:1");

        Assert.Equal(ExitCode.NotFound, result.Exit);
        Assert.DoesNotContain(_cli.Server.Requests, request => request.Route == "POST /challenges");
    }

    [Fact]
    public async Task Publish_ServerFindsProblems_ShowsThemAndExits6()
    {
        await _cli.RunAsync("challenge", "init", "mine");
        var problem = new BundleProblemDetail("error", "challenge_config.yaml", 45, 5, "challenge_phases[0].environment_image", "There is no such image.", "Push it.");
        _cli.Server.On("POST /challenges", new PublishResult(null, 0, false, [problem]), ApiJsonContext.Default.PublishResult, HttpStatusCode.UnprocessableEntity);

        var result = await _cli.RunAsync("challenge", "publish", "mine");

        Assert.Equal(ExitCode.InvalidInput, result.Exit);
        Assert.Contains("challenge_config.yaml:45:5: error: There is no such image.", result.Output, StringComparison.Ordinal);
        Assert.Contains("Push it.", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publish_BrokenBundle_IsNotSent()
    {
        Directory.CreateDirectory(Path.Combine(_cli.Folder, "mine"));
        await File.WriteAllTextAsync(Path.Combine(_cli.Folder, "mine", "challenge_config.yaml"), "title: [", TestContext.Current.CancellationToken);

        var result = await _cli.RunAsync("challenge", "publish", "mine", "--json");

        Assert.Equal(ExitCode.InvalidInput, result.Exit);
        Assert.NotEmpty(result.Json["problems"]!.AsArray());
        Assert.DoesNotContain(_cli.Server.Requests, request => request.Route == "POST /challenges");
    }

    [Fact]
    public async Task Show_Challenge_ShowsTermsAsText()
    {
        _cli.Server.On("GET /challenges/cartpole", Sample.Challenge(), ApiJsonContext.Default.ChallengeDetail);

        var result = await _cli.RunAsync("challenge", "show", "cartpole");

        Assert.Contains("Play fair.", result.Output, StringComparison.Ordinal);
        Assert.Contains("palio.test/cartpole/ada-s-team", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Approve_Challenge_SendsTheReview()
    {
        _cli.Server.On("POST /challenges/cartpole/review", _ => new HttpResponseMessage(HttpStatusCode.NoContent));

        var result = await _cli.RunAsync("challenge", "approve", "cartpole");

        Assert.Equal(ExitCode.Ok, result.Exit);
        Assert.True(_cli.Server.Asked("POST /challenges/cartpole/review").Read(ApiJsonContext.Default.ReviewRequest).Approve);
    }

    [Fact]
    public async Task Participate_TermsNotAccepted_AsksForThem()
    {
        var result = await _cli.RunAsync("participate", "cartpole");

        Assert.Equal(ExitCode.InvalidInput, result.Exit);
        Assert.Contains("--accept-terms", result.Error, StringComparison.Ordinal);
        Assert.Empty(_cli.Server.Requests);
    }

    [Fact]
    public async Task Participate_TeamByName_SendsItsId()
    {
        _cli.Server.On("GET /teams", [Sample.Team], ApiJsonContext.Default.IReadOnlyListTeamSummary);
        _cli.Server.On("POST /challenges/cartpole/participation", new Participation(9, Sample.Team, Sample.Noon, true, false), ApiJsonContext.Default.Participation);

        var result = await _cli.RunAsync("participate", "cartpole", "--team", "ada's team", "--accept-terms");

        Assert.Equal(ExitCode.Ok, result.Exit);
        Assert.Equal(7, _cli.Server.Asked("POST /challenges/cartpole/participation").Read(ApiJsonContext.Default.ParticipateRequest).TeamId);
    }

    [Fact]
    public async Task Leaderboard_Entries_ShowRankWithItsUncertainty()
    {
        var entry = new LeaderboardEntry(1, 1, 2, "Ada\u001b[2J", 12, "linear", [new MetricScore("score", 499.5, 498, 500, 10, 10)], Sample.Noon, false, true);
        _cli.Server.On("GET /challenges/cartpole/phases/dev/leaderboard",
            new Leaderboard("cartpole", "dev", new PhaseSplitSummary(1, "main", "public"), [new LeaderboardColumn("score", true, 1, null)], "score", [entry], 1, Sample.Noon),
            ApiJsonContext.Default.Leaderboard);

        var result = await _cli.RunAsync("leaderboard", "cartpole/dev");

        Assert.Contains("1 (1-2)", result.Output, StringComparison.Ordinal);
        Assert.Contains("499.5 [498, 500]", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', result.Output);
    }
}
