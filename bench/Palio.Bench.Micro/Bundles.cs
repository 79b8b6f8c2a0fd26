using BenchmarkDotNet.Attributes;
using Palio.Challenges.Bundles;

namespace Palio.Bench.Micro;

/// <summary>Reading and checking a whole bundle: the Python starter's.</summary>
public class Bundles
{
    private BundleFiles? _files;

    /// <summary>Its files, in memory.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "bundle");
        _files = BundleFiles.Create(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(path =>
            KeyValuePair.Create(Path.GetRelativePath(folder, path), (ReadOnlyMemory<byte>)File.ReadAllBytes(path)))).Files;
    }

    /// <summary>All rules.</summary>
    [Benchmark]
    public ChallengeBundle Read()
    {
        var reading = BundleReader.Read(_files!); // set up
        return reading.Bundle ?? throw new InvalidOperationException(string.Join('\n', reading.Problems));
    }
}
