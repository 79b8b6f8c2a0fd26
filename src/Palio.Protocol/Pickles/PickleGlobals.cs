using System.Text;

namespace Palio.Protocol.Pickles;

/// <summary>What may be called, or named, in plain data.</summary>
internal enum PickleGlobal : byte
{
    Reconstruct = 1,
    Scalar,
    FromBuffer,
    NdArray,
    DataType,
    Encode,
    OrderedDict,
    Set,
    FrozenSet,
    ByteArray,
    Bytes,
    Complex,
}

/// <summary>The whole list of importable names. Everything else is refused.</summary>
internal static class PickleGlobals
{
    public static PickleGlobal Resolve(ReadOnlySpan<byte> module, ReadOnlySpan<byte> name)
    {
        if (module.SequenceEqual("numpy.core.multiarray"u8) || module.SequenceEqual("numpy._core.multiarray"u8))
        {
            return name.SequenceEqual("_reconstruct"u8) ? PickleGlobal.Reconstruct
                : name.SequenceEqual("scalar"u8) ? PickleGlobal.Scalar
                : throw Unknown(module, name);
        }

        if (module.SequenceEqual("numpy"u8))
        {
            return name.SequenceEqual("ndarray"u8) ? PickleGlobal.NdArray
                : name.SequenceEqual("dtype"u8) ? PickleGlobal.DataType
                : throw Unknown(module, name);
        }

        if (module.SequenceEqual("numpy.core.numeric"u8) || module.SequenceEqual("numpy._core.numeric"u8))
        {
            return name.SequenceEqual("_frombuffer"u8) ? PickleGlobal.FromBuffer : throw Unknown(module, name);
        }

        if (module.SequenceEqual("builtins"u8) || module.SequenceEqual("__builtin__"u8))
        {
            return Builtin(module, name);
        }

        return module.SequenceEqual("_codecs"u8) && name.SequenceEqual("encode"u8) ? PickleGlobal.Encode
            : module.SequenceEqual("collections"u8) && name.SequenceEqual("OrderedDict"u8) ? PickleGlobal.OrderedDict
            : throw Unknown(module, name);
    }

    private static PickleGlobal Builtin(ReadOnlySpan<byte> module, ReadOnlySpan<byte> name) =>
        name.SequenceEqual("set"u8) ? PickleGlobal.Set
        : name.SequenceEqual("frozenset"u8) ? PickleGlobal.FrozenSet
        : name.SequenceEqual("bytearray"u8) ? PickleGlobal.ByteArray
        : name.SequenceEqual("bytes"u8) ? PickleGlobal.Bytes
        : name.SequenceEqual("complex"u8) ? PickleGlobal.Complex
        : throw Unknown(module, name);

    public static PickleRefusedException Unknown(ReadOnlySpan<byte> module, ReadOnlySpan<byte> name) =>
        new("only plain data may cross: None, numbers, text, bytes, tuples, lists, dicts, sets, NumPy arrays and scalars",
            $"{Printable(module)}.{Printable(name)}");

    public static string Printable(ReadOnlySpan<byte> text)
    {
        var shown = new StringBuilder();
        foreach (var letter in text[..Math.Min(text.Length, 80)])
        {
            shown.Append(letter is > 0x20 and < 0x7f ? (char)letter : '?');
        }

        return text.Length > 80 ? shown.Append('…').ToString() : shown.ToString();
    }
}
