using System.Text.Json.Serialization;

namespace Palio.Protocol.Spaces;

/// <summary>
/// What values an observation or action can take, and by that the bytes they travel as; see docs/protocol.md, part 2. Spaces cannot be
/// invalid: constructors and <see cref="SpaceJson"/> refuse what breaks a rule.
/// </summary>
[JsonConverter(typeof(SpaceJsonConverter))]
public abstract class Space
{
    /// <summary>Most dimensions of a shape.</summary>
    public const int MaxRank = 8;

    /// <summary>Most leaves of a space.</summary>
    public const int MaxLeaves = 256;

    /// <summary>Most levels of a space.</summary>
    public const int MaxDepth = 16;

    /// <summary>The <c>type</c> of the JSON form.</summary>
    public abstract string Type { get; }

    /// <summary>Bytes of the shortest value: all texts and sequences empty.</summary>
    public abstract int MinSize { get; }

    /// <summary>Whether every value has <see cref="MinSize"/> bytes.</summary>
    public abstract bool IsFixedSize { get; }

    internal abstract int Leaves { get; }

    internal abstract int Depth { get; }

    /// <summary>
    /// Checks that bytes are exactly one member of the space. Nothing is allocated when they are.
    /// </summary>
    /// <param name="value">The bytes; with <see cref="MemberRule.ClippedAction"/> numbers out of bounds are replaced in place.</param>
    /// <param name="rule">How strictly numbers are taken.</param>
    /// <returns>Null for a member, else "expected … got …" with the place.</returns>
    public string? Check(Span<byte> value, MemberRule rule)
    {
        if (IsFixedSize && value.Length != MinSize)
        {
            return $"expected {MinSize} bytes for {Describe()}, got {value.Length}";
        }

        string? error = null;
        var used = CheckCore(value, rule, ref error);
        if (used < 0)
        {
            return error;
        }

        return used == value.Length ? null : $"expected {used} bytes for this value of {Describe()}, got {value.Length}";
    }

    /// <summary>The space in a few words ("Box float32 [4]").</summary>
    public abstract string Describe();

    /// <inheritdoc/>
    public override string ToString() => SpaceJson.Write(this);

    /// <summary>Checks a value at the beginning of the bytes.</summary>
    /// <returns>Bytes used, or -1 with <paramref name="error"/> set.</returns>
    internal abstract int CheckCore(Span<byte> value, MemberRule rule, ref string? error);

    private protected static int Fail(ref string? error, string message)
    {
        error = message;
        return -1;
    }
}

/// <summary>How strictly numbers are taken.</summary>
public enum MemberRule
{
    /// <summary>Within the bounds; infinite only where the bound is; never NaN.</summary>
    Observation,

    /// <summary>Finite and within the bounds.</summary>
    Action,

    /// <summary>As <see cref="Action"/>, but a Box's numbers out of bounds move to the nearest bound.</summary>
    ClippedAction,
}

/// <summary>A space breaks a rule of the protocol. The message names the place.</summary>
public sealed class SpaceException(string message) : Exception(message);
