namespace Palio.Protocol.Pickles;

/// <summary>The pickle machine's memory: stack, marks, memo and the values that hold others. Kept from check to check.</summary>
internal sealed class PickleStore(PickleLimits limits)
{
    // Enough for a record's state and for any array's shape; larger tuples are data and nobody looks into them.
    private const int KeptChildren = 64;
    private const int MostFieldNames = 1024;

    private PickleItem[] _stack = new PickleItem[64];
    private int[] _marks = new int[16];
    private PickleItem[] _memo = new PickleItem[64];
    private PickleNode[] _nodes = new PickleNode[64];
    private PickleItem[] _children = new PickleItem[64];
    private int _stackCount;
    private int _markCount;
    private int _memoCount;
    private int _nodeCount;
    private int _childCount;
    private readonly List<(long Dict, PickleItem Name)> _fieldNames = [];

    public int MemoCount => _memoCount;

    public int Waiting => _stackCount;

    public void Clear()
    {
        _stackCount = _markCount = _memoCount = _nodeCount = _childCount = 0;
        _fieldNames.Clear();
    }

    public ref PickleNode Node(PickleItem item) => ref _nodes[item.Value];

    public void Push(PickleItem item) => Add(ref _stack, ref _stackCount, item, limits.MaxStack, "values at one time");

    public void PushMark() => Add(ref _marks, ref _markCount, _stackCount, limits.MaxStack, "marks");

    public PickleItem Pop()
    {
        Peek();
        return _stack[--_stackCount];
    }

    public PickleItem Peek() => _stackCount > Floor
        ? _stack[_stackCount - 1]
        : throw new PickleRefusedException("nothing is there for it to take");

    /// <summary>What was pushed since the last mark. Good until the next push.</summary>
    public ReadOnlySpan<PickleItem> PopToMark()
    {
        if (_markCount == 0)
        {
            throw new PickleRefusedException("there is no mark to go back to");
        }

        var start = _marks[--_markCount];
        var items = _stack.AsSpan(start, _stackCount - start);
        _stackCount = start;
        return items;
    }

    public ReadOnlySpan<PickleItem> PopLast(int count)
    {
        if (_stackCount - Floor < count)
        {
            throw new PickleRefusedException("nothing is there for it to take");
        }

        _stackCount -= count;
        return _stack.AsSpan(_stackCount, count);
    }

    // Python's C code grows its memo to whatever index it is told. Picklers count from 0 (Python 2's from 1).
    public void Remember(long index)
    {
        if (index > _memoCount + 1)
        {
            throw new PickleRefusedException($"memo index {index} after {_memoCount} entries");
        }

        while (_memoCount <= index)
        {
            Add(ref _memo, ref _memoCount, new PickleItem(PickleKind.Global), limits.MaxMemo, "memo entries");
        }

        _memo[index] = Peek();
    }

    public PickleItem Recall(long index) =>
        index < _memoCount && _memo[index] is var item && (item.Kind != PickleKind.Global || item.Value != 0)
            ? item
            : throw new PickleRefusedException($"memo index {index} was never written");

    public PickleItem NewNode(PickleKind kind)
    {
        Add(ref _nodes, ref _nodeCount, new PickleNode { Depth = 1, Weight = 1, First = -1, AllFields = true }, limits.MaxContainers, "containers");
        return new PickleItem(kind, _nodeCount - 1);
    }

    public PickleItem NewTuple(ReadOnlySpan<PickleItem> items)
    {
        var tuple = NewNode(PickleKind.Tuple);
        if (items.Length <= KeptChildren)
        {
            Node(tuple).First = _childCount;
            foreach (var item in items)
            {
                Add(ref _children, ref _childCount, item, limits.MaxContainers * 4, "elements of tuples");
            }
        }

        foreach (var item in items)
        {
            if (item.Kind == PickleKind.Global || (item.IsNode && Node(item).HoldsGlobal))
            {
                Node(tuple).HoldsGlobal = true;
            }

            Hold(tuple, item);
        }

        Node(tuple).Count = items.Length;
        return tuple;
    }

    /// <summary>A tuple's elements; empty when it is none, or too long to be what the caller looks for.</summary>
    public ReadOnlySpan<PickleItem> Elements(PickleItem tuple) => tuple.Kind == PickleKind.Tuple && Node(tuple) is { First: >= 0 } node
        ? _children.AsSpan(node.First, node.Count)
        : default;

    public void KeepFieldName(PickleItem dict, PickleItem name)
    {
        if (_fieldNames.Count == MostFieldNames)
        {
            throw new PickleRefusedException($"records of more than {MostFieldNames} fields");
        }

        _fieldNames.Add((dict.Value, name));
    }

    public bool HasFieldName(PickleReader reader, PickleItem dict, PickleItem name)
    {
        foreach (var (owner, known) in _fieldNames)
        {
            if (owner == dict.Value && reader.Slice(known.Value, known.Length).SequenceEqual(reader.Slice(name.Value, name.Length)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Puts data into a list, dict or set.</summary>
    public void Insert(PickleItem container, PickleItem item)
    {
        if (item.Kind == PickleKind.Global || (item.IsNode && Node(item).HoldsGlobal))
        {
            throw new PickleRefusedException("an importable name is used as data");
        }

        if (Node(container).Sealed || (item.IsNode && item.Value == container.Value))
        {
            throw new PickleRefusedException("a container that is changed after its use, or holds itself");
        }

        Hold(container, item);
    }

    /// <summary>Adds an element's weight and depth, and closes the element against changes.</summary>
    public void Hold(PickleItem container, PickleItem item)
    {
        ref var node = ref Node(container);
        if (!item.IsNode)
        {
            AddWeight(ref node, 1 + (long)Math.Max(0, item.Length));
            return;
        }

        ref var inner = ref Node(item);
        inner.Sealed = true;
        AddWeight(ref node, inner.Weight);
        node.Depth = Math.Max(node.Depth, inner.Depth + 1);
        if (node.Depth > limits.MaxDepth)
        {
            throw new PickleRefusedException($"containers more than {limits.MaxDepth} deep");
        }
    }

    public void AddWeight(ref PickleNode node, long weight)
    {
        node.Weight += weight;
        if (node.Weight > limits.MaxExpanded)
        {
            throw new PickleRefusedException($"shared values that unfold to more than {limits.MaxExpanded} bytes");
        }
    }

    private int Floor => _markCount == 0 ? 0 : _marks[_markCount - 1];

    private static void Add<T>(ref T[] items, ref int count, T item, int most, string what)
    {
        if (count == items.Length)
        {
            if (count >= most)
            {
                throw new PickleRefusedException($"more than {most} {what}");
            }

            Array.Resize(ref items, Math.Min(most, count * 2));
        }

        items[count++] = item;
    }
}
