using System.Buffers.Binary;
using System.Text;

namespace Palio.Protocol.Tests.Pickles;

/// <summary>Pickles put together by hand, opcode by opcode.</summary>
internal static class PickleBytes
{
    public static byte[] Join(params object[] parts)
    {
        var bytes = new List<byte>();
        foreach (var part in parts)
        {
            bytes.AddRange(part switch
            {
                char letter => [(byte)letter],
                int code => [(byte)code],
                string text => Encoding.Latin1.GetBytes(text),
                byte[] raw => raw,
                _ => throw new ArgumentException($"no bytes of a {part.GetType().Name}", nameof(parts)),
            });
        }

        return [.. bytes];
    }

    /// <summary>SHORT_BINUNICODE.</summary>
    public static byte[] Text(string text) => [0x8c, (byte)Encoding.UTF8.GetByteCount(text), .. Encoding.UTF8.GetBytes(text)];

    /// <summary>SHORT_BINBYTES.</summary>
    public static byte[] Bytes(params byte[] data) => [(byte)'C', (byte)data.Length, .. data];

    /// <summary>STACK_GLOBAL with its two names.</summary>
    public static byte[] Import(string module, string name) => [.. Text(module), .. Text(name), 0x93];

    /// <summary>BININT.</summary>
    public static byte[] Int(int value)
    {
        var bytes = new byte[5];
        bytes[0] = (byte)'J';
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(1), value);
        return bytes;
    }

    /// <summary>dtype(name, False, True) with its state.</summary>
    public static byte[] DataType(string name, int size = -1, int alignment = -1, int flags = 0, string order = "<", byte[]? subarray = null, byte[]? names = null, byte[]? fields = null) => Join(
        Import("numpy", "dtype"), Text(name), 0x89, 0x88, 0x87, 'R',
        '(', Int(3), Text(order), subarray ?? [(byte)'N'], names ?? [(byte)'N'], fields ?? [(byte)'N'], Int(size), Int(alignment), Int(flags), 't', 'b');

    /// <summary>_reconstruct and the array's state.</summary>
    public static byte[] Array(byte[] shape, byte[] type, byte[] data) => Join(
        Import("numpy.core.multiarray", "_reconstruct"), Import("numpy", "ndarray"), Int(0), 0x85, Bytes((byte)'b'), 0x87, 'R',
        '(', Int(1), shape, type, 0x89, data, 't', 'b');

    /// <summary>A whole pickle of protocol 4 around a value.</summary>
    public static byte[] Whole(params object[] parts) => [0x80, 4, .. Join(parts), (byte)'.'];
}
