using System.Globalization;
using CartPole.Environment;

namespace CartPole.Agent;

/// <summary>Finds the policy's four weights by the cross-entropy method. Equal seeds find equal weights.</summary>
public static class Training
{
    private const int Candidates = 40;
    private const int Elite = 8;
    private const int Rounds = 12;

    /// <summary>Trains, tells of each round, and returns the weights.</summary>
    public static double[] Run(ulong seed, TextWriter output)
    {
        var random = new Pcg64(seed);
        double[] mean = [0, 0, 0, 0];
        double[] spread = [1, 1, 1, 1];
        for (var round = 1; round <= Rounds; round++)
        {
            // New episodes in every round, the same for all of its candidates.
            var seeds = Enumerable.Range(0, round + 1).Select(_ => random.Next64() >> 33).ToArray();
            var best = Enumerable.Range(0, Candidates)
                .Select(_ => mean.Zip(spread, (center, width) => center + (width * Gaussian(random))).ToArray())
                .Select(weights => (Weights: weights, Score: seeds.Average(one => Play(Policy(weights), one))))
                .OrderByDescending(one => one.Score)
                .Take(Elite)
                .ToArray();
            for (var at = 0; at < mean.Length; at++)
            {
                var column = best.Select(one => one.Weights[at]).ToArray();
                mean[at] = column.Average();
                // A little extra width keeps the search from closing in too early.
                spread[at] = Math.Sqrt(column.Average(value => Math.Pow(value - mean[at], 2))) + (0.1 / round);
            }

            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"round {round,2}: best {best[0].Score,5:F1}, best {Elite} {best.Average(one => one.Score),5:F1}"));
        }

        return [.. mean.Select(weight => Math.Round(weight, 4))];
    }

    /// <summary>Plays one episode; returns its return.</summary>
    public static int Play(LinearPolicy policy, ulong seed)
    {
        var physics = new CartPolePhysics();
        Span<float> observation = stackalloc float[4];
        physics.Reset(seed);
        while (!physics.HasFallen && physics.Steps < CartPolePhysics.MaxSteps)
        {
            physics.Observe(observation);
            physics.Step(policy.PushesRight(observation));
        }

        return physics.Steps;
    }

    private static LinearPolicy Policy(double[] weights) => new(weights[0], weights[1], weights[2], weights[3]);

    private static double Gaussian(Pcg64 random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.Uniform(0, 1))) * Math.Cos(2 * Math.PI * random.Uniform(0, 1));
}
