using System.Diagnostics;
using Palio.Cli.Session;
using Palio.Protocol.Conformance;

namespace Palio.Cli.Playing;

/// <summary>
/// A command of this machine, or an image of its engine, that <c>palio check</c> starts once for each rule. What it prints is kept for the case that
/// a rule is broken.
/// </summary>
internal sealed class CommandUnderTest(CliSession session, string commandOrImage) : ISideUnderTest
{
    private const int MostOutput = 8 * 1024;

    private readonly bool _isImage = IsImage(session, commandOrImage);

    /// <summary>The end of what the last start printed.</summary>
    public string Output { get; private set; } = "";

    public async Task<int> RunAsync(string socketPath, CancellationToken cancellationToken)
    {
        var container = $"palio-check-{Guid.NewGuid():N}";
        using var process = _isImage ? Start("docker", InContainer(container, socketPath), socketPath) : Start("/bin/sh", ["-c", commandOrImage], socketPath);
        var printed = Task.WhenAll(process.StandardOutput.ReadToEndAsync(CancellationToken.None), process.StandardError.ReadToEndAsync(CancellationToken.None));
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await EndAsync(process, container);
        }

        var text = string.Concat(await printed);
        Output = text.Length > MostOutput ? text[^MostOutput..] : text;
        return process.ExitCode;
    }

    /// <summary>One word that is no program of this machine must be an image.</summary>
    private static bool IsImage(CliSession session, string text) =>
        !text.Contains(' ', StringComparison.Ordinal) && (session.Variable("PATH") ?? "").Split(':').Prepend(session.Folder).All(folder => !File.Exists(Path.Combine(folder, text)));

    private string[] InContainer(string container, string socketPath) =>
    [
        "run", "--rm", "--name", container, "--network", "none", "--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL", "--security-opt", "no-new-privileges",
        "--user", "65534:65534", "--volume", $"{Path.GetDirectoryName(socketPath)}:/palio:ro", "--env", $"PALIO_SOCKET=/palio/{Path.GetFileName(socketPath)}", commandOrImage,
    ];

    private async Task EndAsync(Process process, string container)
    {
        if (_isImage)
        {
            // The engine's client can be killed without its container ending.
            using var kill = Start("docker", ["kill", container], "");
            await Task.WhenAll(kill.StandardOutput.ReadToEndAsync(CancellationToken.None), kill.StandardError.ReadToEndAsync(CancellationToken.None));
            await kill.WaitForExitAsync(CancellationToken.None);
        }

        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(CancellationToken.None);
    }

    private Process Start(string program, string[] arguments, string socketPath)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = session.Folder, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PALIO_SOCKET"] = socketPath;
        start.Environment["PYTHONUNBUFFERED"] = "1";
        try
        {
            return Process.Start(start) ?? throw new InvalidOperationException();
        }
        catch (Exception exception) when (exception is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            throw new CliException(ExitCode.PlatformFailed, $"{program} could not be started, so \"{commandOrImage}\" could not be either.", "give a command that is there, or install docker to check an image");
        }
    }
}
