namespace Palio.Protocol.Conformance;

/// <summary>What one rule's check came to.</summary>
/// <param name="Rule">The rule in a few words.</param>
/// <param name="Section">Where docs/protocol.md has it.</param>
/// <param name="Passed">Whether the side keeps it.</param>
/// <param name="Detail">What happened instead: "expected … got …".</param>
/// <param name="Remedy">What to do about it.</param>
public sealed record ConformanceResult(string Rule, string Section, bool Passed, string? Detail = null, string? Remedy = null);

/// <summary>A program under test: an agent or an environment.</summary>
public interface ISideUnderTest
{
    /// <summary>Starts it with <c>PALIO_SOCKET</c> set and waits for its end. Ends it when cancelled.</summary>
    /// <param name="socketPath">What <c>PALIO_SOCKET</c> must be.</param>
    /// <param name="cancellationToken">Ends the program.</param>
    /// <returns>Its exit code.</returns>
    Task<int> RunAsync(string socketPath, CancellationToken cancellationToken);
}

/// <summary>How long the kit waits.</summary>
public sealed record ConformanceBudgets
{
    /// <summary>From the program's start to Hello, and from Welcome or Configure to Ready or Spec. Default 60 seconds.</summary>
    public TimeSpan Start { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>For each answer, and for the end after Finish. Default 10 seconds.</summary>
    public TimeSpan Answer { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>A rule is not kept; the message says how.</summary>
internal sealed class ConformanceException(string message) : Exception(message);
