using Palio.Protocol.Evaluations;
using Palio.Protocol.Messages;
using Palio.Protocol.Spaces;
using Palio.Sdk.Sessions;

namespace Palio.Sdk;

/// <summary>Runs an agent: <c>return AgentProgram.Run&lt;MyAgent&gt;();</c></summary>
public static class AgentProgram
{
    /// <summary>Plays until there are no more episodes. Says why on standard error when it ends otherwise.</summary>
    /// <typeparam name="TAgent">The agent; one is made for each episode played at once.</typeparam>
    /// <returns>The program's exit code; see <see cref="ExitCodes"/>.</returns>
    public static int Run<TAgent>()
        where TAgent : IAgent, new() => Run(_ => new TAgent());

    /// <summary>Plays until there are no more episodes. Says why on standard error when it ends otherwise.</summary>
    /// <param name="act">Writes the action for an observation.</param>
    /// <returns>The program's exit code; see <see cref="ExitCodes"/>.</returns>
    public static int Run(Action<Turn, ValueWriter> act) => Run(_ => new FunctionAgent(act));

    /// <summary>Plays until there are no more episodes. Says why on standard error when it ends otherwise.</summary>
    /// <param name="make">Makes an agent for each episode played at once, once the connection stands: loading a model counts as getting ready.</param>
    /// <param name="path">Path of the referee's socket; by default <c>PALIO_SOCKET</c>, or <c>/palio/palio.sock</c>.</param>
    /// <returns>The program's exit code; see <see cref="ExitCodes"/>.</returns>
    public static int Run(Func<AgentSetup, IAgent> make, string? path = null) => Run(make, Dialing.To(path), Console.Error);

    internal static int Run(Func<AgentSetup, IAgent> make, Dialing dialing, TextWriter errors) =>
        Manners.Run(dialing, connection => new AgentSession(connection, make), "AGENT_INVALID_ACTION", errors);

    private sealed class FunctionAgent(Action<Turn, ValueWriter> act) : IAgent
    {
        public void Act(Turn turn, ValueWriter action) => act(turn, action);
    }
}

/// <summary>What an agent is told before it plays.</summary>
public sealed record AgentSetup
{
    /// <summary>What the agent sees.</summary>
    public required Space ObservationSpace { get; init; }

    /// <summary>What the agent may do.</summary>
    public required Space ActionSpace { get; init; }

    /// <summary>Which of the episodes played at once it is for, from 0.</summary>
    public required int Slot { get; init; }

    /// <summary>Episodes played at once.</summary>
    public required int Slots { get; init; }

    /// <summary>Most steps of an episode.</summary>
    public required int MaxSteps { get; init; }

    /// <summary>What happens to actions out of bounds.</summary>
    public required ActionPolicy ActionPolicy { get; init; }

    /// <summary>Sizes and times.</summary>
    public required AgentLimits Limits { get; init; }
}
