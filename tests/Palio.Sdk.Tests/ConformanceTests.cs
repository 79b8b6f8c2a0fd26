using Palio.Protocol.Conformance;
using Palio.Protocol.Spaces;
using Palio.Sdk.Sessions;

namespace Palio.Sdk.Tests;

public sealed class ConformanceTests
{
    private static readonly ConformanceBudgets Budgets = new();

    [Fact]
    public async Task Agent_OfTheSdk_KeepsAllRules()
    {
        var results = await ConformanceKit.CheckAgentAsync(
            new Agent((_, action) => action.WriteInteger(1)), ConformanceKit.CartPole, Budgets, _ => { }, TestContext.Current.CancellationToken);
        Assert.True(results.Count > 9);
        Assert.All(results, result => Assert.True(result.Passed, $"{result.Rule}: {result.Detail}"));
    }

    [Fact]
    public async Task Environment_OfTheSdk_KeepsAllRules()
    {
        var results = await ConformanceKit.CheckEnvironmentAsync(new Environment(() => new Small()), Budgets, _ => { }, TestContext.Current.CancellationToken);
        Assert.True(results.Count > 8);
        Assert.All(results, result => Assert.True(result.Passed, $"{result.Rule}: {result.Detail}"));
    }

    [Fact]
    public async Task Agent_WithActionsOutOfBounds_BreaksTheRuleOfActions()
    {
        var results = await ConformanceKit.CheckAgentAsync(
            new Agent((_, action) => action.WriteInteger(7)), ConformanceKit.CartPole, Budgets, _ => { }, TestContext.Current.CancellationToken);
        var broken = results.First(result => !result.Passed);
        Assert.Contains("expected a whole number from 0 to 1, got 7", broken.Detail, StringComparison.Ordinal);
        Assert.NotNull(broken.Remedy);
    }

    [Fact]
    public async Task Environment_WithAnInfiniteReward_BreaksTheRuleOfStates()
    {
        var results = await ConformanceKit.CheckEnvironmentAsync(new Environment(() => new Small { Reward = double.NaN }), Budgets, _ => { }, TestContext.Current.CancellationToken);
        Assert.Contains(results, result => result is { Passed: false, Detail: "step 1: expected a finite reward, got NaN" });
    }

    [Fact]
    public async Task Environment_WithRandomnessOfItsOwn_BreaksTheRuleOfEqualStates()
    {
        var count = 0;
        var results = await ConformanceKit.CheckEnvironmentAsync(new Environment(() => new Small { Noise = () => count++ % 5 }), Budgets, _ => { }, TestContext.Current.CancellationToken);
        Assert.Contains(results, result => !result.Passed && result.Detail!.Contains("differ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Agent_ThatEndsAtOnce_IsToldInOneResult()
    {
        var result = Assert.Single(await ConformanceKit.CheckAgentAsync(
            new Gone(), ConformanceKit.CartPole, Budgets, _ => { }, TestContext.Current.CancellationToken));
        Assert.Equal((false, "the program ended with exit code 1 before it connected"), (result.Passed, result.Detail));
    }

    private static Task<int> OnAThread(Func<int> run) => Task.Factory.StartNew(run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static Dialing To(string path) => new(path, TimeSpan.FromSeconds(20), TimeProvider.System);

    private sealed class Agent(Action<Turn, ValueWriter> act) : ISideUnderTest, IAgent
    {
        public Task<int> RunAsync(string socketPath, CancellationToken cancellationToken) =>
            OnAThread(() => AgentProgram.Run(_ => this, To(socketPath), TextWriter.Null));

        public void Act(Turn turn, ValueWriter action) => act(turn, action);
    }

    private sealed class Environment(Func<IEnvironment> make) : ISideUnderTest
    {
        public Task<int> RunAsync(string socketPath, CancellationToken cancellationToken) =>
            OnAThread(() => EnvironmentProgram.Run(_ => make(), int.MaxValue, To(socketPath), TextWriter.Null));
    }

    private sealed class Gone : ISideUnderTest
    {
        public Task<int> RunAsync(string socketPath, CancellationToken cancellationToken) => Task.FromResult(1);
    }

    private sealed class Small : IEnvironment
    {
        private int _steps;

        public double Reward { get; init; } = 1;

        public Func<long> Noise { get; init; } = () => 0;

        public Space ObservationSpace { get; } = BoxSpace.Create<long>([2], 0, 100);

        public Space ActionSpace { get; } = new DiscreteSpace(3);

        public IReadOnlyList<string> Metrics => ["steps"];

        public void Reset(ulong seed, System.Text.Json.JsonElement? options, ValueWriter observation)
        {
            _steps = 0;
            observation.Write((long)(seed % 100), Noise());
        }

        public StepResult Step(ValueReader action, ValueWriter observation)
        {
            observation.Write(action.ReadInteger(), Noise());
            return new StepResult(Reward, Truncated: ++_steps == 4);
        }

        public void Measure(Span<double> values) => values[0] = _steps;
    }
}
