using System.Globalization;
using System.Text.Json;
using Palio.Protocol.Evaluations;
using Palio.Referee.Events;

namespace Palio.Referee.Legacy;

/// <summary>The program's two modes for images made for EvalAI: the referee beside the environment, the gate beside the agent.</summary>
internal static class LegacyProgram
{
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(10);

    public static int Run(string mode, Func<string, string?> variable, EventLog events, TextWriter complaints, TimeProvider time)
    {
        var socket = variable("PALIO_AGENT_SOCKET") ?? "/palio/agent/palio.sock";
        return Wait(mode == "gate"
            ? Gate.RunAsync(socket, complaints, Port(variable, "PALIO_GATE_PORT", LegacyPorts.Environment), CancellationToken.None)
            : PlayAsync(Parse(variable("PALIO_LEGACY_PLAN")), Addresses(socket, variable), events, time));
    }

    /// <summary>Plays a legacy evaluation.</summary>
    public static async Task<int> PlayAsync(LegacyPlan plan, LegacyAddresses addresses, EventLog events, TimeProvider time)
    {
        var referee = new LegacyReferee(plan, addresses, events, time);
        await using (referee.ConfigureAwait(false))
        {
            await referee.StartAsync(CancellationToken.None).ConfigureAwait(false);
            var exit = await referee.RunAsync(CancellationToken.None).ConfigureAwait(false);
            if (exit == RefereeProgram.Played)
            {
                // The agent's last call is not answered: a starter's environment ends inside it. It is killed waiting, rather than
                // shown an error that is none.
                await Task.Delay(Linger, time).ConfigureAwait(false);
            }

            return exit;
        }
    }

    // In a pod each side has a loopback of its own and the ports are the starter's; where both share one, somebody says others.
    private static LegacyAddresses Addresses(string socket, Func<string, string?> variable) =>
        new(socket, Port(variable, "PALIO_API_PORT", LegacyPorts.Api), Port(variable, "PALIO_ENVIRONMENT_PORT", LegacyPorts.Environment));

    private static int Port(Func<string, string?> variable, string name, int usual) => variable(name) is not { } text ? usual
        : ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port
        : throw new PlanException($"{name} is not a port");

    // The program's edge: nothing else runs on this thread.
    private static int Wait(Task<int> program) => program.GetAwaiter().GetResult();

    private static LegacyPlan Parse(string? json)
    {
        try
        {
            return JsonSerializer.Deserialize(json ?? throw new PlanException("PALIO_LEGACY_PLAN is not set"), EvaluationJsonContext.Default.LegacyPlan)
                ?? throw new PlanException("the plan is null");
        }
        catch (JsonException exception)
        {
            throw new PlanException($"the plan is not valid: {exception.Message}");
        }
    }
}
