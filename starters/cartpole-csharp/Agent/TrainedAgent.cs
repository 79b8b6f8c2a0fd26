using Palio.Sdk;

namespace CartPole.Agent;

/// <summary>Balances with the trained policy.</summary>
public sealed class TrainedAgent : IAgent
{
    /// <inheritdoc/>
    public void Act(Turn turn, ValueWriter action) =>
        action.WriteInteger(LinearPolicy.Trained.PushesRight(turn.Observation.Read<float>()) ? 1 : 0);
}
