using BenchmarkDotNet.Attributes;
using Palio.Protocol.Frames;
using Palio.Protocol.Spaces;

namespace Palio.Bench.Micro;

/// <summary>A step's work on its bytes: a frame is composed, walked and its observation checked.</summary>
public class StepFrames
{
    private readonly FrameWriter _writer = new();
    private byte[] _value = [];
    private byte[] _frame = [];
    private Space _space = SpaceJson.Parse("""{"type": "Discrete", "n": 2}""");

    /// <summary>What is observed.</summary>
    [Params(Observation.CartPole, Observation.Frames84, Observation.Mebibyte)]
    public Observation Size { get; set; }

    /// <summary>Zeros are members of all three spaces.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _space = SpaceJson.Parse(Size switch
        {
            Observation.CartPole => """{"type": "Box", "dtype": "float32", "shape": [4], "low": [-4.8, "-inf", -0.42, "-inf"], "high": [4.8, "inf", 0.42, "inf"]}""",
            Observation.Frames84 => """{"type": "Box", "dtype": "uint8", "shape": [84, 84, 4], "low": 0, "high": 255}""",
            _ => """{"type": "Box", "dtype": "float32", "shape": [512, 512], "low": -1, "high": 1}""",
        });
        _value = new byte[_space.MinSize];
        _frame = Compose().ToArray();
    }

    /// <summary>As the side writes it.</summary>
    [Benchmark]
    public int Write() => Compose().Length;

    /// <summary>As the referee reads it.</summary>
    [Benchmark]
    public int Read()
    {
        var reader = new HotFrameReader(_frame.AsSpan(5));
        var bytes = 0;
        while (reader.TryNext(out _, out var payload))
        {
            bytes += payload.Length;
        }

        return reader.Error is null ? bytes : throw new InvalidOperationException(reader.Error);
    }

    /// <summary>Type, shape and bounds of every element.</summary>
    [Benchmark]
    public void Check()
    {
        if (_space.Check(_value, MemberRule.Observation) is { } mistake)
        {
            throw new InvalidOperationException(mistake);
        }
    }

    private ReadOnlySpan<byte> Compose()
    {
        _writer.Begin(FrameType.Observe);
        _writer.Add(new EntryHeader(1, 0, 0, EntryFlags.None, 1, 0, _value.Length), _value);
        return _writer.End();
    }
}

/// <summary>Observations of the step figures.</summary>
public enum Observation
{
    /// <summary>Four numbers.</summary>
    CartPole,

    /// <summary>84x84x4 bytes.</summary>
    Frames84,

    /// <summary>512x512 numbers.</summary>
    Mebibyte,
}
