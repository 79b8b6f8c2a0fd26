namespace Palio.Protocol.Pickles;

/// <summary>
/// Reads a Python pickle without building it and says whether it is plain data: None, booleans, numbers, text, bytes, tuples,
/// lists, dicts, sets, NumPy scalars and arrays. Nothing is imported, called or executed. Protocols 0 to 5.
/// </summary>
/// <remarks>Not safe for use by two threads at once: it keeps its buffers from check to check.</remarks>
/// <param name="limits">Limits; <see cref="PickleLimits.Default"/> when null.</param>
public sealed class PickleChecker(PickleLimits? limits = null)
{
    private readonly PickleLimits _limits = limits ?? PickleLimits.Default;
    private readonly PickleStore _store = new(limits ?? PickleLimits.Default);

    /// <summary>Why the pickle must not be unpickled; null when it is plain data.</summary>
    /// <param name="pickle">The pickle, whole, with nothing after it.</param>
    public PickleRefusal? Check(ReadOnlySpan<byte> pickle)
    {
        if (pickle.Length > _limits.MaxBytes)
        {
            return new PickleRefusal(null, 0, null, $"a pickle of {pickle.Length} bytes; at most {_limits.MaxBytes} may cross");
        }

        _store.Clear();
        var reader = new PickleReader(pickle);
        var at = 0;
        try
        {
            while (true)
            {
                at = reader.Offset;
                if (reader.Remaining == 0)
                {
                    return new PickleRefusal(null, at, null, "the pickle ends early: there is no STOP");
                }

                var code = (PickleOpcode)reader.Byte();
                if (code == PickleOpcode.Stop)
                {
                    return Finish(reader, at);
                }

                Run(code, ref reader, at);
            }
        }
        catch (PickleRefusedException refused)
        {
            return new PickleRefusal(PickleOpcodes.NameOf(pickle[at]), at, refused.Name, refused.Message);
        }
    }

    private PickleRefusal? Finish(PickleReader reader, int at)
    {
        var result = _store.Pop();
        if (result.Kind == PickleKind.Global || (result.IsNode && _store.Node(result).HoldsGlobal))
        {
            throw new PickleRefusedException("an importable name is used as data");
        }

        return reader.Remaining > 0 || _store.Waiting > 0
            ? new PickleRefusal("STOP", at, null, reader.Remaining > 0 ? $"{reader.Remaining} bytes follow the end" : "values are left over")
            : null;
    }

    private void Run(PickleOpcode code, ref PickleReader reader, int at)
    {
        switch (code)
        {
            case PickleOpcode.Proto when at == 0:
                Header(reader.Byte());
                break;
            case PickleOpcode.Frame:
                Frame(reader.UInt64(), reader.Remaining);
                break;
            case PickleOpcode.Mark:
                _store.PushMark();
                break;
            case PickleOpcode.Memoize:
                _store.Remember(_store.MemoCount);
                break;
            case PickleOpcode.Put:
                _store.Remember(reader.Index());
                break;
            case PickleOpcode.BinPut:
                _store.Remember(reader.Byte());
                break;
            case PickleOpcode.LongBinPut:
                _store.Remember(reader.UInt32());
                break;
            case PickleOpcode.Get:
                _store.Push(_store.Recall(reader.Index()));
                break;
            case PickleOpcode.BinGet:
                _store.Push(_store.Recall(reader.Byte()));
                break;
            case PickleOpcode.LongBinGet:
                _store.Push(_store.Recall(reader.UInt32()));
                break;
            default:
                if (!PushValue(code, ref reader) && !RunContainer(code))
                {
                    RunCall(code, ref reader);
                }

                break;
        }
    }

