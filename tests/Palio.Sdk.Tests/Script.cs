using System.Buffers.Binary;
using Palio.Protocol.Evaluations;
using Palio.Protocol.Frames;
using Palio.Protocol.Messages;
using Palio.Protocol.Spaces;

namespace Palio.Sdk.Tests;

/// <summary>What a referee says at the beginning, with CartPole's spaces.</summary>
internal static class Script
{
    public static readonly Space Observations = BoxSpace.Create<float>([4]);
    public static readonly Space Actions = new DiscreteSpace(2);

    public static Welcome Welcome(Space? observations = null, Space? actions = null, int slots = 1) => new()
    {
        Protocol = 1,
        Slots = slots,
        MaxSteps = 500,
        ActionPolicy = ActionPolicy.Forfeit,
        Seats = [new WelcomeSeat(0, observations ?? Observations, actions ?? Actions, "player")],
        Limits = new AgentLimits { MaxMessage = 4096, ReadyMs = 1, FirstActionMs = 2, StepMs = 3, BankMs = 4, TotalMs = 5 },
    };

    public static Configure Configure(int slots = 1, int maxMessage = 4096, int maxSteps = 500) => new()
    {
        Protocol = 1,
        Slots = slots,
        MaxSteps = maxSteps,
        Limits = new EnvironmentLimits(maxMessage, 1000),
        Metrics = [],
    };

    public static void Greet(this ScriptedReferee referee, Welcome welcome)
    {
        Assert.Equal(Hello.Agent, referee.Expect(FrameType.Hello, StepJsonContext.Default.Hello).Role);
        referee.Send(FrameType.Welcome, welcome, StepJsonContext.Default.Welcome);
    }

    public static void Begin(this ScriptedReferee referee, Welcome? welcome = null)
    {
        referee.Greet(welcome ?? Welcome());
        Assert.Equal("{}"u8.ToArray(), referee.Expect(FrameType.Ready));
    }

    public static Spec Begin(this ScriptedReferee referee, Configure configure)
    {
        Assert.Equal(Hello.Environment, referee.Expect(FrameType.Hello, StepJsonContext.Default.Hello).Role);
        referee.Send(FrameType.Configure, configure, StepJsonContext.Default.Configure);
        return referee.Expect(FrameType.Spec, StepJsonContext.Default.Spec);
    }

    public static FaultMessage ExpectFault(this ScriptedReferee referee) => referee.Expect(FrameType.Fault, StepJsonContext.Default.FaultMessage);

    public static (EntryHeader, byte[]) Entry(uint tick, byte[] payload, EntryFlags flags = EntryFlags.None, ushort slot = 0, double reward = 0) =>
        (new EntryHeader(tick, slot, 0, flags, reward, 10_000, 0), payload);

    public static (EntryHeader, byte[]) ResetEntry(uint tick, ulong seed, string options = "", ushort slot = 0)
    {
        var payload = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(payload, seed);
        return (new EntryHeader(tick, slot, 0, EntryFlags.None, 0, 0, 0), [.. payload, .. System.Text.Encoding.UTF8.GetBytes(options)]);
    }

    public static (EntryHeader Header, byte[] Payload)[] Entries(byte[] body)
    {
        List<(EntryHeader, byte[])> entries = [];
        var reader = new HotFrameReader(body);
        while (reader.TryNext(out var header, out var payload))
        {
            entries.Add((header, payload.ToArray()));
        }

        Assert.Null(reader.Error);
        return [.. entries];
    }
}
