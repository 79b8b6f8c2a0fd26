using System.Net;
using Palio.Cli.Session;
using Palio.Cli.Tests.Kit;
using Palio.Protocol.Api;
using Palio.Protocol.Evaluations;

namespace Palio.Cli.Tests.Commands;

public sealed class PushCommandTests : IDisposable
{
    private readonly CliHarness _cli = new CliHarness().SignedIn();

    public PushCommandTests()
    {
        _cli.Server.On("GET /me", Sample.Me, ApiJsonContext.Default.Me);
        _cli.Server.On("GET /challenges/cartpole", Sample.Challenge(), ApiJsonContext.Default.ChallengeDetail);
        _cli.Server.On("POST /submissions", Sample.Submission(), ApiJsonContext.Default.SubmissionSummary, HttpStatusCode.Created);
        _cli.Engine.Has("my-agent:1");
    }

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Push_LocalImage_PushesToTheTeamsRepositoryAndSubmitsItsDigest()
    {
        var result = await _cli.RunAsync("push", "my-agent:1", "--phase", "cartpole/dev", "--name", "first", "--private");

        Assert.Equal(ExitCode.Ok, result.Exit);
        Assert.Equal(["palio.test/cartpole/ada-s-team:1"], _cli.Engine.Pushed);
        var login = Assert.Single(_cli.Engine.Logins);
        Assert.Equal(("palio.test", "ada", "palio_token"), (login.ServerAddress, login.UserName, login.Secret));
        var request = _cli.Server.Asked("POST /submissions");
        var body = request.Read(ApiJsonContext.Default.SubmitRequest);
        Assert.Equal(("cartpole", "dev", FakeEngine.Digest, "first", (bool?)false), (body.Challenge, body.Phase, body.Digest, body.MethodName, body.Public));
        Assert.NotNull(request.IdempotencyKey);
        Assert.Equal("Bearer palio_token", request.Authorization);
    }

    [Fact]
    public async Task Push_ImagePushedBefore_SubmitsWithoutPushing()
    {
        _cli.Engine.Has("my-agent:1", "palio.test/cartpole/ada-s-team@" + FakeEngine.Digest);

        var result = await _cli.RunAsync("push", "my-agent:1", "--phase", "cartpole/dev");

        Assert.Equal(ExitCode.Ok, result.Exit);
        Assert.Empty(_cli.Engine.Pushed);
        Assert.Equal(FakeEngine.Digest, _cli.Server.Asked("POST /submissions").Read(ApiJsonContext.Default.SubmitRequest).Digest);
    }

    [Fact]
    public async Task Push_RegistryLostTheImage_PushesAgain()
    {
        _cli.Engine.Has("my-agent:1", "palio.test/cartpole/ada-s-team@" + FakeEngine.Digest);
        var asked = 0;
        _cli.Server.On("POST /submissions", _ => ++asked == 1
            ? FakeServer.Problem(HttpStatusCode.UnprocessableEntity, "image_missing", "No such image.")
            : new HttpResponseMessage(HttpStatusCode.Created) { Content = new StringContent(System.Text.Json.JsonSerializer.Serialize(Sample.Submission(), ApiJsonContext.Default.SubmissionSummary)) });

        var result = await _cli.RunAsync("push", "my-agent:1", "--phase", "cartpole/dev");

        Assert.Equal(ExitCode.Ok, result.Exit);
        Assert.Single(_cli.Engine.Pushed);
        Assert.Equal(2, asked);
    }

    [Fact]
    public async Task Push_Again_SaysSoToTheServer()
    {
        await _cli.RunAsync("push", "my-agent:1", "--phase", "cartpole/dev", "--again");

        Assert.Equal("?again=true", _cli.Server.Asked("POST /submissions").Query);
    }

    [Fact]
    public async Task Push_AnswerLost_AsksAgainUnderTheSameKey()
    {
        var asked = 0;
        _cli.Server.On("POST /submissions", _ => ++asked == 1
            ? throw new HttpRequestException("connection reset")
            : new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(System.Text.Json.JsonSerializer.Serialize(Sample.Submission(), ApiJsonContext.Default.SubmissionSummary)) });

        var result = await _cli.RunAsync("push", "my-agent:1", "--phase", "cartpole/dev");

