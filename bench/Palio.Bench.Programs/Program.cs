using Palio.Bench.Programs;
using Palio.Sdk;

// What the benchmarks play with; "exit" is a container that does nothing.
switch (args)
{
    case ["exit"]:
        return 0;
    case ["environment"]:
        return EnvironmentProgram.Run<OneStepEnvironment>();
    case ["agent"]:
        return AgentProgram.Run((_, action) => action.WriteInteger(0));
    case ["still-environment"]:
        return EnvironmentProgram.Run<StillEnvironment>();
    case ["rounds-agent"]:
        var rounds = new Rounds();
        return AgentProgram.Run((_, action) =>
        {
            rounds.Arrived();
            action.WriteInteger(1);
            rounds.Left();
        });
    case ["pong", var socket]:
        PingPong.Answer(socket);
        return 0;
    case ["ping", var socket]:
        PingPong.Ask(socket, new Rounds());
        return 0;
    default:
        await Console.Error.WriteLineAsync("usage: bench-program exit | environment | agent | still-environment | rounds-agent | pong SOCKET | ping SOCKET");
        return 64;
}
