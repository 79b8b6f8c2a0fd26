using System.Text;
using Palio.Protocol.Spaces;

namespace Palio.Sdk.Values;

/// <summary>Walks the leaves of a space in the order they travel in. Kept for a session, so that nothing is allocated for a value.</summary>
internal sealed class ValueCursor(Space space, bool isReading)
{
    // A Sequence's elements are a level of their own.
    private readonly Level[] _levels = new Level[Space.MaxDepth + 1];
    private int _depth;
    private bool _begun;

    public Space Space { get; } = space;

    public bool IsReading { get; } = isReading;

    /// <summary>Bytes read or written so far.</summary>
    public int Position { get; set; }

    public void Start()
    {
        _depth = 0;
        _begun = false;
        Position = 0;
    }

    /// <summary>The next leaf, or Sequence; null at the end of the value.</summary>
    public Space? Next()
    {
        if (!_begun)
        {
            _begun = true;
            return Descend(Space);
        }

        while (_depth > 0)
        {
            ref var level = ref _levels[_depth - 1];
            if (level.Next < level.Count)
            {
                return Descend(Member(level.Space, level.Next++));
            }

            _depth--;
        }

        return null;
    }

    /// <summary>Enters the elements of the Sequence that <see cref="Next"/> gave.</summary>
    public void Enter(SequenceSpace sequence, int count) => _levels[_depth++] = new Level { Space = sequence, Count = count };

    /// <summary>Where the leaf given last stands (" at camera[2]"); empty for a value that is one leaf.</summary>
    public string Place()
    {
        var place = new StringBuilder();
        for (var i = 0; i < _depth; i++)
        {
            var at = _levels[i].Next - 1;
            place.Append(_levels[i].Space is DictSpace dict ? $"{(place.Length == 0 ? "" : ".")}{dict.Spaces[at].Key}" : $"[{at}]");
        }

        return place.Length == 0 ? "" : $" at {place}";
    }

    private static Space Member(Space space, int index) => space switch
    {
        DictSpace dict => dict.Spaces[index].Value,
        TupleSpace tuple => tuple.Spaces[index],
        _ => ((SequenceSpace)space).Element,
    };

    private Space Descend(Space space)
    {
        while (space is DictSpace or TupleSpace)
        {
            var count = space is DictSpace dict ? dict.Spaces.Count : ((TupleSpace)space).Spaces.Count;
            _levels[_depth++] = new Level { Space = space, Next = 1, Count = count };
            space = Member(space, 0);
        }

        return space;
    }

    private struct Level
    {
        public Space Space;
        public int Next;
        public int Count;
    }
}
