using CartPole.Agent;

// One program for all parts; each image names the one it is.
switch (args)
{
    case ["train"]:
        Console.WriteLine($"weights: {string.Join(", ", Training.Run(1, Console.Out))}");
        return 0;
    default:
        await Console.Error.WriteLineAsync("usage: cartpole train");
        return 64;
}
