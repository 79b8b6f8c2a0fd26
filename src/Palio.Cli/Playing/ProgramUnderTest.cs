using System.Diagnostics;
using Palio.Cli.Session;
using Palio.Evaluation.Local;
using Palio.Evaluation.Pods;
using Palio.Evaluation.Workers;
using Palio.Protocol.Conformance;
using Palio.Protocol.Evaluations;

namespace Palio.Cli.Playing;

/// <summary>
/// A command of this machine, or an image in the sandbox of an evaluation, that <c>palio check</c> starts once for each rule. What it prints is
/// kept for the case that a rule is broken.
/// </summary>
internal sealed class ProgramUnderTest(CliSession session, PodRole side, LocalProgram program) : ISideUnderTest
{
    private const int MostOutput = 8 * 1024;

    /// <summary>The end of what the last start printed.</summary>
    public string Output { get; private set; } = "";

    public async Task<int> RunAsync(string socketPath, CancellationToken cancellationToken)
    {
        var (code, text) = program switch
        {
            ImageProgram image => await InContainerAsync(image.Reference, socketPath, cancellationToken),
            CommandProgram command => await InShellAsync(command, socketPath, cancellationToken),
            _ => throw new InvalidOperationException($"{program} is no program"),
        };
        Output = text.Length > MostOutput ? text[^MostOutput..] : text;
        return code;
    }

    private async Task<(int Code, string Output)> InContainerAsync(string image, string socketPath, CancellationToken cancellationToken)
    {
        try
        {
            var alone = new ImageAlone(new WorkerOptions { Engine = session.Variable("DOCKER_HOST") }, session.Time);
            var ended = await alone.RunAsync(side, image, socketPath, cancellationToken);
            return ended.Fault is { } fault ? throw new CliException(ExitOf(fault), fault.Message, RemedyOf(fault, image), "not_started") : (ended.ExitCode ?? -1, ended.Log);
        }
        catch (EngineUnavailableException exception)
        {
            throw new CliException(ExitCode.PlatformFailed, exception.Message, "palio doctor looks at the container engine", "no_engine", exception);
        }
    }

    private static int ExitOf(Fault fault) => fault.Blame switch
    {
        Blame.Agent or Blame.Participant => ExitCode.AgentFailed,
        Blame.Environment or Blame.Host => ExitCode.EnvironmentFailed,
        _ => ExitCode.PlatformFailed,
    };

    private static string RemedyOf(Fault fault, string image) =>
        fault.Blame is Blame.Agent or Blame.Participant or Blame.Environment or Blame.Host ? $"mend the image and build it again: docker build -t {image} …" : fault.Remedy;

    private static async Task<(int Code, string Output)> InShellAsync(CommandProgram command, string socketPath, CancellationToken cancellationToken)
    {
        using var process = Start(command, socketPath);
        var printed = Task.WhenAll(process.StandardOutput.ReadToEndAsync(CancellationToken.None), process.StandardError.ReadToEndAsync(CancellationToken.None));
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }

        return (process.ExitCode, string.Concat(await printed));
    }

    private static Process Start(CommandProgram command, string socketPath)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", command.Line]) { WorkingDirectory = command.Folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PALIO_SOCKET"] = socketPath;
        start.Environment["PYTHONUNBUFFERED"] = "1";
        try
        {
            return Process.Start(start) ?? throw new InvalidOperationException("the shell did not start");
        }
        catch (Exception exception) when (exception is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            throw new CliException(ExitCode.PlatformFailed, $"\"{command.Line}\" could not be started: {exception.Message}", "give a command that is there", "not_started", exception);
        }
    }
}
