namespace Palio.Protocol.Spaces;

#pragma warning disable CA1720 // NumPy's names are the protocol's names.
/// <summary>Type of a <see cref="BoxSpace"/>'s elements, by NumPy's names.</summary>
public enum ElementType
{
    /// <summary>One byte, 0 or 1.</summary>
    Bool,

    /// <summary>Signed, 8 bits.</summary>
    Int8,

    /// <summary>Signed, 16 bits.</summary>
    Int16,

    /// <summary>Signed, 32 bits.</summary>
    Int32,

    /// <summary>Signed, 64 bits.</summary>
    Int64,

    /// <summary>Unsigned, 8 bits.</summary>
    UInt8,

    /// <summary>Unsigned, 16 bits.</summary>
    UInt16,

    /// <summary>Unsigned, 32 bits.</summary>
    UInt32,

    /// <summary>Unsigned, 64 bits.</summary>
    UInt64,

    /// <summary>IEEE 754 half precision.</summary>
    Float16,

    /// <summary>IEEE 754 single precision.</summary>
    Float32,

    /// <summary>IEEE 754 double precision.</summary>
    Float64,
}
#pragma warning restore CA1720

/// <summary>Names and sizes of element types.</summary>
public static class ElementTypes
{
    private static readonly string[] Names =
        ["bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16", "float32", "float64"];

    private static readonly int[] Sizes = [1, 1, 2, 4, 8, 1, 2, 4, 8, 2, 4, 8];

    /// <summary>NumPy's name.</summary>
    /// <param name="type">The type.</param>
    public static string Name(this ElementType type) => Names[(int)type];

    /// <summary>Bytes of an element.</summary>
    /// <param name="type">The type.</param>
    public static int Size(this ElementType type) => Sizes[(int)type];

    /// <summary>Whether it is a floating point type.</summary>
    /// <param name="type">The type.</param>
    public static bool IsFloat(this ElementType type) => type >= ElementType.Float16;

    /// <summary>The type with a name; null for an unknown one.</summary>
    /// <param name="name">NumPy's name.</param>
    public static ElementType? Parse(string? name) => Array.IndexOf(Names, name) is >= 0 and var index ? (ElementType)index : null;

    /// <summary>The type that <typeparamref name="T"/> is.</summary>
    /// <typeparam name="T">A number type, or bool.</typeparam>
    /// <exception cref="SpaceException">It can be no element of a Box.</exception>
    public static ElementType Of<T>()
        where T : unmanaged => BoxBounds.TypeOf<T>();

    /// <summary>All names, for messages.</summary>
    public static string All { get; } = string.Join(", ", Names);
}
