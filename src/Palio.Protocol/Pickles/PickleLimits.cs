namespace Palio.Protocol.Pickles;

/// <summary>What a pickle may hold at most. All of it is checked before anybody unpickles.</summary>
public sealed record PickleLimits
{
    /// <summary>Limits that hold where nothing else is said.</summary>
    public static PickleLimits Default { get; } = new();

    /// <summary>Bytes of the whole pickle. Default 64 MiB.</summary>
    public int MaxBytes { get; init; } = 64 << 20;

    /// <summary>Containers inside containers. Default 64.</summary>
    public int MaxDepth { get; init; } = 64;

    /// <summary>Tuples, lists, dicts, sets and arrays. Default 262,144.</summary>
    public int MaxContainers { get; init; } = 1 << 18;

    /// <summary>Values waiting to be put into a container at one time. Default 262,144.</summary>
    public int MaxStack { get; init; } = 1 << 18;

    /// <summary>Values remembered for a second use. Default 262,144.</summary>
    public int MaxMemo { get; init; } = 1 << 18;

    /// <summary>Bytes and elements when every shared value is counted as often as it is used. Default 256 Mi.</summary>
    public long MaxExpanded { get; init; } = 256L << 20;

    /// <summary>Bytes of one whole number. Default 1024.</summary>
    public int MaxIntegerBytes { get; init; } = 1024;

    /// <summary>Entries of one set or dict. Default 65,536.</summary>
    public int MaxEntries { get; init; } = 1 << 16;
}
