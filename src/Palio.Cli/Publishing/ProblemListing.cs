using Palio.Cli.Output;
using Palio.Protocol.Api;

namespace Palio.Cli.Publishing;

/// <summary>Problems as compilers write them, so that editors jump to the place.</summary>
internal static class ProblemListing
{
    public static void Write(IAnsiConsole console, IReadOnlyList<ProblemRow> problems)
    {
        foreach (var problem in problems)
        {
            var place = problem.File + (problem.Line > 0 ? $":{problem.Line}:{problem.Column}" : "");
            var colour = problem.Severity == "error" ? "red" : "yellow";
            console.MarkupLine($"{Escape(place)}{(place.Length > 0 ? ": " : "")}[{colour}]{Escape(problem.Severity)}:[/] {Escape(problem.Message)}");
            if (problem.Remedy.Length > 0)
            {
                console.MarkupLine($"    [cyan]{Escape(problem.Remedy)}[/]");
            }
        }
    }

    public static string Count(IReadOnlyList<ProblemRow> problems)
    {
        var errors = problems.Count(problem => problem.Severity == "error");
        return $"{Plural(errors, "error")}, {Plural(problems.Count - errors, "warning")}";
    }

    public static IReadOnlyList<ProblemRow> Rows(IReadOnlyList<BundleProblemDetail> problems) =>
        [.. problems.Select(one => new ProblemRow(one.Severity.ToLowerInvariant(), one.File, one.Line, one.Column, one.Path, one.Message, one.Remedy))];

    private static string Plural(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";

    private static string Escape(string text) => Markup.Escape(Printable.Of(text));
}
