using System.Diagnostics.CodeAnalysis;

namespace Palio.Registry;

/// <summary>A repository's name as the distribution specification allows it: lower-case components joined by slashes.</summary>
public sealed record RepositoryName
{
    /// <summary>The longest name accepted; clients count the host into their own limit of 255.</summary>
    public const int MaxLength = 200;

    private const string Joint = "__";

    private RepositoryName(string value) => Value = value;

    /// <summary>The name, for example <c>cartpole/team-7</c>.</summary>
    public string Value { get; }

    /// <summary>Reads a name; false when it is not one.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out RepositoryName? name)
    {
        name = text is { Length: > 0 and <= MaxLength } && text.Split('/').All(IsComponent) ? new RepositoryName(text) : null;
        return name is not null;
    }

    /// <summary>
    /// Reads a name as a client writes it: <c>a__b</c> is <c>a/b</c>. EvalAI's command line knows repositories of one component only,
    /// and cuts off what follows a second slash.
    /// </summary>
    public static bool TryParseWritten([NotNullWhen(true)] string? text, [NotNullWhen(true)] out RepositoryName? name)
    {
        var joint = text is null || text.Contains('/', StringComparison.Ordinal) ? -1 : text.LastIndexOf(Joint, StringComparison.Ordinal);
        return TryParse(joint < 0 ? text : $"{text![..joint]}/{text[(joint + Joint.Length)..]}", out name); // no joint without a text
    }

    /// <summary>Reads a name that is known to be one.</summary>
    /// <exception cref="FormatException">It is not one.</exception>
    public static RepositoryName Parse(string text) =>
        TryParse(text, out var name) ? name : throw new FormatException($"'{text}' is not a repository name.");

    /// <summary>The name in one component, for clients that know no others; a name of three stays as it is.</summary>
    public string InOnePiece => Value.Split('/') is [var first, var second] ? $"{first}{Joint}{second}" : Value;

    public override string ToString() => Value;

    /// <summary>Whose it is: the first two components, <c>challenge/team</c>, or the name itself when it has no more. Limits are shared below it.</summary>
    internal RepositoryName Owner => Value.Split('/') is [var first, var second, _, ..] ? new RepositoryName($"{first}/{second}") : this;

    // [a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*
    private static bool IsComponent(string component)
    {
        if (component.Length == 0 || !IsAlphanumeric(component[0]) || !IsAlphanumeric(component[^1]))
        {
            return false;
        }

        for (var i = 1; i < component.Length; i++)
        {
            if (IsAlphanumeric(component[i]))
            {
                continue;
            }

            var start = i;
            while (!IsAlphanumeric(component[i]))
            {
                i++; // ends: the last character is alphanumeric
            }

            if (!IsSeparator(component.AsSpan(start, i - start)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsSeparator(ReadOnlySpan<char> run) => run is "." or "_" or "__" || run.Trim('-').IsEmpty;

    private static bool IsAlphanumeric(char c) => c is (>= 'a' and <= 'z') or (>= '0' and <= '9');
}
