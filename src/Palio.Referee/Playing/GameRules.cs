using Palio.Protocol.Evaluations;
using Palio.Protocol.Frames;
using Palio.Protocol.Messages;
using Palio.Protocol.Spaces;

namespace Palio.Referee.Playing;

/// <summary>What is played, as plan and environment agreed.</summary>
internal sealed class GameRules
{
    private GameRules(RefereePlan plan, Spec spec, int slots) => (Plan, Spec, Slots) = (plan, spec, slots);

    public RefereePlan Plan { get; }

    public Spec Spec { get; }

    public int Slots { get; }

    public Space ObservationSpace => Spec.Seats[0].ObservationSpace;

    public Space ActionSpace => Spec.Seats[0].ActionSpace;

    public int MetricBytes => Spec.Metrics.Count * sizeof(double);

    public MemberRule ActionRule => Plan.ActionPolicy == ActionPolicy.Clip ? MemberRule.ClippedAction : MemberRule.Action;

    /// <summary>Checks what an environment declared.</summary>
    public static GameRules Agree(RefereePlan plan, Spec spec)
    {
        if (spec.Seats.Count != 1)
        {
            throw Violation($"it declares {spec.Seats.Count} seats; this referee plays environments with one");
        }

        if (spec.Slots < 1 || spec.Slots > plan.Slots)
        {
            throw Violation($"it declares {spec.Slots} slots; expected 1 to {plan.Slots}");
        }

        if (spec.Seats[0] is null)
        {
            throw Violation("its seat is null");
        }

        CheckMetrics(plan, spec);
        var seat = spec.Seats[0];
        var entry = EntryHeader.ByteCount + Math.Max(seat.ObservationSpace.MinSize + (spec.Metrics.Count * sizeof(double)), seat.ActionSpace.MinSize);
        var fit = (plan.MaxMessageBytes - FrameLimits.HeaderSize - FrameLimits.HotHeaderSize) / entry;
        return fit >= 1
            ? new GameRules(plan, spec, Math.Min(spec.Slots, fit))
            : throw Violation($"one of its values needs {entry} bytes; a message has at most {plan.MaxMessageBytes}");
    }

    private static void CheckMetrics(RefereePlan plan, Spec spec)
    {
        if (!SpecMetrics.AreNames(spec.Metrics))
        {
            throw Violation(SpecMetrics.Rule);
        }

        if (plan.Metrics.Except(spec.Metrics).ToList() is { Count: > 0 } missing)
        {
            throw Violation($"it does not declare the metrics {string.Join(", ", missing)}, which the phase's scoring needs");
        }
    }

    private static FaultException Violation(string what) => new(FaultCode.EnvironmentSpecViolation, $"the environment's Spec: {what}");
}