    private bool PushValue(PickleOpcode code, ref PickleReader reader)
    {
        PickleItem? value = code switch
        {
            PickleOpcode.None => new PickleItem(PickleKind.None),
            PickleOpcode.NewTrue => new PickleItem(PickleKind.Bool, 1),
            PickleOpcode.NewFalse => new PickleItem(PickleKind.Bool),
            PickleOpcode.BinInt => new PickleItem(PickleKind.Int, reader.Int32()),
            PickleOpcode.BinInt1 => new PickleItem(PickleKind.Int, reader.Byte()),
            PickleOpcode.BinInt2 => new PickleItem(PickleKind.Int, reader.UInt16()),
            PickleOpcode.Long1 => reader.LongInteger(reader.Byte(), _limits.MaxIntegerBytes),
            PickleOpcode.Long4 => reader.LongInteger(reader.UInt32(), _limits.MaxIntegerBytes),
            PickleOpcode.Int => PickleText.Integer(reader.Line(), _limits.MaxIntegerBytes),
            PickleOpcode.Long => PickleText.Integer(WithoutSuffix(reader.Line()), _limits.MaxIntegerBytes),
            PickleOpcode.Float => PickleText.Real(reader.Line()),
            PickleOpcode.BinFloat => reader.Real(),
            PickleOpcode.String => PickleText.Quoted(reader.Line()),
            PickleOpcode.ShortBinString => reader.OldText(reader.Byte()),
            PickleOpcode.BinString => reader.OldText(reader.UInt32()),
            PickleOpcode.Unicode => EscapedText(ref reader),
            PickleOpcode.ShortBinUnicode => reader.Text(reader.Byte()),
            PickleOpcode.BinUnicode => reader.Text(reader.UInt32()),
            PickleOpcode.BinUnicode8 => reader.Text(reader.UInt64()),
            PickleOpcode.ShortBinBytes => reader.Bytes(reader.Byte()),
            PickleOpcode.BinBytes => reader.Bytes(reader.UInt32()),
            PickleOpcode.BinBytes8 or PickleOpcode.ByteArray8 => reader.Bytes(reader.UInt64()),
            _ => null,
        };
        if (value is { } item)
        {
            _store.Push(item);
        }

        return value is not null;
    }

    private bool RunContainer(PickleOpcode code)
    {
        switch (code)
        {
            case PickleOpcode.EmptyTuple:
                _store.Push(_store.NewTuple([]));
                return true;
            case PickleOpcode.Tuple1:
                _store.Push(_store.NewTuple(_store.PopLast(1)));
                return true;
            case PickleOpcode.Tuple2:
                _store.Push(_store.NewTuple(_store.PopLast(2)));
                return true;
            case PickleOpcode.Tuple3:
                _store.Push(_store.NewTuple(_store.PopLast(3)));
                return true;
            case PickleOpcode.Tuple:
                _store.Push(_store.NewTuple(_store.PopToMark()));
                return true;
            case PickleOpcode.EmptyList:
                _store.Push(_store.NewNode(PickleKind.List));
                return true;
            case PickleOpcode.EmptyDict:
                _store.Push(_store.NewNode(PickleKind.Dict));
                return true;
            case PickleOpcode.EmptySet:
                _store.Push(_store.NewNode(PickleKind.Set));
                return true;
            case PickleOpcode.List:
                Extend(_store.PopToMark(), PickleKind.List);
                return true;
            case PickleOpcode.Dict:
                SetItems(_store.PopToMark(), isNew: true);
                return true;
            case PickleOpcode.FrozenSet:
                Extend(_store.PopToMark(), PickleKind.Set);
                return true;
            case PickleOpcode.Append:
                AddTo(PickleKind.List, _store.PopLast(1));
                return true;
            case PickleOpcode.Appends:
                AddTo(PickleKind.List, _store.PopToMark());
                return true;
            case PickleOpcode.AddItems:
                AddTo(PickleKind.Set, _store.PopToMark());
                return true;
            case PickleOpcode.SetItem:
                SetItems(_store.PopLast(2), isNew: false);
                return true;
            case PickleOpcode.SetItems:
                SetItems(_store.PopToMark(), isNew: false);
                return true;
            default:
                return false;
        }
    }

