namespace Palio.Bench;

/// <summary>Where the programs are that a figure starts.</summary>
internal static class BenchPrograms
{
    /// <summary>Debian's Python: it has the packages of the starters (python3-grpcio, python3-protobuf, python3-numpy).</summary>
    public const string Python = "/usr/bin/python3";

    /// <summary>The referee as it is shipped: NativeAOT, static.</summary>
    public static string Referee(string root) => Published(root, "PALIO_REFEREE", "Palio.Referee", "palio-referee");

    /// <summary>What C# plays with: NativeAOT, static.</summary>
    public static string Players(string root) => Published(root, "PALIO_BENCH_PROGRAM", "Palio.Bench.Programs", "bench-program");

    private static string Published(string root, string variable, string project, string program)
    {
        var path = Environment.GetEnvironmentVariable(variable)
            ?? Path.Combine(root, "artifacts", "publish", project, "release", program);
        return File.Exists(path) ? path : throw new FileNotFoundException($"{path} is not built; './palio bench' builds it first.");
    }
}
