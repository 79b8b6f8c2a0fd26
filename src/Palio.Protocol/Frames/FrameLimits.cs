namespace Palio.Protocol.Frames;

/// <summary>Sizes fixed by the protocol; see docs/protocol.md, part 1.</summary>
public static class FrameLimits
{
    /// <summary>Version of the protocol this library speaks.</summary>
    public const int Version = 1;

    /// <summary>Bytes in front of a frame's body: length and type.</summary>
    public const int HeaderSize = 5;

    /// <summary>Bytes of a hot body in front of its first entry.</summary>
    public const int HotHeaderSize = 3;

    /// <summary>Largest <c>length</c> of a Hello in bytes.</summary>
    public const int MaxHello = 64 * 1024;

    /// <summary>Largest JSON body in bytes.</summary>
    public const int MaxJson = 1024 * 1024;

    /// <summary>Default of the largest <c>length</c> of a frame in bytes.</summary>
    public const int DefaultMaxMessage = 4 * 1024 * 1024;

    /// <summary>Ceiling of the largest <c>length</c> of a frame in bytes.</summary>
    public const int CeilingMaxMessage = 64 * 1024 * 1024;

    /// <summary>Most entries of a hot frame, and most slots.</summary>
    public const int MaxEntries = 1024;

    /// <summary>Environment variable with the path of the referee's socket.</summary>
    public const string SocketVariable = "PALIO_SOCKET";

    /// <summary>Path of the referee's socket when the variable is not set.</summary>
    public const string DefaultSocket = "/palio/palio.sock";
}
