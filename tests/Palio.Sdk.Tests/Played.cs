using Palio.Sdk.Sessions;

namespace Palio.Sdk.Tests;

/// <summary>Runs a side against a script, each on its own thread.</summary>
internal static class Played
{
    public static Outcome Agent(Func<AgentSetup, IAgent> make, Action<ScriptedReferee> script) =>
        Play(script, (dialing, errors) => AgentProgram.Run(make, dialing, errors));

    public static Outcome Agent(Action<Turn, ValueWriter> act, Action<ScriptedReferee> script) => Agent(_ => new Function(act), script);

    public static Outcome Environment(
        Func<EnvironmentSetup, IEnvironment> make, Action<ScriptedReferee> script, int slots = int.MaxValue) =>
        Play(script, (dialing, errors) => EnvironmentProgram.Run(make, slots, dialing, errors));

    private static Outcome Play(Action<ScriptedReferee> script, Func<Dialing, TextWriter, int> side)
    {
        using var referee = new ScriptedReferee();
        var errors = new StringWriter();
        var code = -1;
        var dialing = new Dialing(referee.Path, TimeSpan.FromSeconds(20), TimeProvider.System);
        var thread = new Thread(() => code = side(dialing, errors));
        thread.Start();
        try
        {
            referee.Accept();
            script(referee);
        }
        finally
        {
            referee.Close();
            Assert.True(thread.Join(TimeSpan.FromSeconds(20)), "the side did not end");
        }

        return new Outcome(code, errors.ToString());
    }

    private sealed class Function(Action<Turn, ValueWriter> act) : IAgent
    {
        public void Act(Turn turn, ValueWriter action) => act(turn, action);
    }
}

/// <summary>Exit code and standard error of a side.</summary>
internal sealed record Outcome(int Code, string Errors);
