using System.Runtime.InteropServices;

namespace Palio.Referee.Sockets;

/// <summary>Waits for two file descriptors at once: poll(2). .NET's own Socket.Select allocates.</summary>
internal static unsafe partial class Polling
{
    private const short In = 1;
    private const short Out = 4;
    private const int Interrupted = 4;

    /// <summary>Waits until one can be read or is closed. A descriptor of -1 is left out.</summary>
    public static (bool First, bool Second) WaitToRead(int first, int second, int milliseconds)
    {
        var descriptors = stackalloc PollDescriptor[2];
        descriptors[0] = new PollDescriptor { Descriptor = first, Events = In };
        descriptors[1] = new PollDescriptor { Descriptor = second, Events = In };
        Wait(descriptors, 2, milliseconds);
        return (descriptors[0].Returned != 0, descriptors[1].Returned != 0);
    }

    /// <summary>Waits until one can be written or is closed.</summary>
    public static bool WaitToWrite(int descriptor, int milliseconds)
    {
        var one = new PollDescriptor { Descriptor = descriptor, Events = Out };
        Wait(&one, 1, milliseconds);
        return one.Returned != 0;
    }

    private static void Wait(PollDescriptor* descriptors, uint count, int milliseconds)
    {
        // A signal cuts the wait short; the callers look at their own clock again, so nothing is lost.
        if (Poll(descriptors, count, Math.Max(milliseconds, 0)) < 0 && Marshal.GetLastPInvokeError() != Interrupted)
        {
            throw new IOException($"poll failed with error {Marshal.GetLastPInvokeError()}");
        }
    }

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(PollDescriptor* descriptors, nuint count, int milliseconds);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}
