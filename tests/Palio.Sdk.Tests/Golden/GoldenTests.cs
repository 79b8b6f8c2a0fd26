namespace Palio.Sdk.Tests.Golden;

public sealed class GoldenTests
{
    public static TheoryData<string> Sessions { get; } = ["counter", "slots", "spaces", "forfeit", "crash", "infinite", "version"];

    [Theory]
    [MemberData(nameof(Sessions))]
    public void Agent_GoldenSession_SaysItByteForByte(string name)
    {
        var conversation = new Conversation(name, "agent");
        Action<Turn, ValueWriter> act = conversation.Program switch
        {
            "third" => Third,
            "wild" => Wild,
            _ => (turn, action) => Echo.Copy(turn.Observation, action),
        };

        Assert.Equal(conversation.ExitCode, Played.Agent(act, conversation.Say).Code);
    }

    [Theory]
    [MemberData(nameof(Sessions))]
    public void Environment_GoldenSession_SaysItByteForByte(string name)
    {
        var conversation = new Conversation(name, "environment");
        Func<EnvironmentSetup, IEnvironment> make = conversation.Program switch
        {
            "counter" => _ => new Counter(),
            "crash" => _ => new Crash(),
            "infinite" => _ => new Infinite(),
            _ => _ => new Echo(conversation.ObservationSpace()),
        };

        Assert.Equal(conversation.ExitCode, Played.Environment(make, conversation.Say).Code);
    }

    [Fact]
    public void Sessions_FilesInTheFolder_AreAllPlayed() => Assert.Equal(
        Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "golden"), "*.txt").Select(Path.GetFileNameWithoutExtension).Order(),
        Sessions.Select(row => row.Data).Order());

    private static void Third(Turn turn, ValueWriter action) => action.WriteInteger((turn.Observation.Read<long>()[1] % 3) - 1);

    private static void Wild(Turn turn, ValueWriter action)
    {
        var steps = turn.Observation.Read<long>()[1];
        action.WriteInteger(steps == 1 ? 5 : (steps % 3) - 1);
    }
}
