namespace Palio.Protocol.Messages;

/// <summary>The first frame on every connection.</summary>
public sealed record Hello
{
    /// <summary><see cref="Agent"/> or <see cref="Environment"/>.</summary>
    public required string Role { get; init; }

    /// <summary>Versions the side speaks.</summary>
    public required ProtocolRange Protocol { get; init; }

    /// <summary>The side's SDK, for people.</summary>
    public SdkName? Sdk { get; init; }

    /// <summary>Optional abilities; unknown ones are ignored.</summary>
    public IReadOnlyList<string> Capabilities { get; set; } = [];

    /// <summary>Role of an agent.</summary>
    public const string Agent = "agent";

    /// <summary>Role of an environment.</summary>
    public const string Environment = "environment";
}

/// <summary>Versions of the protocol.</summary>
/// <param name="Min">The lowest.</param>
/// <param name="Max">The highest.</param>
public sealed record ProtocolRange(int Min, int Max);

/// <summary>An SDK.</summary>
/// <param name="Name">Its name ("palio-csharp").</param>
/// <param name="Version">Its version.</param>
public sealed record SdkName(string Name, string Version);
