using System.Diagnostics;
using Palio.Cli.Session;

namespace Palio.Cli.Playing;

/// <summary>A command that must succeed before anything is played.</summary>
internal static class ShellCommand
{
    private const int ShownLines = 20;

    public static async Task RunAsync(string line, string folder, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", line]) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };

        // Compilers that stay would keep our pipes.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        start.Environment["UseSharedCompilation"] = "false";
        using var process = Process.Start(start) ?? throw new InvalidOperationException("the shell did not start");
        process.StandardInput.Close();
        var printed = Task.WhenAll(process.StandardOutput.ReadToEndAsync(CancellationToken.None), process.StandardError.ReadToEndAsync(CancellationToken.None));
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        if (process.ExitCode != 0)
        {
            var text = string.Join('\n', string.Concat(await printed).TrimEnd().Split('\n').TakeLast(ShownLines));
            throw CliException.Invalid($"'{line}' ended with exit code {process.ExitCode}.{(text.Length > 0 ? $"\n{text}" : "")}", $"mend what it says; it is the line 'build' of the Procfile in {folder}");
        }
    }
}
