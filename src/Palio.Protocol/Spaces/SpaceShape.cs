namespace Palio.Protocol.Spaces;

/// <summary>Shapes, checked.</summary>
internal static class SpaceShape
{
    // One value must fit into the largest message there is.
    private const long MaxElements = Frames.FrameLimits.CeilingMaxMessage;

    /// <summary>The number of elements of a shape; throws on a shape that is none.</summary>
    public static int Count(IReadOnlyList<int> shape)
    {
        if (shape.Count > Space.MaxRank)
        {
            throw new SpaceException($"shape has {shape.Count} dimensions; at most {Space.MaxRank} are allowed");
        }

        long count = 1;
        foreach (var dimension in shape)
        {
            if (dimension < 1)
            {
                throw new SpaceException($"shape {Text(shape)} has a dimension below 1");
            }

            count *= dimension;
            if (count > MaxElements)
            {
                throw new SpaceException($"shape {Text(shape)} has more than {MaxElements} elements");
            }
        }

        return (int)count;
    }

    public static string Text(IReadOnlyList<int> shape) => $"[{string.Join(", ", shape)}]";

    /// <summary>An element's place for a message: "[2, 0]" of a flat index.</summary>
    public static string Index(IReadOnlyList<int> shape, int flat)
    {
        var index = new int[shape.Count];
        for (var i = shape.Count - 1; i >= 0; i--)
        {
            index[i] = flat % shape[i];
            flat /= shape[i];
        }

        return Text(index);
    }
}
