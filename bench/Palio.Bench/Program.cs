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

await using var seeds = new SeededServers();
IFigure[] figures =
[
    new StepLatency(), new LegacySteps(), new SharpSteps(), new SubmissionToScore(), new EvaluationRate(), new SubmitLoad(), new LiveViewers(), new ServerMemory(),
    new RegistryRate(), new LeaderboardRate(seeds), new StartTime(seeds), new Growth(seeds),
];
var report = new BenchReport();
foreach (var figure in figures.Where(figure => options.Wants(figure.Name)))
{
    Console.Error.WriteLine($"{figure.Name}: {figure.Question}");
    await foreach (var row in figure.MeasureAsync(options, stop.Token))
    {
        report.Add(row);
        Console.Error.WriteLine($"  {row.Describe()}");
    }
}

report.WriteTable(Console.Out);
if (options.ComparePath is not null)
{
    await report.WriteComparisonAsync(options.ComparePath, Console.Out, stop.Token);
}

if (options.JsonPath is not null)
{
    await report.WriteJsonAsync(options.JsonPath, stop.Token);
}

return report.MeetsAims ? 0 : 1;
