using System.ComponentModel;
using System.Diagnostics;

namespace Palio.Server.Hosting;

/// <summary>
/// People wait for answers, and evaluations take all the processor's time that they find; so do the engine's programs that start them. While
/// this lives, this process comes before them, where it may say so. Where it may not, a service manager can: see deploy/palio.service.
/// </summary>
internal sealed class ProcessorPriority : IDisposable
{
    // Linux shares the processor between sessions first, unless a service manager made groups, and only then within each by priority: sched(7).
    private const string Session = "/proc/self/autogroup";
    private const string Ahead = "-15";
    private const string Normal = "0";

    private readonly bool _hasRaisedSession;

    /// <summary>Puts this process ahead; the threads to come inherit it.</summary>
    public ProcessorPriority()
    {
        try
        {
            using var process = Process.GetCurrentProcess();
            if (process.PriorityClass == ProcessPriorityClass.Normal)
            {
                process.PriorityClass = ProcessPriorityClass.AboveNormal;
                _hasRaisedSession = IsOurs() && TrySet(Ahead);
            }
        }
        catch (Win32Exception)
        {
            // not permitted
        }
    }

    /// <summary>Gives the session back as it was: it may be a shell's.</summary>
    public void Dispose()
    {
        if (_hasRaisedSession)
        {
            TrySet(Normal);
        }
    }

    // "/autogroup-123 nice 0": nobody has set it, or one of us who was killed.
    private static bool IsOurs() => File.Exists(Session) && File.ReadAllText(Session).TrimEnd() is var present
        && (present.EndsWith($" nice {Normal}", StringComparison.Ordinal) || present.EndsWith($" nice {Ahead}", StringComparison.Ordinal));

    private static bool TrySet(string nice)
    {
        try
        {
            File.WriteAllText(Session, nice);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
