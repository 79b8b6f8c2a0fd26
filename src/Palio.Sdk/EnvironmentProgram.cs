using Palio.Protocol.Messages;
using Palio.Sdk.Sessions;

namespace Palio.Sdk;

/// <summary>Runs an environment: <c>return EnvironmentProgram.Run&lt;MyEnvironment&gt;();</c></summary>
public static class EnvironmentProgram
{
    /// <summary>Serves until there are no more episodes. Says why on standard error when it ends otherwise.</summary>
    /// <typeparam name="TEnvironment">The environment; one is made for each episode played at once.</typeparam>
    /// <returns>The program's exit code; see <see cref="ExitCodes"/>.</returns>
    public static int Run<TEnvironment>()
        where TEnvironment : IEnvironment, new() => Run(_ => new TEnvironment());

    /// <summary>Serves until there are no more episodes. Says why on standard error when it ends otherwise.</summary>
    /// <param name="make">Makes an environment for each episode played at once.</param>
    /// <param name="slots">Most episodes to play at once, whatever the phase allows. Default no limit.</param>
    /// <param name="path">Path of the referee's socket; by default <c>PALIO_SOCKET</c>, or <c>/palio/palio.sock</c>.</param>
    /// <returns>The program's exit code; see <see cref="ExitCodes"/>.</returns>
    public static int Run(Func<EnvironmentSetup, IEnvironment> make, int slots = int.MaxValue, string? path = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(slots, 1);
        return Run(make, slots, Dialing.To(path), Console.Error);
    }

    internal static int Run(Func<EnvironmentSetup, IEnvironment> make, int slots, Dialing dialing, TextWriter errors) =>
        Manners.Run(dialing, connection => new EnvironmentSession(connection, make, slots), "ENV_SPEC_VIOLATION", errors);
}

/// <summary>What an environment is told before it plays.</summary>
public sealed record EnvironmentSetup
{
    /// <summary>Which of the episodes played at once it is for, from 0.</summary>
    public required int Slot { get; init; }

    /// <summary>Episodes the phase plays at once, at most.</summary>
    public required int Slots { get; init; }

    /// <summary>The referee truncates an episode after so many steps.</summary>
    public required int MaxSteps { get; init; }

    /// <summary>Metrics that the phase's scoring needs.</summary>
    public required IReadOnlyList<string> Metrics { get; init; }

    /// <summary>Sizes and times.</summary>
    public required EnvironmentLimits Limits { get; init; }
}
