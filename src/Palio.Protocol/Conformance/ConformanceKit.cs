using Palio.Protocol.Messages;
using Palio.Protocol.Spaces;

namespace Palio.Protocol.Conformance;

/// <summary>Plays a referee, good and hostile, against a program, and says for each rule of docs/protocol.md whether the program keeps it.</summary>
public static class ConformanceKit
{
    /// <summary>CartPole's seat: what agents are checked with unless told otherwise.</summary>
    public static SpecSeat CartPole { get; } = new(
        BoxSpace.Create<float>([4], [-4.8f, float.NegativeInfinity, -0.41887903f, float.NegativeInfinity], [4.8f, float.PositiveInfinity, 0.41887903f, float.PositiveInfinity]),
        new DiscreteSpace(2),
        "player");

    /// <summary>Checks an agent, which is started once for each rule.</summary>
    /// <param name="agent">The program.</param>
    /// <param name="seat">The spaces it is made for.</param>
    /// <param name="budgets">How long to wait.</param>
    /// <param name="told">Called after each rule.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    /// <returns>One result a rule. Ends with the first rule when even that is broken.</returns>
    public static Task<IReadOnlyList<ConformanceResult>> CheckAgentAsync(
        ISideUnderTest agent, SpecSeat seat, ConformanceBudgets budgets, Action<ConformanceResult> told, CancellationToken cancellationToken) =>
        RunAsync(agent, new AgentRules(seat).All(), budgets, told, cancellationToken);

    /// <summary>Checks an environment, which is started once for each rule.</summary>
    /// <param name="environment">The program.</param>
    /// <param name="budgets">How long to wait.</param>
    /// <param name="told">Called after each rule.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    /// <returns>One result a rule. Ends with the first rule when even that is broken.</returns>
    public static Task<IReadOnlyList<ConformanceResult>> CheckEnvironmentAsync(
        ISideUnderTest environment, ConformanceBudgets budgets, Action<ConformanceResult> told, CancellationToken cancellationToken) =>
        RunAsync(environment, EnvironmentRules.All(), budgets, told, cancellationToken);

    /// <summary>Starts an environment to ask what its agents see and do.</summary>
    /// <param name="environment">The program.</param>
    /// <param name="budgets">How long to wait.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Its seat, or what went wrong.</returns>
    public static async Task<(SpecSeat? Seat, string? Problem)> AskSeatAsync(ISideUnderTest environment, ConformanceBudgets budgets, CancellationToken cancellationToken)
    {
        SpecSeat? seat = null;
        var problem = await EnvironmentRules.Declaration(spec => seat = spec.Seats[0]).TryAsync(environment, budgets, cancellationToken).ConfigureAwait(false);
        return problem is null ? (seat, null) : (null, problem);
    }

    private static async Task<IReadOnlyList<ConformanceResult>> RunAsync(
        ISideUnderTest side, IEnumerable<ConformanceRule> rules, ConformanceBudgets budgets, Action<ConformanceResult> told, CancellationToken cancellationToken)
    {
        var results = new List<ConformanceResult>();
        foreach (var rule in rules)
        {
            var wrong = await rule.TryAsync(side, budgets, cancellationToken).ConfigureAwait(false);
            var result = new ConformanceResult(rule.Name, rule.Section, wrong is null, wrong, wrong is null ? null : rule.Remedy);
            results.Add(result);
            told(result);
            if (results is [{ Passed: false }])
            {
                break;
            }
        }

        return results;
    }
}
