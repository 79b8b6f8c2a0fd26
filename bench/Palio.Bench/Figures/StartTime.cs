using System.Diagnostics;
using System.Runtime.CompilerServices;
using Palio.Bench.Seeds;

namespace Palio.Bench.Figures;

/// <summary>How soon <c>palio serve</c> is ready with many submissions in its database, and <c>palio --help</c> has answered.</summary>
internal sealed class StartTime(SeededServers seeds) : IFigure
{
    public string Name => "start";

    public string Question => "how soon is the server ready, and the command line's help printed?";

    public async IAsyncEnumerable<BenchRow> MeasureAsync(BenchOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var size = SeedSize.Many(options);
        var starts = await seeds.StartTimesAsync(size, options.Quick ? 2 : 7, cancellationToken);
        yield return BenchRow.OfSamples($"palio serve to ready, {size.Submissions:N0} submissions", "ms", starts, 3000, "under 3 s");
        var helps = new List<double>();
        for (var round = 0; round < (options.Quick ? 5 : 20) + 1; round++)
        {
            helps.Add(await TimeAsync(Path.Combine(options.Root, "palio"), ["--help"], cancellationToken));
        }

        yield return BenchRow.OfSamples("palio --help", "ms", helps.Skip(1), 150, "under 150 ms");
    }

    private static async Task<double> TimeAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new InvalidOperationException($"could not start {program}");
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await errors;
        await process.WaitForExitAsync(cancellationToken);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
