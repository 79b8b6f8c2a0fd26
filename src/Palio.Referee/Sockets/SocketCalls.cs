using System.Runtime.InteropServices;

namespace Palio.Referee.Sockets;

/// <summary>
/// recv(2) and sendmsg(2) as they are: .NET's Socket can neither wait for some milliseconds without a poll before it, nor send two pieces
/// of memory with one call, without allocating.
/// </summary>
internal static unsafe partial class SocketCalls
{
    private const int DoNotWait = 0x40;
    private const int NoSignal = 0x4000;
    private const int Interrupted = 4;
    private const int TryAgain = 11;

    /// <summary>Takes what is there, or, where it may wait, what comes within the socket's receive timeout.</summary>
    /// <returns>Bytes taken, 0 when the other end is closed, -1 when there was nothing, -2 when the connection is broken.</returns>
    public static int Receive(int descriptor, Span<byte> space, bool wait)
    {
        fixed (byte* start = space)
        {
            return Result(Receive(descriptor, start, (nuint)space.Length, wait ? 0 : DoNotWait));
        }
    }

    /// <summary>Sends what the other end has room for, of one piece of memory and then of another.</summary>
    /// <returns>Bytes taken, -1 when there was no room, -2 when the connection is broken.</returns>
    public static int Send(int descriptor, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        fixed (byte* one = first, other = second)
        {
            var pieces = stackalloc Piece[2];
            pieces[0] = new Piece { Start = one, Length = (nuint)first.Length };
            pieces[1] = new Piece { Start = other, Length = (nuint)second.Length };
            var message = new Message { Pieces = pieces, Count = second.IsEmpty ? 1u : 2u };
            return Result(Send(descriptor, &message, DoNotWait | NoSignal));
        }
    }

    private static int Result(nint count) =>
        count >= 0 ? (int)count : Marshal.GetLastPInvokeError() is TryAgain or Interrupted ? -1 : -2;

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    private static partial nint Receive(int descriptor, byte* space, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "sendmsg", SetLastError = true)]
    private static partial nint Send(int descriptor, Message* message, int flags);

    private struct Piece
    {
        public byte* Start;
        public nuint Length;
    }

    // struct msghdr of 64-bit Linux; no address, no control data.
    [StructLayout(LayoutKind.Sequential)]
    private struct Message
    {
        public void* Name;
        public nuint NameLength;
        public Piece* Pieces;
        public nuint Count;
        public void* Control;
        public nuint ControlLength;
        public nint Flags;
    }
}
