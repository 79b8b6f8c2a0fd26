using System.Net;
using Palio.Cli.Session;
using Palio.Cli.Tests.Kit;
using Palio.Protocol.Api;
using Palio.Protocol.Evaluations;

namespace Palio.Cli.Tests.Commands;

public sealed class FollowTests : IDisposable
{
    private readonly CliHarness _cli = new CliHarness().SignedIn();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task StatusFollow_ConnectionBreaks_ConnectsAgainToTheEnd()
    {
        var asked = 0;
        _cli.Server.On("GET /submissions/12/events", _ => ++asked switch
        {
            1 => FakeServer.Stream(Events.Of(new SubmissionEvent(Sample.Evaluation(EvaluationState.Running, 3), SubmissionState.Running, null))),
            2 => throw new HttpRequestException("connection refused"),
            3 => FakeServer.Problem(HttpStatusCode.ServiceUnavailable, "starting", "The server starts."),
            _ => FakeServer.Stream(Events.Of(new SubmissionEvent(Sample.Evaluation(EvaluationState.Finished), SubmissionState.Finished, 499.5))),
        });
        _cli.Server.On("GET /submissions/12", Sample.Detail(SubmissionState.Finished), ApiJsonContext.Default.SubmissionDetail);

        var result = await _cli.RunAsync("status", "12", "--follow");

        Assert.Equal(ExitCode.Ok, result.Exit);
        Assert.Equal(4, asked);
        Assert.Contains("running 3/10 episodes", result.Error, StringComparison.Ordinal);
        Assert.Contains("finished, score 499.5", result.Error, StringComparison.Ordinal);
        Assert.Contains("499.5 [498, 500]", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StatusFollow_TokenExpired_EndsAtOnce()
    {
        _cli.Server.Refuse("GET /submissions/12/events", HttpStatusCode.Unauthorized, "token_expired", "The token ended on 2026-11-01.");

        var result = await _cli.RunAsync("status", "12", "--follow");

        Assert.Equal(ExitCode.Auth, result.Exit);
        Assert.Contains("run: palio login", result.Error, StringComparison.Ordinal);
        Assert.Single(_cli.Server.Requests);
    }

    [Fact]
    public async Task Status_FailedSubmission_TellsBlameRemedyAndLastLines()
    {
        var fault = Fault.Of(FaultCode.AgentCrashed, "The agent ended with exit code 1.", 2, 17) with { AgentLogTail = "Traceback\nKeyError: 3" };
        _cli.Server.On("GET /submissions/12", Sample.Detail(SubmissionState.Failed, fault), ApiJsonContext.Default.SubmissionDetail);

        var result = await _cli.RunAsync("status", "12");

        Assert.Equal(ExitCode.Ok, result.Exit);
        Assert.Contains("AGENT_CRASHED", result.Output, StringComparison.Ordinal);
        Assert.Contains("blame: agent", result.Output, StringComparison.Ordinal);
        Assert.Contains(fault.Remedy, result.Output, StringComparison.Ordinal);
        Assert.Contains("KeyError: 3", result.Output, StringComparison.Ordinal);
    }
}
