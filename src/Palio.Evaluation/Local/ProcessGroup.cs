using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Palio.Evaluation.Local;

/// <summary>Child processes that are ended together with all they started, and that a Ctrl-C in the terminal does not reach.</summary>
internal static class ProcessGroup
{
    private const int SigKill = 9;

    // The program becomes leader of a session, so of a group, of its own. Without it (macOS) only the tree of children is known.
    private static readonly string? Setsid = new[] { "/usr/bin/setsid", "/bin/setsid" }.FirstOrDefault(File.Exists);

    /// <summary>How to start a program as the first of its group, with pipes for its output and no input.</summary>
    public static ProcessStartInfo Start(string program, IEnumerable<string> arguments, string folder) => new(
        Setsid ?? program, Setsid is null ? arguments : [program, .. arguments])
    {
        WorkingDirectory = folder,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    };

    /// <summary>Ends a process and all it started, also when it has ended before them.</summary>
    public static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended, or one of its children did meanwhile.
        }

        if (Setsid is not null)
        {
            _ = SendSignal(-process.Id, SigKill);
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int process, int signal);
}
