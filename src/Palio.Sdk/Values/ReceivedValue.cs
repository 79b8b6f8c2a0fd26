using Palio.Protocol.Spaces;

namespace Palio.Sdk.Values;

/// <summary>Checks what came from the referee, which has checked its bounds already.</summary>
internal static class ReceivedValue
{
    /// <summary>What is wrong with the layout; null for nothing.</summary>
    public static string? Check(Space space, Span<byte> value) =>
        space.IsFixedSize && value.Length == space.MinSize ? null : space.Check(value, MemberRule.Observation);
}
