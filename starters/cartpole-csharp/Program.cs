using CartPole.Agent;
using CartPole.Environment;
using Palio.Sdk;

// One program for all parts; each image names the one it is.
switch (args)
{
    case ["environment"]:
        return EnvironmentProgram.Run<CartPoleEnvironment>();
    case ["agent"]:
        return AgentProgram.Run<TrainedAgent>();
    case ["random"]:
        return AgentProgram.Run<CartPole.RandomAgent.RandomAgent>();
    case ["train"]:
        Console.WriteLine($"weights: {string.Join(", ", Training.Run(1, Console.Out))}");
        return 0;
    default:
        await Console.Error.WriteLineAsync("usage: cartpole environment | agent | random | train");
        return 64;
}
