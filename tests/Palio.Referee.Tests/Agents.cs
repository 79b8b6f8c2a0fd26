using Palio.Protocol.Frames;

namespace Palio.Referee.Tests;

/// <summary>Agents for matches.</summary>
internal static class Agents
{
    /// <summary>Says hello and ready.</summary>
    public static void Greet(RawPeer peer)
    {
        peer.SendJson(FrameType.Hello, """{"role":"agent","protocol":{"min":1,"max":1}}""");
        Assert.Equal(FrameType.Welcome, peer.Read().Type);
        peer.SendJson(FrameType.Ready, "{}");
    }

    /// <summary>Answers every observation that wants it, all of a frame in one.</summary>
    public static Action<RawPeer> Acting(Func<Entry, float> action) => peer =>
    {
        Greet(peer);
        while (peer.ReadEntries(FrameType.Observe) is { Count: > 0 } seen)
        {
            Answer(peer, seen.Where(entry => entry.WantsAct).Select(entry => Entry.Act(entry.Header.Tick, action(entry), entry.Header.Slot)));
        }
    };

    /// <summary>Answers one observation at a time, the last that came first.</summary>
    public static Action<RawPeer> ActingOneByOne(Func<Entry, float> action) => peer =>
    {
        Greet(peer);
        var open = new Stack<Entry>();
        while (peer.ReadEntries(FrameType.Observe) is { Count: > 0 } seen)
        {
            foreach (var entry in seen.Where(entry => entry.WantsAct))
            {
                open.Push(entry);
            }

            if (open.TryPop(out var one))
            {
                peer.SendEntries(FrameType.Act, Entry.Act(one.Header.Tick, action(one), one.Header.Slot));
            }
        }
    };

    /// <summary>Acts for some observations and then does something else, until the conversation ends.</summary>
    public static Action<RawPeer> ActingThen(int acts, Action<RawPeer, Entry> then) => peer =>
    {
        Greet(peer);
        while (peer.ReadEntries(FrameType.Observe) is [var seen, ..])
        {
            if (!seen.WantsAct)
            {
                continue;
            }

            if (acts-- == 0)
            {
                then(peer, seen);
                return;
            }

            peer.SendEntries(FrameType.Act, Entry.Act(seen.Header.Tick, 0.5f));
        }
    };

    public static void Silent(RawPeer peer)
    {
        Greet(peer);
        peer.Drain();
    }

    private static void Answer(RawPeer peer, IEnumerable<Entry> acts)
    {
        if (acts.ToList() is { Count: > 0 } some)
        {
            peer.SendEntries(FrameType.Act, some);
        }
    }
}
