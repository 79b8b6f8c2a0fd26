using System.Globalization;
using System.Text.Json;

namespace Palio.Bench;

/// <summary>The rows measured so far, as a table for people and as JSON.</summary>
internal sealed class BenchReport
{
    private static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly List<BenchRow> _rows = [];
    private readonly List<string> _failures = [];

    /// <summary>Whether no row misses its aim, and none is lacking.</summary>
    public bool MeetsAims => _failures.Count == 0 && _rows.TrueForAll(row => row.Met != false);

    public void Add(BenchRow row) => _rows.Add(row);

    /// <summary>Notes that a figure could not be measured to its end.</summary>
    public void AddFailure(string figure, Exception exception) => _failures.Add($"{figure}: FAILED: {exception.Message}");

    public void WriteTable(TextWriter output)
    {
        output.WriteLine($"{"figure",-52} {"ours",10} {"other",10} {"unit",-4} {"ratio",7} {"quartiles",-16} {"aim",-22} other side");
        foreach (var row in _rows)
        {
            var mark = row.Met switch { true => "met", false => "MISSED", null => "" };
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{row.Figure,-52} {row.Ours,10:0.#} {row.Theirs,10:0.#} {row.Unit,-4} {row.Ratio,7:0.00} {$"[{row.Low:0.00}, {row.High:0.00}]",-16} {row.Aim,-22} {row.OtherSide} {mark}"));
        }

        foreach (var failure in _failures)
        {
            output.WriteLine(failure);
        }
    }

    /// <summary>Says how each ratio differs from an earlier run's, and whether by more than either run's own spread.</summary>
    /// <param name="path">What <see cref="WriteJsonAsync"/> wrote then.</param>
    /// <param name="output">Takes the lines.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public async Task WriteComparisonAsync(string path, TextWriter output, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
        var old = (await JsonSerializer.DeserializeAsync<List<BenchRow>>(file, JsonOptions, cancellationToken) ?? []).ToDictionary(row => (row.Figure, row.OtherSide));
        await output.WriteLineAsync($"\n{"compared with " + Path.GetFileName(path),-52} {"then",8} {"now",8} {"change",8}");
        foreach (var row in _rows)
        {
            var line = old.TryGetValue((row.Figure, row.OtherSide), out var then)
                ? string.Create(CultureInfo.InvariantCulture,
                    $"{row.Figure,-52} {then.Ratio,8:0.00} {row.Ratio,8:0.00} {(row.Ratio / then.Ratio) - 1,8:+0%;-0%;0%} {(row.Low > then.High || row.High < then.Low ? "differs" : "within the spread")}")
                : $"{row.Figure,-52} {"-",8} {row.Ratio,8:0.00}          new";
            await output.WriteLineAsync(line);
        }
    }

    public async Task WriteJsonAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = File.Create(path);
        await JsonSerializer.SerializeAsync(file, _rows, JsonOptions, cancellationToken);
    }
}
