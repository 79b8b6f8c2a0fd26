using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Palio.Evaluation.Local;

/// <summary>
/// A process by a name that no other has: machine, boot, process namespace, number, start. What a play at home makes carries it, so that the
/// next play can remove what belongs to nobody any more, and never what another play is using.
/// </summary>
internal sealed record ProcessOwner(string Machine, string Boot, string Namespace, int Process, long Start)
{
    private const string MachineFile = "/etc/machine-id";
    private const string BootFile = "/proc/sys/kernel/random/boot_id";
    private const string NamespaceLink = "/proc/self/ns/pid";
    private const int StartField = 19;

    /// <summary>This process.</summary>
    public static ProcessOwner Current { get; } = new(
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(File.Exists(MachineFile) ? File.ReadAllText(MachineFile) : System.Environment.MachineName)))[..16],
        File.Exists(BootFile) ? File.ReadAllText(BootFile).Trim() : "",
        new FileInfo(NamespaceLink).LinkTarget ?? "",
        System.Environment.ProcessId,
        StartOf(System.Environment.ProcessId) ?? 0);

    /// <summary>Reads what <see cref="ToString"/> wrote; null when it is something else.</summary>
    public static ProcessOwner? Parse(string text) =>
        text.Split('/') is [var machine, var boot, var space, var process, var start]
        && int.TryParse(process, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && long.TryParse(start, NumberStyles.None, CultureInfo.InvariantCulture, out var begun)
            ? new ProcessOwner(machine, boot, space, number, begun)
            : null;

    /// <summary>Whether the process has certainly ended. One of another machine, or in another container, cannot be seen from here.</summary>
    public bool IsGone() => Boot == Current.Boot
        ? Machine == Current.Machine && Namespace == Current.Namespace && StartOf(Process) != Start
        : Machine == Current.Machine && Boot.Length > 0;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Machine}/{Boot}/{Namespace}/{Process}/{Start}");

    /// <summary>The start of a process in what Linux tells of it; null for one that has ended and only stays listed until its parent asks for it.</summary>
    internal static long? StartIn(string stat)
    {
        // The program's name comes before, in parentheses, and may hold anything.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return fields[0] is "Z" or "X" ? null : long.Parse(fields[StartField], CultureInfo.InvariantCulture);
    }

    // On Linux in ticks since the boot: the same number from whichever process it is read.
    private static long? StartOf(int process)
    {
        try
        {
            if (File.Exists(BootFile))
            {
                return StartIn(File.ReadAllText($"/proc/{process}/stat"));
            }

            using var found = System.Diagnostics.Process.GetProcessById(process);
            return found.StartTime.Ticks;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }
}
