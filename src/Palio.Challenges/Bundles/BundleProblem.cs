namespace Palio.Challenges.Bundles;

/// <summary>How much a problem matters.</summary>
public enum BundleSeverity
{
    /// <summary>The bundle cannot be published.</summary>
    Error,

    /// <summary>The bundle can be published; what is said happens, and is probably not what was meant.</summary>
    Warning,
}

/// <summary>One thing that is wrong with a bundle: where, what, and what to write instead.</summary>
public sealed record BundleProblem
{
    /// <summary>Whether it stops the bundle from being published.</summary>
    public required BundleSeverity Severity { get; init; }

    /// <summary>The file's path inside the bundle, or the archive entry's name; empty when it concerns the bundle as a whole.</summary>
    public required string File { get; init; }

    /// <summary>Line, from 1; 0 when the problem has no place in a text file.</summary>
    public int Line { get; init; }

    /// <summary>Column, from 1; 0 when the problem has no place in a text file.</summary>
    public int Column { get; init; }

    /// <summary>The element, such as <c>challenge_phases[0].max_submissions</c>; empty when there is none.</summary>
    public string Path { get; init; } = "";

    /// <summary>What is wrong, with what was found.</summary>
    public required string Message { get; init; }

    /// <summary>What to write or do instead.</summary>
    public required string Remedy { get; init; }

    /// <summary><c>file:line:column: error: path: message remedy</c>, as compilers write it.</summary>
    public override string ToString()
    {
        var place = Line > 0 ? $"{File}:{Line}:{Column}" : File;
        var severity = Severity == BundleSeverity.Error ? "error" : "warning";
        var element = Path.Length > 0 ? $"{Path}: " : "";
        return place.Length > 0
            ? $"{place}: {severity}: {element}{Message} {Remedy}".TrimEnd()
            : $"{severity}: {element}{Message} {Remedy}".TrimEnd();
    }
}
