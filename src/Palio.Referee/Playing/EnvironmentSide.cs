using Palio.Protocol.Evaluations;
using Palio.Protocol.Frames;
using Palio.Protocol.Messages;
using Palio.Referee.Sockets;

namespace Palio.Referee.Playing;

/// <summary>The environment: one request, one answer.</summary>
internal sealed class EnvironmentSide(SideConnection connection, RefereePlan plan, TimeProvider time)
    : Side(connection, SideCodes.Environment, time)
{
    /// <summary>Milliseconds the last answer took.</summary>
    public double LastMs { get; private set; }

    public GameRules Configure()
    {
        var configure = new Configure
        {
            Protocol = FrameLimits.Version,
            Slots = plan.Slots,
            MaxSteps = plan.MaxSteps,
            Limits = new EnvironmentLimits(plan.MaxMessageBytes, plan.Budgets.EnvironmentStepMs),
            Metrics = plan.Metrics,
        };
        SendJson(FrameType.Configure, configure, StepJsonContext.Default.Configure, plan.Budgets.ReadyMs);
        Connection.Buffer.MaxLength = plan.MaxMessageBytes;
        var spec = ReadJson(FrameType.Spec, StepJsonContext.Default.Spec, plan.Budgets.ReadyMs, FaultCode.EnvironmentStartTimeout);
        return GameRules.Agree(plan, spec);
    }

    /// <summary>Sends a Reset or Step and gives the body of the State that answers it.</summary>
    public Span<byte> Ask(ReadOnlySpan<byte> request)
    {
        RefuseMore();
        var started = Time.GetTimestamp();
        Send(request, plan.Budgets.EnvironmentStepMs);
        var frame = Read(plan.Budgets.EnvironmentStepMs - (long)Time.GetElapsedTime(started).TotalMilliseconds, FaultCode.EnvironmentStepTimeout, "State");
        LastMs = Time.GetElapsedTime(started).TotalMilliseconds;
        RefuseMore();
        return frame.Type == FrameType.State ? frame.Body : throw Broke($"expected State, got frame type {Name(frame.Type)}");
    }

    // What came together with an answer is seen by no poll: it would stand for the answer to a question not asked yet.
    private void RefuseMore()
    {
        if (TryRead(out var frame))
        {
            throw Broke($"a frame of type {Name(frame.Type)} out of turn");
        }
    }
}
