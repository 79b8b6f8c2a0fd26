using System.Buffers.Binary;
using Palio.Protocol.Frames;

namespace Palio.Referee.Tests;

/// <summary>An environment whose state begins with its seed (modulo 50) and adds up the actions. Every part of it can be made to lie.</summary>
internal sealed class CountingEnvironment
{
    private readonly Dictionary<ushort, (float Sum, int Steps, int Length)> _slots = [];

    public int Slots { get; init; } = 1;

    public string Space { get; init; } = """{"type":"Box","dtype":"float32","shape":[1],"low":-100,"high":100}""";

    public string ActionSpace { get; init; } = """{"type":"Box","dtype":"float32","shape":[1],"low":-1,"high":1}""";

    /// <summary>Steps after which an episode of a seed terminates.</summary>
    public Func<ulong, int> Length { get; init; } = _ => int.MaxValue;

    /// <summary>Called before an answer, with its number from 0; what it gives is sent in place of it.</summary>
    public Func<int, FrameType, IReadOnlyList<Entry>, IReadOnlyList<Entry>> Twist { get; init; } = (_, _, states) => states;

    /// <summary>Seeds that were asked for, in order.</summary>
    public List<ulong> Seeds { get; } = [];

    /// <summary>Reset options that were given, in order.</summary>
    public List<string> Options { get; } = [];

    public string Spec => $$"""{"slots":{{Slots}},"seats":[{"observation_space":{{Space}},"action_space":{{ActionSpace}}}],"metrics":["m"]}""";

    public void Play(RawPeer peer)
    {
        Greet(peer);
        for (var answer = 0; peer.Read() is { Type: FrameType.Reset or FrameType.Step } frame; answer++)
        {
            var asked = RawPeer.Entries(frame.Body);
            IReadOnlyList<Entry> states = [.. asked.Select(entry => frame.Type == FrameType.Reset ? Reset(entry) : Step(entry))];
            states = Twist(answer, frame.Type, states);
            if (states.Count > 0)
            {
                peer.SendEntries(FrameType.State, states);
            }
        }
    }

    public void Greet(RawPeer peer)
    {
        peer.SendJson(FrameType.Hello, """{"role":"environment","protocol":{"min":1,"max":1},"sdk":{"name":"counting","version":"1"}}""");

        // There is no Configure when the agent failed first; nothing hears the Spec then.
        peer.Read();
        peer.SendJson(FrameType.Spec, Spec);
    }

    public static Entry State(Entry asked, float observation, double reward, EntryFlags ends = EntryFlags.None) => new(
        asked.Header with { Flags = EntryFlags.Metrics | ends, Reward = reward },
        [.. BitConverter.GetBytes(observation), .. BitConverter.GetBytes(2.5)]);

    private Entry Reset(Entry asked)
    {
        var seed = BinaryPrimitives.ReadUInt64LittleEndian(asked.Payload);
        Seeds.Add(seed);
        Options.Add(System.Text.Encoding.UTF8.GetString(asked.Payload.AsSpan(sizeof(ulong))));
        var start = (float)(seed % 50);
        _slots[asked.Header.Slot] = (start, 0, Length(seed));
        return State(asked, start, 0);
    }

    private Entry Step(Entry asked)
    {
        var (sum, steps, length) = _slots[asked.Header.Slot];
        sum += asked.Payload.Length >= sizeof(float) ? BinaryPrimitives.ReadSingleLittleEndian(asked.Payload) : 0;
        _slots[asked.Header.Slot] = (sum, ++steps, length);
        return State(asked, sum, 1, steps >= length ? EntryFlags.Terminated : EntryFlags.None);
    }
}
