using System.Buffers.Binary;
using System.Text.Json;
using CartPole.Agent;
using CartPole.Environment;

namespace Palio.Starters.Tests;

public sealed class CartPolePhysicsTests
{
    [Fact]
    public void Uniform_NumPySeeds_GivesNumPysNumbers()
    {
        // numpy.random.default_rng(seed).uniform(-0.05, 0.05, 2), NumPy 1.24.
        AssertNumbers(0, 0.013696168732145436, -0.02302132862361297);
        AssertNumbers(42, 0.027395604855596334, -0.006112156024794771);
        AssertNumbers(1099511627781, -0.04952605406255092, -0.01274154175887885);

        static void AssertNumbers(ulong seed, double first, double second)
        {
            var random = new Pcg64(seed);
            Assert.Equal(first, random.Uniform(-0.05, 0.05));
            Assert.Equal(second, random.Uniform(-0.05, 0.05));
        }
    }

    [Fact]
    public void Episodes_SeedsAndActionsOfThePythonStarter_GiveTheSameObservations()
    {
        using var file = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "trajectories.json")));
        foreach (var episode in file.RootElement.EnumerateArray())
        {
            var expected = episode.GetProperty("observations").EnumerateArray().Select(one => one.GetString()).ToArray();
            Assert.Equal(expected, Observations(episode.GetProperty("seed").GetUInt64(), episode.GetProperty("actions").GetString()!));
        }
    }

    [Fact]
    public void Step_PushedToOneSide_FallsWithinElevenSteps()
    {
        var physics = new CartPolePhysics();
        physics.Reset(1);
        while (!physics.HasFallen)
        {
            physics.Step(true);
        }

        Assert.InRange(physics.Steps, 8, 11);
        Assert.True(physics.Lean > 0);
    }

    [Fact]
    public void TrainedPolicy_HundredSeeds_BalancesNearlyAlways() =>
        Assert.True(Enumerable.Range(0, 100).Average(seed => Training.Play(LinearPolicy.Trained, (ulong)seed * 7919)) >= 490);

    [Fact]
    public void Training_EqualSeeds_FindsTheWeightsThatAreKept()
    {
        var weights = Training.Run(1, TextWriter.Null);
        Assert.True(Enumerable.Range(0, 20).All(seed =>
            Training.Play(new LinearPolicy(weights[0], weights[1], weights[2], weights[3]), (ulong)seed)
            == Training.Play(LinearPolicy.Trained, (ulong)seed)));
    }

    private static List<string> Observations(ulong seed, string actions)
    {
        var physics = new CartPolePhysics();
        physics.Reset(seed);
        var seen = new List<string> { Bits(physics) };
        foreach (var action in actions)
        {
            physics.Step(action == '1');
            if (physics.Steps == actions.Length || physics.Steps % 50 == 0)
            {
                seen.Add(Bits(physics));
            }
        }

        return seen;
    }

    private static string Bits(CartPolePhysics physics)
    {
        Span<float> observation = stackalloc float[4];
        Span<byte> bytes = stackalloc byte[16];
        physics.Observe(observation);
        for (var at = 0; at < observation.Length; at++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes[(at * 4)..], observation[at]);
        }

        return Convert.ToHexStringLower(bytes);
    }
}
