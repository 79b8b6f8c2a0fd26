namespace Palio.Bench;

/// <summary>What <c>palio bench</c> was asked for.</summary>
internal sealed record BenchOptions
{
    /// <summary>Names to measure; empty for all.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>Where the rows go as JSON; null for nowhere.</summary>
    public string? JsonPath { get; init; }

    /// <summary>Rows of an earlier run to compare with; null for none.</summary>
    public string? ComparePath { get; init; }

    /// <summary>Fewer and shorter rounds, fewer rows: some two minutes in all.</summary>
    public bool Quick { get; init; }

    /// <summary>The repository's root, where the launcher runs us.</summary>
    public string Root { get; init; } = Directory.GetCurrentDirectory();

    /// <summary>Says what can be asked for instead of measuring.</summary>
    public bool Help { get; init; }

    /// <summary>What can be asked for.</summary>
    public const string Usage = """
        palio bench [--quick] [--only NAME]... [--json FILE] [--compare OLD]

          --quick        fewer and shorter rounds, at most 20 000 submissions, growth only when it is named: some two
                         minutes in all (without it, with a million submissions: some 20)
          --only NAME    this figure alone; repeatable
          --json FILE    writes the rows to a file
          --compare OLD  compares with such a file of an earlier run
        palio bench micro [BenchmarkDotNet's options]

        """;

    public bool Wants(IFigure figure) => Only.Count == 0 ? figure.IsQuick || !Quick : Only.Contains(figure.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads the arguments; says what is wrong and returns null when they are not understood.</summary>
    public static BenchOptions? Parse(string[] args, TextWriter errors)
    {
        var options = new BenchOptions();
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--help" or "-h":
                    options = options with { Help = true };
                    break;
                case "--quick":
                    options = options with { Quick = true };
                    break;
                case "--only" when i + 1 < args.Length:
                    options = options with { Only = [.. options.Only, args[++i]] };
                    break;
                case "--json" when i + 1 < args.Length:
                    options = options with { JsonPath = args[++i] };
                    break;
                case "--compare" when i + 1 < args.Length && File.Exists(args[i + 1]):
                    options = options with { ComparePath = args[++i] };
                    break;
                case "--compare" when i + 1 < args.Length:
                    errors.WriteLine($"bench: --compare: there is no file '{args[i + 1]}'. Make one with --json FILE.");
                    return null;
                default:
                    errors.WriteLine($"bench: '{args[i]}' is not understood. Use --quick, --only NAME (repeatable), --json FILE, --compare OLD.");
                    return null;
            }
        }

        return options;
    }
}
