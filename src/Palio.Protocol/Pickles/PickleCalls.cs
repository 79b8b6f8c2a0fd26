namespace Palio.Protocol.Pickles;

/// <summary>The calls that plain data needs: arguments and states are checked one by one, so that the callee can do one thing only.</summary>
internal readonly ref struct PickleCalls(PickleStore store, PickleReader reader)
{
    private readonly PickleStore _store = store;
    private readonly PickleReader _reader = reader;

    public PickleItem Call(PickleItem callee, PickleItem arguments)
    {
        if (callee.Kind != PickleKind.Global || arguments.Kind != PickleKind.Tuple || _store.Node(arguments).First < 0)
        {
            throw new PickleRefusedException("it calls what is no function of the list");
        }

        var values = _store.Elements(arguments);
        return (PickleGlobal)callee.Value switch
        {
            PickleGlobal.Reconstruct => EmptyArray(values),
            PickleGlobal.Scalar => Scalar(values),
            PickleGlobal.FromBuffer => ArrayOverBytes(values),
            PickleGlobal.DataType => NumPyTypes.Create(_store, _reader, values),
            PickleGlobal.Encode => Encoded(values),
            PickleGlobal.OrderedDict => values.Length == 0 ? _store.NewNode(PickleKind.Dict) : throw Wrong("OrderedDict"),
            PickleGlobal.Set or PickleGlobal.FrozenSet => SetOf(values),
            PickleGlobal.ByteArray or PickleGlobal.Bytes => BytesOf(values),
            PickleGlobal.Complex => values is [{ Kind: PickleKind.Float }, { Kind: PickleKind.Float }] ? new PickleItem(PickleKind.Number) : throw Wrong("complex"),
            _ => throw Wrong("ndarray"),
        };
    }

    public void Build(PickleItem target, PickleItem state)
    {
        if (target.Kind is not (PickleKind.Array or PickleKind.DataType) || _store.Node(target) is { Built: true } or { Sealed: true })
        {
            throw new PickleRefusedException("it sets the state of what has none, or has it already");
        }

        if (target.Kind == PickleKind.DataType)
        {
            NumPyTypes.Build(_store, _reader, target, state);
        }
        else
        {
            BuildArray(target, state);
        }

        _store.Node(target).Built = true;
    }

    // _reconstruct(ndarray, (0,), b'b'): any other first shape would be memory nobody filled.
    private PickleItem EmptyArray(ReadOnlySpan<PickleItem> values)
    {
        if (values is not [{ Kind: PickleKind.Global, Value: (long)PickleGlobal.NdArray }, { Kind: PickleKind.Tuple } shape, var letter]
            || _store.Elements(shape) is not [{ Kind: PickleKind.Int, Value: 0 }]
            || !(letter.Kind is PickleKind.Bytes or PickleKind.Text && letter.Length == 1 && letter.Value >= 0
                && _reader.Slice(letter.Value, 1)[0] == (byte)'b'))
        {
            throw Wrong("_reconstruct");
        }

        return _store.NewNode(PickleKind.Array);
    }

    private void BuildArray(PickleItem array, PickleItem state)
    {
        var values = _store.Elements(state);
        if (values is not [{ Kind: PickleKind.Int, Value: 1 }, { Kind: PickleKind.Tuple } shape, { Kind: PickleKind.DataType } type,
            { Kind: PickleKind.Bool or PickleKind.Int }, var data])
        {
            throw Wrong("ndarray.__setstate__");
        }

        MustBeBuilt(type);
        ref var element = ref _store.Node(type);
        var size = element.HoldsObjects ? 1 : element.Size;
        long got = data.Kind switch
        {
            PickleKind.Bytes when !element.HoldsObjects => data.Length,
            PickleKind.List when element.HoldsObjects => _store.Node(data).Count,
            _ => throw Wrong("ndarray.__setstate__"),
        };
        MustFit(Elements(shape), size, got);
        _store.Hold(array, data);
    }

    private PickleItem ArrayOverBytes(ReadOnlySpan<PickleItem> values)
    {
        if (values is not [{ Kind: PickleKind.Bytes } data, { Kind: PickleKind.DataType } type, { Kind: PickleKind.Tuple } shape, { Kind: PickleKind.Text, Length: 1 }])
        {
            throw Wrong("_frombuffer");
        }

        MustBeBuilt(type);
        if (_store.Node(type).HoldsObjects)
        {
            throw new PickleRefusedException("bytes in place of Python objects");
        }

        MustFit(Elements(shape), _store.Node(type).Size, data.Length);
        var array = _store.NewNode(PickleKind.Array);
        _store.Hold(array, data);
        _store.Node(array).Built = true;
        return array;
    }

    private PickleItem Scalar(ReadOnlySpan<PickleItem> values)
    {
        if (values is not [{ Kind: PickleKind.DataType } type, { Kind: PickleKind.Bytes } data])
        {
            throw Wrong("scalar");
        }

        MustBeBuilt(type);
        ref var element = ref _store.Node(type);
        return element.HoldsObjects ? throw new PickleRefusedException("bytes in place of Python objects")
            : element.Size != data.Length ? throw new PickleRefusedException($"a scalar of {element.Size} bytes with {data.Length}")
            : new PickleItem(PickleKind.Number, 0, data.Length);
    }

    // Protocols 0 to 2 have no bytes: they write the text whose Latin-1 form the bytes are.
    private PickleItem Encoded(ReadOnlySpan<PickleItem> values)
    {
        if (values is not [{ Kind: PickleKind.Text or PickleKind.EscapedText } text, { Kind: PickleKind.Text } encoding]
            || !(_reader.Slice(encoding.Value, encoding.Length) is var name && (name.SequenceEqual("latin1"u8) || name.SequenceEqual("latin-1"u8))))
        {
            throw Wrong("_codecs.encode");
        }

        var length = text.Kind == PickleKind.EscapedText ? text.Length : PickleText.Latin1Length(_reader.Slice(text.Value, text.Length));
        return length < 0
            ? throw new PickleRefusedException("bytes written as text with characters that are no bytes")
            : new PickleItem(PickleKind.Bytes, text.Kind == PickleKind.Text && length == text.Length ? text.Value : -1, length);
    }

    private PickleItem BytesOf(ReadOnlySpan<PickleItem> values) => values switch
    {
        [] => new PickleItem(PickleKind.Bytes, -1),
        [{ Kind: PickleKind.Bytes } bytes] => bytes,
        [_, _] => Encoded(values),
        _ => throw Wrong("bytes"),
    };

    private PickleItem SetOf(ReadOnlySpan<PickleItem> values)
    {
        if (values is [])
        {
            return _store.NewNode(PickleKind.Set);
        }

        if (values is not [{ Kind: PickleKind.List } list])
        {
            throw Wrong("set");
        }

        var set = _store.NewNode(PickleKind.Set);
        _store.Hold(set, list);
        _store.Node(set).Count = _store.Node(list).Count;
        return set;
    }

    private ReadOnlySpan<PickleItem> Elements(PickleItem shape) => _store.Node(shape).First < 0 ? throw Wrong("shape") : _store.Elements(shape);

    private void MustBeBuilt(PickleItem type)
    {
        if (!_store.Node(type).Built)
        {
            throw new PickleRefusedException("a data type without its state");
        }
    }

    private static void MustFit(ReadOnlySpan<PickleItem> shape, long size, long got)
    {
        var expected = NumPyTypes.Product(shape, size);
        if (expected != got)
        {
            throw new PickleRefusedException($"an array that needs {expected} bytes or elements comes with {got}");
        }
    }

    private static PickleRefusedException Wrong(string callee) => new($"{callee} with arguments that plain data does not have", callee);
}
