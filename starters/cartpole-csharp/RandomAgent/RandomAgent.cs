using Palio.Sdk;

namespace CartPole.RandomAgent;

/// <summary>Pushes at random: hopeless, and the shortest there is.</summary>
public sealed class RandomAgent : IAgent
{
    /// <inheritdoc/>
    public void Act(Turn turn, ValueWriter action) => action.WriteInteger(Random.Shared.Next(2));
}
