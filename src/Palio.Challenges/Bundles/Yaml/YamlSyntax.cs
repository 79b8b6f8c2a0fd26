using YamlDotNet.Core;

namespace Palio.Challenges.Bundles.Yaml;

/// <summary>Says what is wrong with YAML in a host's words: the causes that occur in practice, else the parser's.</summary>
internal static class YamlSyntax
{
    public static BundleProblem Explain(string file, string text, YamlException problem)
    {
        var (line, column) = (Math.Max(1, (int)problem.Start.Line), Math.Max(1, (int)problem.Start.Column));
        var lines = text.Split('\n');
        if (problem.Message.Contains("tab", StringComparison.Ordinal) && TabLine(lines, line) is { } tab)
        {
            (line, column) = (tab, 1);
        }

        var (message, remedy) = Cause(lines, line, column) ?? ($"Not valid YAML: {Own(problem)}", "Check indentation, quotes and brackets here and in the line above.");
        return new BundleProblem
        {
            Severity = BundleSeverity.Error,
            File = file,
            Line = line,
            Column = column,
            Message = message,
            Remedy = remedy,
        };
    }

    private static (string, string)? Cause(string[] lines, int line, int column)
    {
        var here = Line(lines, line);
        var indent = here[..(here.Length - here.TrimStart().Length)];
        if (indent.Contains('\t', StringComparison.Ordinal))
        {
            return ("Not valid YAML: the line is indented with a tab.", "Indent with spaces.");
        }

        if (ColonInText(here, column) is { } key)
        {
            return ("Not valid YAML: a colon inside an unquoted text.", $"Put the text of '{key}' in double quotes.");
        }

        var before = PreviousLine(lines, line);
        if (ListIndents(lines, line) is { } indents)
        {
            return (
                $"Not valid YAML: this list item is indented by {indents.Here}, the item before it by {indents.Before}.",
                "Items of one list must start in the same column.");
        }

        if (before.Number > 0 && column <= 1 + indent.Length && !LooksLikeKey(here) && LooksLikeKey(before.Text))
        {
            return (
                $"Not valid YAML: this line seems to continue the text that starts in line {before.Number}.",
                "Quote the text, or begin it with '>' and indent it.");
        }

        return LooksLikeKey(here) && KeyWithoutSpace(here) is { } glued
            ? ("Not valid YAML: no space after a colon.", $"Write '{glued}: ' with a space.")
            : null;
    }

    private static int? TabLine(string[] lines, int from)
    {
        for (var number = from; number <= lines.Length; number++)
        {
            if (Line(lines, number).TrimStart(' ').StartsWith('\t'))
            {
                return number;
            }
        }

        return null;
    }

    private static string? ColonInText(string line, int column)
    {
        var first = line.IndexOf(": ", StringComparison.Ordinal);
        if (first < 0)
        {
            return null;
        }

        var value = line[(first + 2)..].TrimStart();
        var inside = line.IndexOf(": ", first + 2, StringComparison.Ordinal);
        var isPlain = value.Length > 0 && !"\"'[{|>&*!#".Contains(value[0], StringComparison.Ordinal);
        return isPlain && inside >= 0 && column >= first + 2 ? line[..first].TrimStart(' ', '-', '\t') : null;
    }

    private static (int Here, int Before)? ListIndents(string[] lines, int line)
    {
        var here = Line(lines, line);
        var indent = here.Length - here.TrimStart().Length;
        if (!here.TrimStart().StartsWith("- ", StringComparison.Ordinal))
        {
            return null;
        }

        for (var number = line - 1; number >= 1; number--)
        {
            var other = Line(lines, number);
            if (other.TrimStart().StartsWith("- ", StringComparison.Ordinal))
            {
                var otherIndent = other.Length - other.TrimStart().Length;
                return otherIndent == indent ? null : (indent, otherIndent);
            }
        }

        return null;
    }

    private static string? KeyWithoutSpace(string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && colon + 1 < line.TrimEnd().Length && line[colon + 1] is not (' ' or '/') ? line[..colon].TrimStart(' ', '-') : null;
    }

    private static bool LooksLikeKey(string line) => line.Split(':') is [var key, _, ..] && key.Trim(' ', '-').All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    private static string Line(string[] lines, int number) => number >= 1 && number <= lines.Length ? lines[number - 1].TrimEnd('\r') : "";

    private static (int Number, string Text) PreviousLine(string[] lines, int line)
    {
        for (var number = line - 1; number >= 1; number--)
        {
            if (Line(lines, number).Trim() is { Length: > 0 } text && text[0] != '#')
            {
                return (number, Line(lines, number));
            }
        }

        return (0, "");
    }

    private static string Own(YamlException problem)
    {
        var message = problem.InnerException is YamlException inner ? inner.Message : problem.Message;
        return message.TrimEnd('.') + ".";
    }
}
