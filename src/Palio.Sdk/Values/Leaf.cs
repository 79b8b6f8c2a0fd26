using Palio.Protocol.Spaces;

namespace Palio.Sdk.Values;

/// <summary>What a leaf wants to be read and written as.</summary>
internal static class Leaf
{
    /// <summary>Number of elements of an array leaf, which must be of this type.</summary>
    public static int Elements<T>(Space? leaf, ValueCursor cursor)
        where T : unmanaged => leaf switch
        {
            BoxSpace box when box.ElementType == ElementTypes.Of<T>() => box.Count,
            MultiDiscreteSpace multi when typeof(T) == typeof(long) => multi.Counts.Count,
            MultiBinarySpace binary when typeof(T) == typeof(byte) || typeof(T) == typeof(bool) => binary.MinSize,
            _ => throw Mismatch(leaf, cursor, $"numbers of type {typeof(T).Name}"),
        };

    public static T Of<T>(Space? leaf, ValueCursor cursor, string kind, long? value = null)
        where T : Space => leaf as T ?? throw Mismatch(leaf, cursor, value is null ? kind : $"{kind} {value}");

    // A value that cannot be written is no member of its space; a wrong reading is a mistake in the program.
    private static Exception Mismatch(Space? leaf, ValueCursor cursor, string got)
    {
        var message = leaf is null
            ? $"expected nothing more for {cursor.Space.Describe()}, got {got}"
            : $"expected {Wants(leaf)} for {leaf.Describe()}{cursor.Place()}, got {got}";
        return cursor.IsReading ? new InvalidOperationException(message) : new InvalidValueException(message);
    }

    private static string Wants(Space leaf) => leaf switch
    {
        BoxSpace box => $"numbers of type {box.ElementType.Name()}",
        MultiDiscreteSpace => "numbers of type Int64",
        MultiBinarySpace => "numbers of type Byte or Boolean",
        DiscreteSpace => "an integer",
        TextSpace => "a text",
        _ => "a count",
    };
}
