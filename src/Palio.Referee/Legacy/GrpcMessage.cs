using System.Buffers.Binary;

namespace Palio.Referee.Legacy;

/// <summary>A gRPC message with one field of bytes (protos/evaluation.proto), by hand: five bytes of gRPC, a tag, a length.</summary>
internal static class GrpcMessage
{
    /// <summary>Bytes of gRPC in front of a message: compressed or not, length.</summary>
    public const int PrefixBytes = 5;

    /// <summary>Most bytes that come on top of the payload.</summary>
    public const int MostOverhead = PrefixBytes + 1 + MostLengthBytes;

    private const int MostLengthBytes = 5;
    private const byte PayloadTag = (1 << 3) | 2;

    /// <summary>The message around a payload.</summary>
    public static byte[] Wrap(ReadOnlySpan<byte> payload)
    {
        var message = new byte[MostOverhead + payload.Length];
        var at = PrefixBytes;
        if (payload.Length > 0)
        {
            message[at++] = PayloadTag;
            for (var rest = (uint)payload.Length; ; rest >>= 7)
            {
                message[at++] = (byte)(rest < 0x80 ? rest : rest | 0x80);
                if (rest < 0x80)
                {
                    break;
                }
            }

            payload.CopyTo(message.AsSpan(at));
            at += payload.Length;
        }

        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(1), (uint)(at - PrefixBytes));
        return message[..at];
    }

    /// <summary>The payload of a whole message; null with the reason when it is none.</summary>
    public static (ReadOnlyMemory<byte>? Payload, string? Wrong) Unwrap(ReadOnlyMemory<byte> message)
    {
        var bytes = message.Span;
        if (bytes.Length < PrefixBytes)
        {
            return (null, "a message without its gRPC prefix");
        }

        if (bytes[0] != 0)
        {
            return (null, "a compressed message");
        }

        if (BinaryPrimitives.ReadUInt32BigEndian(bytes[1..]) != (uint)(bytes.Length - PrefixBytes))
        {
            return (null, "a message whose length is not what its prefix says, or more than one");
        }

        return Payload(message[PrefixBytes..]);
    }

    // The last of several wins, as protobuf has it; other fields are none of this message's.
    private static (ReadOnlyMemory<byte>? Payload, string? Wrong) Payload(ReadOnlyMemory<byte> fields)
    {
        ReadOnlyMemory<byte> payload = default;
        while (!fields.IsEmpty)
        {
            if (fields.Span[0] != PayloadTag || !TryLength(fields.Span[1..], out var length, out var used) || length > fields.Length - 1 - used)
            {
                return (null, "a message that is no Package");
            }

            payload = fields.Slice(1 + used, length);
            fields = fields[(1 + used + length)..];
        }

        return (payload, null);
    }

    private static bool TryLength(ReadOnlySpan<byte> bytes, out int length, out int used)
    {
        var value = 0L;
        for (used = 0; used < Math.Min(bytes.Length, MostLengthBytes);)
        {
            value |= (long)(bytes[used] & 0x7f) << (7 * used);
            if ((bytes[used++] & 0x80) == 0)
            {
                length = (int)Math.Min(value, int.MaxValue);
                return true;
            }
        }

        length = 0;
        return false;
    }
}
