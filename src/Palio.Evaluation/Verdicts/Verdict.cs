using Palio.Protocol.Evaluations;

namespace Palio.Evaluation.Verdicts;

/// <summary>What an evaluation came to.</summary>
/// <param name="Result">The result; null when it failed.</param>
/// <param name="Fault">Why it failed, or with a result the agent's fault that forfeited episodes.</param>
/// <param name="Scored">The scores of an environment that scores itself, as JSON; then there is no result of the referee's own.</param>
public sealed record Verdict(PlayResult? Result, Fault? Fault, string? Scored = null);
