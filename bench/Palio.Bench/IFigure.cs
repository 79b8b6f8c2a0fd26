namespace Palio.Bench;

/// <summary>Something measured against a named other side, both in turn in the same run.</summary>
internal interface IFigure
{
    /// <summary>What <c>--only</c> takes.</summary>
    string Name { get; }

    /// <summary>What is asked, in one line.</summary>
    string Question { get; }

    /// <summary>Whether the quick mode has the time for it; otherwise it is measured there when it is named.</summary>
    bool IsQuick => true;

    /// <summary>Measures, and hands out each row as soon as it is there.</summary>
    IAsyncEnumerable<BenchRow> MeasureAsync(BenchOptions options, CancellationToken cancellationToken);
}