        Assert.Equal(ExitCode.Ok, result.Exit);
        var keys = _cli.Server.Requests.Where(request => request.Route == "POST /submissions").Select(request => request.IdempotencyKey).ToList();
        Assert.Equal(2, keys.Count);
        Assert.Equal(keys[0], keys[1]);
    }

    [Fact]
    public async Task Push_NoSuchImage_SaysHowToBuildItAndExits4()
    {
        var result = await _cli.RunAsync("push", "other:1", "--phase", "cartpole/dev");

        Assert.Equal(ExitCode.NotFound, result.Exit);
        Assert.Contains("docker build -t other:1", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Push_UnknownPhase_NamesThePhasesThereAre()
    {
        var result = await _cli.RunAsync("push", "my-agent:1", "--phase", "cartpole/final");

        Assert.Equal(ExitCode.NotFound, result.Exit);
        Assert.Contains("cartpole/dev", result.Error, StringComparison.Ordinal);
        Assert.Empty(_cli.Engine.Pushed);
    }

    [Theory]
    [InlineData("closed", "phase_closed")]
    [InlineData("paused", "phase_paused")]
    public async Task Push_PhaseNotOpen_RefusesBeforePushing(string state, string code)
    {
        _cli.Server.On("GET /challenges/cartpole", Sample.Challenge(state: state), ApiJsonContext.Default.ChallengeDetail);

        var result = await _cli.RunAsync("push", "my-agent:1", "--phase", "cartpole/dev", "--json");

        Assert.Equal(ExitCode.InvalidInput, result.Exit);
        Assert.Equal(code, (string?)result.Json["error"]!["code"]);
        Assert.Empty(_cli.Engine.Pushed);
    }

    [Fact]
    public async Task Push_NotTakingPart_SaysHowToTakePart()
    {
        _cli.Server.On("GET /challenges/cartpole", Sample.Challenge(takesPart: false), ApiJsonContext.Default.ChallengeDetail);

        var result = await _cli.RunAsync("push", "my-agent:1", "--phase", "cartpole/dev");

        Assert.Equal(ExitCode.InvalidInput, result.Exit);
        Assert.Contains("palio participate cartpole --accept-terms", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Push_QuotaUsedUp_RefusesBeforePushingWithExit5()
    {
        _cli.Server.On("GET /challenges/cartpole", Sample.Challenge(refusal: "No submissions left today."), ApiJsonContext.Default.ChallengeDetail);

        var result = await _cli.RunAsync("push", "my-agent:1", "--phase", "cartpole/dev");

        Assert.Equal(ExitCode.Quota, result.Exit);
        Assert.Empty(_cli.Engine.Pushed);
    }

    [Fact]
    public async Task Push_PublicAndPrivate_IsMisuse()
    {
        var result = await _cli.RunAsync("push", "my-agent:1", "--phase", "cartpole/dev", "--public", "--private");

        Assert.Equal(ExitCode.Usage, result.Exit);
        Assert.Empty(_cli.Server.Requests);
    }

    [Theory]
    [InlineData(SubmissionState.Finished, null, ExitCode.Ok)]
    [InlineData(SubmissionState.Failed, FaultCode.AgentCrashed, ExitCode.AgentFailed)]
    [InlineData(SubmissionState.Failed, FaultCode.EnvironmentCrashed, ExitCode.EnvironmentFailed)]
    [InlineData(SubmissionState.Failed, FaultCode.PlatformEngine, ExitCode.PlatformFailed)]
    public async Task PushWait_Verdict_IsTheExitCode(SubmissionState state, FaultCode? fault, int exit)
    {
        var detail = Sample.Detail(state, fault is { } code ? Fault.Of(code, "It ended.") : null);
        var update = new SubmissionEvent(detail.Evaluations[0], state, null);
        _cli.Server.On("GET /submissions/12/events", _ => FakeServer.Stream(Events.Of(update)));
        _cli.Server.On("GET /submissions/12", detail, ApiJsonContext.Default.SubmissionDetail);

        var result = await _cli.RunAsync("push", "my-agent:1", "--phase", "cartpole/dev", "--wait", "--json");

        Assert.Equal(exit, result.Exit);
        Assert.Equal(12, (int?)result.Json["summary"]!["id"]);
    }

    [Fact]
    public async Task PushWait_FinishedWithForfeits_IsExitCodeZeroAndAWarning()
    {
        var detail = Sample.Detail(SubmissionState.Finished, Fault.Of(FaultCode.AgentStepTimeout, "Too slow."));
        detail.Evaluations[0].Scores = [new MetricScore("score", 350, 300, 400, 7, 10)];
        _cli.Server.On("GET /submissions/12/events", _ => FakeServer.Stream(Events.Of(new SubmissionEvent(detail.Evaluations[0], SubmissionState.Finished, 350))));
        _cli.Server.On("GET /submissions/12", detail, ApiJsonContext.Default.SubmissionDetail);

        var result = await _cli.RunAsync("push", "my-agent:1", "--phase", "cartpole/dev", "--wait");

        Assert.Equal(ExitCode.Ok, result.Exit);
        Assert.Contains("warning: 3 of 10 episodes were forfeited", result.Error, StringComparison.Ordinal);
        Assert.Contains("AGENT_STEP_TIMEOUT", result.Error, StringComparison.Ordinal);
    }
}
