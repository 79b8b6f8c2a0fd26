using Palio.Protocol.Messages;

namespace Palio.Referee.Playing;

/// <summary>What names of metrics may be, in a plan and in a Spec.</summary>
internal static class SpecMetrics
{
    public static string Rule { get; } = $"metrics must be at most {Spec.MaxMetrics} different names of 1 to 64 of A-Z a-z 0-9 _ - .";

    public static bool AreNames(IReadOnlyList<string?> names) =>
        names.Count <= Spec.MaxMetrics && names.Distinct().Count() == names.Count && names.All(IsName);

    private static bool IsName(string? name) =>
        name is { Length: >= 1 and <= 64 } && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.');
}
