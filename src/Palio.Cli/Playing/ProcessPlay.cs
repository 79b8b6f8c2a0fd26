using System.Diagnostics;
using System.Text.Json;
using Palio.Cli.Session;
using Palio.Protocol.Evaluations;

namespace Palio.Cli.Playing;

/// <summary>
/// Plays two commands of this machine against each other through the referee. Same referee, checks and budgets as on the server; but no
/// containers, so nothing is kept from the commands: they are the user's own.
/// </summary>
internal sealed class ProcessPlay(CliSession session)
{
    // What a side that ended may leave the referee to read and to judge.
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);

    public async Task<IReadOnlyList<RefereeEvent>> RunAsync(RefereePlan plan, string agent, string environment, Action<RefereeEvent> told, CancellationToken cancellationToken)
    {
        // Short, because a Unix socket's path may have 107 bytes.
        var sockets = Directory.CreateTempSubdirectory("palio-");
        var running = new List<Process>();
        try
        {
            var (agentSocket, environmentSocket) = (Path.Combine(sockets.FullName, "a.sock"), Path.Combine(sockets.FullName, "e.sock"));
            var referee = Start(RefereeProgram(), ["play"], true, ("PALIO_PLAN", JsonSerializer.Serialize(plan, EvaluationJsonContext.Default.RefereePlan)),
                ("PALIO_AGENT_SOCKET", agentSocket), ("PALIO_ENVIRONMENT_SOCKET", environmentSocket));
            running.Add(referee);
            var environmentProcess = Start("/bin/sh", ["-c", environment], false, ("PALIO_SOCKET", environmentSocket));
            running.Add(environmentProcess);
            var agentProcess = Start("/bin/sh", ["-c", agent], false, ("PALIO_SOCKET", agentSocket));
            running.Add(agentProcess);
            var reading = ReadAsync(referee, told, cancellationToken);
            var faults = await Task.WhenAll(
                WatchAsync(agentProcess, referee, reading, FaultCode.AgentNoHandshake, "agent", cancellationToken),
                WatchAsync(environmentProcess, referee, reading, FaultCode.EnvironmentStartFailed, "environment", cancellationToken));
            return [.. await reading, .. faults.OfType<FaultRaised>().Take(1)];
        }
        finally
        {
            foreach (var process in running)
            {
                await EndAsync(process);
            }

            sockets.Delete(recursive: true);
        }
    }

    // The referee sees connections, not processes: a command that ended without ever dialling would be waited for until its budget is used up.
    private async Task<FaultRaised?> WatchAsync(Process side, Process referee, Task reading, FaultCode code, string name, CancellationToken cancellationToken)
    {
        var ended = side.WaitForExitAsync(cancellationToken);
        if (await Task.WhenAny(reading, ended) == reading
            || await Task.WhenAny(reading, Task.Delay(LastWords, session.Time, cancellationToken)) == reading || referee.HasExited)
        {
            return null;
        }

        referee.Kill();
        return new FaultRaised { Sequence = long.MaxValue, Fatal = true, Fault = Fault.Of(code, $"The {name}'s command ended with exit code {side.ExitCode}, and the play was not over.") };
    }

    private static async Task<IReadOnlyList<RefereeEvent>> ReadAsync(Process referee, Action<RefereeEvent> told, CancellationToken cancellationToken)
    {
        var events = new List<RefereeEvent>();
        while (await referee.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            if (JsonSerializer.Deserialize(line, EvaluationJsonContext.Default.RefereeEvent) is { } said and not RecordChunk)
            {
                events.Add(said);
                told(said);
            }
        }

        return events;
    }

    // The referee has ended, so the sides have said all they may; both get a moment to print their last words.
    private async Task EndAsync(Process process)
    {
        using (process)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1), session.Time);
            try
            {
                await process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private Process Start(string program, string[] arguments, bool read, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = session.Folder, RedirectStandardOutput = read };
        start.Environment["PYTHONUNBUFFERED"] = "1";
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start) ?? throw new CliException(ExitCode.PlatformFailed, $"{program} could not be started.");
    }

    private string RefereeProgram() => session.Variable("PALIO_REFEREE") is { Length: > 0 } named && File.Exists(named) ? named
        : File.Exists(Path.Combine(AppContext.BaseDirectory, "palio-referee")) ? Path.Combine(AppContext.BaseDirectory, "palio-referee")
        : throw new CliException(ExitCode.PlatformFailed, "The referee's program is not there.", "run it by the launcher (./palio run), or name the program in PALIO_REFEREE");
}
