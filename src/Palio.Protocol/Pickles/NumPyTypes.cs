using System.Buffers.Text;

namespace Palio.Protocol.Pickles;

/// <summary>
/// NumPy's data types. Their state is trusted blindly by NumPy (size, fields' offsets, "holds objects"), so that a wrong one
/// is a way into its memory: every part is compared with what the type's name says.
/// </summary>
internal static class NumPyTypes
{
    private const long MaxBytes = int.MaxValue;

    /// <summary>dtype('f8', False, True): the third says copy, so that the state set later is not that of NumPy's own type.</summary>
    public static PickleItem Create(PickleStore store, PickleReader reader, ReadOnlySpan<PickleItem> values)
    {
        if (values is not [{ Kind: PickleKind.Text, Length: > 0 and < 16 } text, { Kind: PickleKind.Bool or PickleKind.Int }, { Kind: PickleKind.Bool or PickleKind.Int } copy]
            || copy.Value != 1)
        {
            throw new PickleRefusedException("dtype with arguments that plain data does not have", "numpy.dtype");
        }

        var name = reader.Slice(text.Value, text.Length);
        var size = 0;
        if (name.Length > 1 && (!Utf8Parser.TryParse(name[1..], out size, out var used) || used != name.Length - 1 || size < 0))
        {
            size = -1;
        }

        var bytes = BytesOf(name[0], size);
        if (bytes < 0)
        {
            throw new PickleRefusedException("no data type that may cross", $"dtype {PickleGlobals.Printable(name)}");
        }

        var type = store.NewNode(PickleKind.DataType);
        ref var node = ref store.Node(type);
        (node.Size, node.Letter, node.HoldsObjects) = (bytes, name[0], name[0] == (byte)'O');
        return type;
    }

    /// <summary>The state: (version, byte order, subarray, names, fields, size, alignment, flags[, metadata]).</summary>
    public static void Build(PickleStore store, PickleReader reader, PickleItem type, PickleItem state)
    {
        var values = store.Elements(state);
        ref var node = ref store.Node(type);
        var whole = values.Length switch
        {
            8 => values[0] is { Kind: PickleKind.Int, Value: 3 } || (values[0] is { Kind: PickleKind.Int, Value: 4 } && node.Letter is not ((byte)'M' or (byte)'m')),
            9 => values[0] is { Kind: PickleKind.Int, Value: 4 } && IsUnit(store, reader, values[8]),
            _ => false,
        };
        if (!whole || values[1] is not { Kind: PickleKind.Text, Length: 1 } order || !"<>|="u8.Contains(reader.Slice(order.Value, 1)[0])
            || values[5].Kind != PickleKind.Int || values[6].Kind != PickleKind.Int || values[7].Kind != PickleKind.Int)
        {
            throw Wrong();
        }

        if (values[2].Kind == PickleKind.None && values[3].Kind == PickleKind.None && values[4].Kind == PickleKind.None)
        {
            BuildSimple(node, values[5].Value, values[6].Value, values[7].Value);
            return;
        }

        if (node.Letter != (byte)'V' || values[5].Value != node.Size || !IsAlignment(values[6].Value) || !IsRecordFlags(values[7].Value))
        {
            throw Wrong();
        }

        if (values[2].Kind == PickleKind.None)
        {
            BuildRecord(store, reader, node, values[3], values[4]);
        }
        else
        {
            BuildSubarray(store, node, values);
        }
    }

    /// <summary>Notes in a dict whether all of its values are fields, and how far they reach.</summary>
    public static void NoteField(PickleStore store, PickleItem dict, PickleItem key, PickleItem value)
    {
        ref var node = ref store.Node(dict);
        node.AllFields = node.AllFields && key.Kind == PickleKind.Text
            && store.Elements(value) is [{ Kind: PickleKind.DataType } type, { Kind: PickleKind.Int, Value: >= 0 and < MaxBytes } offset, ..] and { Length: 2 or 3 }
            && store.Node(type) is { Built: true, HoldsObjects: false } field
            && (node.Size = Math.Max(node.Size, offset.Value + field.Size)) <= MaxBytes;
        if (node.AllFields)
        {
            store.KeepFieldName(dict, key);
        }
    }

