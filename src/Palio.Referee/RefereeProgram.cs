using System.Reflection;
using Palio.Protocol.Evaluations;
using Palio.Referee.Events;
using Palio.Referee.Legacy;
using Palio.Referee.Playing;

namespace Palio.Referee;

/// <summary>The program: <c>palio-referee play</c>, or for images made for EvalAI <c>legacy</c> and <c>gate</c>. Its only way out is one JSON event a line on standard output.</summary>
internal static class RefereeProgram
{
    /// <summary>The result line was written.</summary>
    public const int Played = 0;

    /// <summary>A fatal fault line was written and there is no result.</summary>
    public const int Faulted = 1;

    /// <summary>The arguments or the plan are wrong.</summary>
    public const int BadPlan = 2;

    /// <summary>The referee itself failed.</summary>
    public const int Broken = 3;

    public static string Version { get; } =
        typeof(RefereeProgram).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    public static int Run(string[] args, Func<string, string?> variable, Stream output, TextWriter complaints, TimeProvider time)
    {
        try
        {
            if (args is ["legacy"] or ["gate"])
            {
                return LegacyProgram.Run(args[0], variable, new EventLog(output), complaints, time);
            }

            if (args is ["carry"])
            {
                return Courier.Run(variable, Console.OpenStandardInput(), output);
            }

            var (plan, paths) = RefereeArguments.Read(args, variable);
            return Play(plan, paths, new EventLog(output), time);
        }
        catch (PlanException exception)
        {
            complaints.WriteLine(exception.Message);
            return BadPlan;
        }
        catch (Exception exception)
        {
            complaints.WriteLine($"palio-referee failed: {exception}");
            return Broken;
        }
    }

    public static int Play(RefereePlan plan, SocketPaths paths, EventLog events, TimeProvider time)
    {
        using var game = new Game(plan, paths, events, time);
        try
        {
            game.Play();
            return Played;
        }
        catch (FaultException exception)
        {
            game.EndWith(exception);
            return Faulted;
        }
    }
}