    private void RunCall(PickleOpcode code, ref PickleReader reader)
    {
        switch (code)
        {
            case PickleOpcode.Global:
                _store.Push(Importable(PickleGlobals.Resolve(reader.Line(), reader.Line())));
                break;
            case PickleOpcode.StackGlobal:
                var names = _store.PopLast(2);
                _store.Push(Importable(PickleGlobals.Resolve(NamePart(reader, names[0]), NamePart(reader, names[1]))));
                break;
            case PickleOpcode.Reduce:
                var arguments = _store.Pop();
                _store.Push(new PickleCalls(_store, reader).Call(_store.Pop(), arguments));
                break;
            case PickleOpcode.Build:
                var state = _store.Pop();
                new PickleCalls(_store, reader).Build(_store.Peek(), state);
                break;
            case PickleOpcode.Inst:
                throw PickleGlobals.Unknown(reader.Line(), reader.Line());
            case PickleOpcode.Ext1:
                throw new PickleRefusedException("names registered by number never cross", $"extension {reader.Byte()}");
            case PickleOpcode.PersId:
                throw new PickleRefusedException("objects kept outside the pickle never cross", PickleGlobals.Printable(reader.Line()));
            default:
                throw new PickleRefusedException(Enum.IsDefined(code)
                    ? "plain data never needs it"
                    : "no such opcode in pickle protocols 0 to 5");
        }
    }

    private void AddTo(PickleKind kind, ReadOnlySpan<PickleItem> items)
    {
        var container = _store.Peek();
        if (container.Kind != kind)
        {
            throw new PickleRefusedException($"it adds to a {container.Kind}, not to a {kind}".ToLowerInvariant());
        }

        AddAll(container, items);
    }

    private void Extend(ReadOnlySpan<PickleItem> items, PickleKind kind)
    {
        var container = _store.NewNode(kind);
        AddAll(container, items);
        _store.Push(container);
    }

    private void AddAll(PickleItem container, ReadOnlySpan<PickleItem> items)
    {
        foreach (var item in items)
        {
            if (container.Kind == PickleKind.Set)
            {
                MustBeHashable(item);
            }

            _store.Insert(container, item);
        }

        Counted(container, items.Length);
    }

    private void SetItems(ReadOnlySpan<PickleItem> items, bool isNew)
    {
        var dict = isNew ? _store.NewNode(PickleKind.Dict) : _store.Peek();
        if (dict.Kind != PickleKind.Dict || items.Length % 2 != 0)
        {
            throw new PickleRefusedException("it needs a dict, and a value to every key");
        }

        for (var i = 0; i < items.Length; i += 2)
        {
            MustBeHashable(items[i]);
            NumPyTypes.NoteField(_store, dict, items[i], items[i + 1]);
            _store.Insert(dict, items[i]);
            _store.Insert(dict, items[i + 1]);
        }

        Counted(dict, items.Length / 2);
        if (isNew)
        {
            _store.Push(dict);
        }
    }

    private void Counted(PickleItem container, int count)
    {
        ref var node = ref _store.Node(container);
        node.Count += count;
        if (container.Kind != PickleKind.List && node.Count > _limits.MaxEntries)
        {
            throw new PickleRefusedException($"a dict or set of more than {_limits.MaxEntries} entries");
        }
    }

    private static void MustBeHashable(PickleItem item)
    {
        if (item.Kind is PickleKind.List or PickleKind.Dict or PickleKind.Array or PickleKind.DataType)
        {
            throw new PickleRefusedException("a key, or an element of a set, that cannot be one");
        }
    }

    private static PickleItem Importable(PickleGlobal name) => new(PickleKind.Global, (long)name);

    private static ReadOnlySpan<byte> NamePart(PickleReader reader, PickleItem item) => item.Kind == PickleKind.Text
        ? reader.Slice(item.Value, item.Length)
        : throw new PickleRefusedException("a name to import that is no plain text");

    private static PickleItem EscapedText(ref PickleReader reader)
    {
        var start = reader.Offset;
        return PickleText.Escaped(reader.Line(), start);
    }

    private static ReadOnlySpan<byte> WithoutSuffix(ReadOnlySpan<byte> line) => line is [.., (byte)'L'] ? line[..^1] : line;

    private static void Header(byte version)
    {
        if (version > 5)
        {
            throw new PickleRefusedException($"pickle protocol {version}; 0 to 5 may cross");
        }
    }

    private static void Frame(ulong length, int remaining)
    {
        if (length > (ulong)remaining)
        {
            throw new PickleRefusedException($"the pickle ends early: a frame of {length} bytes, {remaining} are left");
        }
    }
}
