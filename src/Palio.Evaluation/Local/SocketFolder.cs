using Palio.Evaluation.Pods;

namespace Palio.Evaluation.Local;

/// <summary>A folder for one play: with one folder a side for its socket. Gone when disposed.</summary>
internal sealed class SocketFolder : IDisposable
{
    // A Unix socket's path may have 107 bytes (103 on macOS), of which ours takes some thirty.
    private const int LongestBase = 60;

    private const UnixFileMode Enterable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private readonly string _root = Create();

    /// <summary>Makes the folders.</summary>
    public SocketFolder()
    {
        foreach (var role in new[] { PodRole.Agent, PodRole.Environment })
        {
            // A container's user is another than ours; it comes in by a mount.
            Directory.CreateDirectory(Of(role));
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(Of(role), Enterable);
            }
        }
    }

    /// <summary>The folder of a side.</summary>
    public string Of(PodRole role) => Path.Combine(_root, role is PodRole.Agent ? "a" : "e");

    /// <summary>Path of a side's socket, which the referee makes.</summary>
    public string Socket(PodRole role) => Path.Combine(Of(role), PodPlanner.SocketName);

    /// <summary>Where the referee's plan is written; no container sees it.</summary>
    public string Plan => Path.Combine(_root, "plan.json");

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static string Create() => Path.GetTempPath().Length <= LongestBase
        ? Directory.CreateTempSubdirectory("palio-").FullName
        : Directory.CreateDirectory($"/tmp/palio-{Guid.NewGuid():N}").FullName;
}