    /// <summary>Elements of a shape times a size; refused when a dimension is no size or the product too large.</summary>
    public static long Product(ReadOnlySpan<PickleItem> shape, long size)
    {
        if (size == 0)
        {
            throw new PickleRefusedException("an array whose elements have no size");
        }

        var product = size;
        var empty = false;
        foreach (var dimension in shape)
        {
            if (dimension is not { Kind: PickleKind.Int, Value: >= 0 and <= MaxBytes })
            {
                throw new PickleRefusedException("a shape that is not made of sizes");
            }

            // A zero must not hide a dimension whose strides would not fit.
            empty |= dimension.Value == 0;
            product *= Math.Max(1, dimension.Value);
            if (product > MaxBytes)
            {
                throw new PickleRefusedException("an array larger than any pickle may be");
            }
        }

        return empty ? 0 : product;
    }

    private static void BuildSimple(PickleNode node, long size, long alignment, long flags)
    {
        var ok = node.Letter switch
        {
            (byte)'O' => size == -1 && alignment == -1 && flags == 63,
            (byte)'S' => size == node.Size && alignment is 1 or -1 && flags == 0,
            (byte)'V' => size == node.Size && IsAlignment(alignment) && flags == 0,
            (byte)'U' => size == node.Size && alignment is 4 or -1 && flags is 8 or 0,
            _ => size == -1 && alignment == -1 && flags == 0,
        };
        if (!ok)
        {
            throw Wrong();
        }
    }

    private static void BuildRecord(PickleStore store, PickleReader reader, PickleNode node, PickleItem names, PickleItem fields)
    {
        if (names.Kind != PickleKind.Tuple || fields.Kind != PickleKind.Dict
            || store.Node(fields) is not { AllFields: true, Count: > 0 } dict || dict.Size > node.Size || store.Node(names).First < 0)
        {
            throw Wrong();
        }

        foreach (var name in store.Elements(names))
        {
            if (name.Kind != PickleKind.Text || !store.HasFieldName(reader, fields, name))
            {
                throw Wrong();
            }
        }
    }

    private static void BuildSubarray(PickleStore store, PickleNode node, ReadOnlySpan<PickleItem> values)
    {
        if (values[3].Kind != PickleKind.None || values[4].Kind != PickleKind.None
            || store.Elements(values[2]) is not [{ Kind: PickleKind.DataType } element, { Kind: PickleKind.Tuple } shape]
            || store.Node(element) is not { Built: true, HoldsObjects: false } inner || store.Node(shape).First < 0
            || Product(store.Elements(shape), inner.Size) != node.Size)
        {
            throw Wrong();
        }
    }

    private static bool IsUnit(PickleStore store, PickleReader reader, PickleItem metadata) =>
        store.Elements(metadata) is [{ Kind: PickleKind.Dict } extra, { Kind: PickleKind.Tuple } unit] && store.Node(extra).Count == 0
        && store.Elements(unit) is [{ Kind: PickleKind.Bytes or PickleKind.Text, Value: >= 0 } name,
            { Kind: PickleKind.Int, Value: > 0 and < MaxBytes }, { Kind: PickleKind.Int, Value: > 0 and < MaxBytes }, { Kind: PickleKind.Int, Value: > 0 and < MaxBytes }]
        && IsUnitName(reader.Slice(name.Value, name.Length));

    private static bool IsUnitName(ReadOnlySpan<byte> name) => name.Length switch
    {
        1 => "YMWDhms"u8.Contains(name[0]),
        2 => name[1] == (byte)'s' && "munpfa"u8.Contains(name[0]),
        _ => name.SequenceEqual("generic"u8),
    };

    private static bool IsAlignment(long alignment) => alignment is -1 or 1 or 2 or 4 or 8 or 16;

    // 8: starts as zeroes; 16: needs the interpreter; 128 (or -128, a signed byte of it): aligned as in C. None means objects.
    private static bool IsRecordFlags(long flags) => flags is >= -128 and <= 255 && (flags & ~0x98 & 0xff) == 0;

    private static long BytesOf(byte letter, int size) => (letter, size) switch
    {
        ((byte)'b', 1) or ((byte)'i' or (byte)'u', 1 or 2 or 4 or 8) or ((byte)'f', 2 or 4 or 8 or 12 or 16)
            or ((byte)'c', 8 or 16 or 24 or 32) or ((byte)'M' or (byte)'m', 8) => size,
        ((byte)'O', 0 or 4 or 8) => 8,
        ((byte)'S' or (byte)'V', >= 0) => size,
        ((byte)'U', >= 0 and <= 1 << 24) => size * 4L,
        _ => -1,
    };

    private static PickleRefusedException Wrong() => new("a data type with a state that is not its own", "numpy.dtype");
}
