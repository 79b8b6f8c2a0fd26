using BenchmarkDotNet.Attributes;
using Palio.Protocol.Pickles;

namespace Palio.Bench.Micro;

/// <summary>The check of what the two sides of a legacy pod send each other.</summary>
public class Pickles
{
    private readonly PickleChecker _checker = new();
    private byte[] _pickle = [];

    /// <summary>One of the recorded pickles.</summary>
    [Params("starter-feedback/p4", "gymnasium-step/p5", "big-float32/p5", "longlist/p4")]
    public string Name { get; set; } = "";

    /// <summary>Looks it up.</summary>
    [GlobalSetup]
    public void Setup()
    {
        using var stream = typeof(Pickles).Assembly.GetManifestResourceStream("plain-pickles.txt")!; // embedded by the project
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.Split(' ') is [var name, var bytes] && name == Name)
            {
                _pickle = Convert.FromBase64String(bytes);
                return;
            }
        }

        throw new InvalidOperationException($"there is no pickle {Name}");
    }

    /// <summary>Every opcode of it.</summary>
    [Benchmark]
    public void Check()
    {
        if (_checker.Check(_pickle) is { } refusal)
        {
            throw new InvalidOperationException(refusal.ToString());
        }
    }
}
