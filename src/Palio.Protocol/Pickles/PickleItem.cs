namespace Palio.Protocol.Pickles;

/// <summary>What a value on the pickle machine's stack is.</summary>
internal enum PickleKind : byte
{
    None,
    Bool,
    Int,
    BigInt,
    Float,

    /// <summary>Text whose bytes stand in the pickle as they are.</summary>
    Text,

    /// <summary>Text that stands there with escapes; <see cref="PickleItem.Length"/> is -1 when it holds characters past U+00FF.</summary>
    EscapedText,

    /// <summary><see cref="PickleItem.Value"/> is the offset of the bytes, or -1 when they do not stand there as they are.</summary>
    Bytes,

    /// <summary>A complex number or a NumPy scalar: built, whole, of fixed size.</summary>
    Number,

    /// <summary>An importable name of the list; never data.</summary>
    Global,

    Tuple,
    List,
    Dict,
    Set,
    Array,
    DataType,
}

/// <summary>A value on the machine's stack. Containers are nodes, <see cref="Value"/> being their index.</summary>
internal readonly record struct PickleItem(PickleKind Kind, long Value = 0, int Length = 0)
{
    public bool IsNode => Kind >= PickleKind.Tuple;
}

/// <summary>A value that holds others.</summary>
internal struct PickleNode
{
    public int Depth;

    /// <summary>Elements.</summary>
    public int Count;

    /// <summary>Bytes and elements with everything inside.</summary>
    public long Weight;

    /// <summary>Index of a small tuple's first element among those kept; -1 when they are not.</summary>
    public int First;

    /// <summary>Used as an element already: nothing may be added any more, so nothing can hold itself.</summary>
    public bool Sealed;

    /// <summary>An array or data type that got its state.</summary>
    public bool Built;

    /// <summary>A tuple with an importable name in it: good for a call, never as data.</summary>
    public bool HoldsGlobal;

    /// <summary>A data type with Python objects inside.</summary>
    public bool HoldsObjects;

    /// <summary>A dict whose values all are (data type, offset) of a record's fields.</summary>
    public bool AllFields;

    /// <summary>Bytes of an element of the data type; where the last field of a dict of fields ends.</summary>
    public long Size;

    /// <summary>NumPy's letter of the data type.</summary>
    public byte Letter;
}
