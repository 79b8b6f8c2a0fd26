using System.Diagnostics;
using Palio.Bench;
using Palio.Bench.Figures;
using Palio.Bench.Seeds;

var options = BenchOptions.Parse(args, Console.Error);
if (options is null)
{
    return 2;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

await using var seeds = new SeededServers(options);
IFigure[] figures =
[
    new StepLatency(), new LegacySteps(), new SharpSteps(), new ServerMemory(seeds), new SubmissionToScore(seeds), new EvaluationRate(seeds), new SubmitLoad(seeds), new LiveViewers(seeds),
    new RegistryRate(seeds), new LeaderboardRate(seeds), new StartTime(seeds), new Growth(seeds),
];
if (options.Help)
{
    Console.Out.Write(BenchOptions.Usage);
    foreach (var figure in figures)
    {
        Console.Out.WriteLine($"  {figure.Name,-12} {figure.Question}");
    }

    return 0;
}

if (options.Only.FirstOrDefault(name => !figures.Any(figure => figure.Name.Equals(name, StringComparison.OrdinalIgnoreCase))) is { } unknown)
{
    Console.Error.WriteLine($"bench: --only: there is no figure '{unknown}'. There are: {string.Join(", ", figures.Select(figure => figure.Name))}.");
    return 2;
}

var report = new BenchReport();
var begun = Stopwatch.GetTimestamp();
foreach (var figure in figures.Where(options.Wants))
{
    Console.Error.WriteLine($"{figure.Name}: {figure.Question}");
    var (figureBegun, stolen) = (Stopwatch.GetTimestamp(), new StolenTime());
    try
    {
        await foreach (var row in figure.MeasureAsync(options, stop.Token))
        {
            report.Add(row);
            Console.Error.WriteLine($"  {row.Describe()}");
        }
    }
    catch (OperationCanceledException) when (stop.IsCancellationRequested)
    {
        report.AddFailure(figure.Name, new OperationCanceledException("interrupted; what came after it was not measured"));
        break;
    }
    catch (Exception exception)
    {
        // The other figures are worth having all the same.
        report.AddFailure(figure.Name, exception);
        Console.Error.WriteLine($"  failed: {exception}");
    }

    Console.Error.WriteLine($"  took {Stopwatch.GetElapsedTime(figureBegun).TotalSeconds:0} s{stolen.Describe()}");
}

Console.Error.WriteLine($"took {Stopwatch.GetElapsedTime(begun):m\\:ss} in all");
if (options.Only.Count == 0 && figures.Where(figure => !options.Wants(figure)).Select(figure => figure.Name).ToList() is { Count: > 0 } left)
{
    Console.Error.WriteLine($"not measured in the quick mode: {string.Join(", ", left)}; ask with --only");
}

report.WriteTable(Console.Out);
if (options.ComparePath is not null)
{
    await report.WriteComparisonAsync(options.ComparePath, Console.Out, CancellationToken.None);
}

if (options.JsonPath is not null)
{
    await report.WriteJsonAsync(options.JsonPath, CancellationToken.None);
}

return report.MeetsAims ? 0 : 1;
