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
        var submissions = options.Quick ? 100_000 : 1_000_000;
        var starts = new List<double>();
        var helps = new List<double>();
        for (var round = 0; round < (options.Quick ? 3 : 7) + 1; round++)
        {
            await using var server = await seeds.StartAsync(options.Root, submissions, [], cancellationToken);
            var help = await TimeAsync(Path.Combine(options.Root, "palio"), ["--help"], cancellationToken);
            if (round > 0)
            {
                starts.Add(server.StartTime.TotalMilliseconds);
                helps.Add(help);
            }
        }

        yield return BenchRow.OfSamples($"palio serve to ready, {submissions:N0} submissions", "ms", starts, 3000, "under 3 s");
        yield return BenchRow.OfSamples("palio --help", "ms", helps, 150, "under 150 ms");
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
