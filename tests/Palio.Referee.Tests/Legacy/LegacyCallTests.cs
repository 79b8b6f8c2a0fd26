using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Palio.Protocol.Evaluations;

namespace Palio.Referee.Tests.Legacy;

/// <summary>The agent's calls: plain data goes to and fro, everything else ends the evaluation with the right blame.</summary>
public sealed class LegacyCallTests
{
    private static readonly byte[] Evil = Encoding.ASCII.GetBytes("cos\nsystem\n(S'touch /tmp/x'\ntR.");

    [Theory]
    [InlineData("act_on_environment")]
    [InlineData("get_action_space")]
    public async Task Call_PlainPickle_ReachesTheEnvironmentAndComesBack(string method)
    {
        await using var match = new LegacyMatch();
        byte[] feedback = [0x80, 4, (byte)']', (byte)'N', (byte)'a', (byte)'.'];
        match.Environment.Answer = (path, _) => Task.FromResult((0, path.EndsWith(method, StringComparison.Ordinal) ? feedback : LegacyMatch.One));
        await match.StartAsync();

        var (status, _, payload) = await match.CallAsync(LegacyMatch.One, method);

        Assert.Equal(0, status);
        Assert.Equal(feedback, payload);
        Assert.Equal([LegacyMatch.One], match.Environment.Seen);
    }

    [Fact]
    public async Task Call_ActionSpaceWithoutAPickle_Passes()
    {
        await using var match = new LegacyMatch();
        await match.StartAsync();

        Assert.Equal(0, (await match.CallAsync([], "get_action_space")).Status);
    }

    [Fact]
    public async Task Call_EvilPickle_EndsWithTheAgentsFaultAndNeverReachesTheEnvironment()
    {
        await using var match = new LegacyMatch();
        await match.StartAsync();

        var (status, message, _) = await match.CallAsync(Evil);
        var (exit, said) = await match.EndAsync();

        Assert.Equal(3, status);
        Assert.Contains("os.system", message, StringComparison.Ordinal);
        Assert.Empty(match.Environment.Seen);
        Assert.Equal(RefereeProgram.Faulted, exit);
        var raised = Assert.IsType<FaultRaised>(said[^1]);
        Assert.True(raised.Fatal);
        Assert.Equal((FaultCode.AgentProtocol, Blame.Agent), (raised.Fault.Code, raised.Fault.Blame));
        Assert.Contains("opcode GLOBAL at byte 0 asks for os.system", raised.Fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_EnvironmentAnswersWithAnEvilPickle_EndsWithItsFaultAndTheAgentNeverSeesIt()
    {
        await using var match = new LegacyMatch();
        match.Environment.Answer = (_, _) => Task.FromResult((0, Evil));
        await match.StartAsync();

        var (status, _, payload) = await match.CallAsync(LegacyMatch.One);
        var (_, said) = await match.EndAsync();

        Assert.Equal((13, 0), (status, payload.Length));
        Assert.Equal(FaultCode.EnvironmentProtocol, Assert.IsType<FaultRaised>(said[^1]).Fault.Code);
    }

    [Fact]
    public async Task Call_MessageTooLarge_EndsWithTheAgentsFault()
    {
        await using var small = new LegacyMatch { Plan = LegacyMatch.Planned with { MaxMessageBytes = 1000 } };
        await small.StartAsync();

        await small.CallAsync(new byte[2000]);
        var (_, said) = await small.EndAsync();

        Assert.Equal(FaultCode.AgentMessageTooLarge, Assert.IsType<FaultRaised>(said[^1]).Fault.Code);
    }

    [Fact]
    public async Task Call_EnvironmentRaises_ReachesTheAgentAsItsStatus()
    {
        await using var match = new LegacyMatch();
        match.Environment.Answer = (_, _) => Task.FromResult((2, Array.Empty<byte>()));
        await match.StartAsync();

        var (status, message, _) = await match.CallAsync(LegacyMatch.One);

        Assert.Equal((2, "Exception calling application"), (status, message));
        Assert.False(match.IsOver);
    }

    [Fact]
    public async Task Call_OtherMethod_IsNotThere()
    {
        await using var match = new LegacyMatch();
        await match.StartAsync();

        Assert.Equal(12, (await match.CallAsync(LegacyMatch.One, "reset")).Status);
        Assert.Empty(match.Environment.Seen);
    }

    [Fact]
    public async Task Run_EnvironmentNeverListens_EndsWithItsFault()
    {
        using var deaf = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        deaf.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await using var match = new LegacyMatch { Plan = LegacyMatch.Planned with { StartMs = 1 } };
        await match.StartAsync(environmentPort: ((IPEndPoint)deaf.LocalEndPoint!).Port);

        var (_, said) = await match.EndAsync();

        Assert.Equal(FaultCode.EnvironmentStartTimeout, Assert.IsType<FaultRaised>(said[^1]).Fault.Code);
    }

    [Fact]
    public async Task Run_TotalPassesWhileTheEnvironmentOwes_IsTheEnvironmentsFault()
    {
        var time = new FakeTimeProvider();
        // The call's own limit must not pass first: the environment then owes nothing any more.
        await using var match = new LegacyMatch { Plan = LegacyMatch.Planned with { CallMs = 2 * LegacyMatch.Planned.TotalMs } };
        var called = new TaskCompletionSource();
        var never = new TaskCompletionSource<(int, byte[])>();
        match.Environment.Answer = (_, _) =>
        {
            called.SetResult();
            return never.Task;
        };
        await match.StartAsync(time);
        var call = match.CallAsync(LegacyMatch.One);
        await called.Task.WaitAsync(TestContext.Current.CancellationToken);

        time.Advance(TimeSpan.FromMilliseconds(match.Plan.TotalMs));
        var (_, said) = await match.EndAsync();

        Assert.Equal(FaultCode.EnvironmentStepTimeout, Assert.IsType<FaultRaised>(said[^1]).Fault.Code);
        never.SetResult((0, LegacyMatch.One));
        await call.ContinueWith(_ => { }, TaskScheduler.Default);
    }

    [Fact]
    public async Task Run_TotalPassesAndTheAgentSentNothing_IsTheAgentsFault()
    {
        var time = new FakeTimeProvider();
        await using var match = new LegacyMatch();
        await match.StartAsync(time);

        time.Advance(TimeSpan.FromMilliseconds(match.Plan.TotalMs));
        var (_, said) = await match.EndAsync();

        Assert.Equal(FaultCode.AgentStartTimeout, Assert.IsType<FaultRaised>(said[^1]).Fault.Code);
    }

    [Fact]
    public async Task Run_TotalPassesAfterTheAgentsLastCall_SaysThatNoResultCame()
    {
        var time = new FakeTimeProvider();
        await using var match = new LegacyMatch();
        await match.StartAsync(time);
        await match.CallAsync(LegacyMatch.One);

        time.Advance(TimeSpan.FromMilliseconds(match.Plan.TotalMs));
        var (_, said) = await match.EndAsync();

        var fault = Assert.IsType<FaultRaised>(said[^1]).Fault;
        Assert.Equal((FaultCode.AgentTotalTimeout, 1L), (fault.Code, fault.Step));
        Assert.Contains("sent no result", fault.Message, StringComparison.Ordinal);
    }
}
