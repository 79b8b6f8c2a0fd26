using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Palio.Referee.Recording;

/// <summary>
/// What stands in a record for a large observation: XXH3-128. The library's own, compiled ahead of time for any processor, is 16 bytes
/// wide and takes twice the time of this one, which is a sixth of a step with an image; <c>FingerprintTests</c> holds them equal.
/// </summary>
internal static class Fingerprint
{
    public const int ByteCount = 16;

    private const int StripeBytes = 64;
    private const int BlockBytes = 16 * StripeBytes;
    private const ulong Prime32 = 0x9E3779B1;
    private const ulong LowPrime = 0x9E3779B185EBCA87;
    private const ulong HighPrime = 0xC2B2AE3D27D4EB4F;

    // The specification's secret.
    private static ReadOnlySpan<byte> Secret =>
    [
        0xb8, 0xfe, 0x6c, 0x39, 0x23, 0xa4, 0x4b, 0xbe, 0x7c, 0x01, 0x81, 0x2c, 0xf7, 0x21, 0xad, 0x1c, 0xde, 0xd4, 0x6d, 0xe9, 0x83, 0x90, 0x97, 0xdb,
        0x72, 0x40, 0xa4, 0xa4, 0xb7, 0xb3, 0x67, 0x1f, 0xcb, 0x79, 0xe6, 0x4e, 0xcc, 0xc0, 0xe5, 0x78, 0x82, 0x5a, 0xd0, 0x7d, 0xcc, 0xff, 0x72, 0x21,
        0xb8, 0x08, 0x46, 0x74, 0xf7, 0x43, 0x24, 0x8e, 0xe0, 0x35, 0x90, 0xe6, 0x81, 0x3a, 0x26, 0x4c, 0x3c, 0x28, 0x52, 0xbb, 0x91, 0xc3, 0x00, 0xcb,
        0x88, 0xd0, 0x65, 0x8b, 0x1b, 0x53, 0x2e, 0xa3, 0x71, 0x64, 0x48, 0x97, 0xa2, 0x0d, 0xf9, 0x4e, 0x38, 0x19, 0xef, 0x46, 0xa9, 0xde, 0xac, 0xd8,
        0xa8, 0xfa, 0x76, 0x3f, 0xe3, 0x9c, 0x34, 0x3f, 0xf9, 0xdc, 0xbb, 0xc7, 0xc7, 0x0b, 0x4f, 0x1d, 0x8a, 0x51, 0xe0, 0x4b, 0xcd, 0xb4, 0x59, 0x31,
        0xc8, 0x9f, 0x7e, 0xc9, 0xd9, 0x78, 0x73, 0x64, 0xea, 0xc5, 0xac, 0x83, 0x34, 0xd3, 0xeb, 0xc3, 0xc5, 0x81, 0xa0, 0xff, 0xfa, 0x13, 0x63, 0xeb,
        0x17, 0x0d, 0xdd, 0x51, 0xb7, 0xf0, 0xda, 0x49, 0xd3, 0x16, 0x55, 0x26, 0x29, 0xd4, 0x68, 0x9e, 0x2b, 0x16, 0xbe, 0x58, 0x7d, 0x47, 0xa1, 0xfc,
        0x8f, 0xf8, 0xb8, 0xd1, 0x7a, 0xd0, 0x31, 0xce, 0x45, 0xcb, 0x3a, 0x8f, 0x95, 0x16, 0x04, 0x28, 0xaf, 0xd7, 0xfb, 0xca, 0xbb, 0x4b, 0x40, 0x7e,
    ];

    /// <summary>Writes the fingerprint, big-endian as in the specification.</summary>
    public static void Take(ReadOnlySpan<byte> data, Span<byte> target)
    {
        if (Avx2.IsSupported && data.Length > BlockBytes)
        {
            TakeWide(data, target);
        }
        else
        {
            XxHash128.Hash(data, target);
        }
    }

    private static void TakeWide(ReadOnlySpan<byte> data, Span<byte> target)
    {
        var low = Vector256.Create(0xC2B2AE3D, LowPrime, HighPrime, 0x165667B19E3779F9);
        var high = Vector256.Create(0x85EBCA77C2B2AE63, 0x85EBCA77, 0x27D4EB2F165667C5, Prime32);
        var rest = data;
        for (; rest.Length > BlockBytes; rest = rest[BlockBytes..])
        {
            Accumulate(ref low, ref high, rest[..BlockBytes], Secret);
            low = Scramble(low, Read(Secret[^64..]));
            high = Scramble(high, Read(Secret[^32..]));
        }

        Accumulate(ref low, ref high, rest[..((rest.Length - 1) / StripeBytes * StripeBytes)], Secret);
        Accumulate(ref low, ref high, data[^StripeBytes..], Secret[121..]);

        var length = (ulong)data.Length;
        BinaryPrimitives.WriteUInt64BigEndian(target, Merge(low, high, Secret[117..], ~(length * HighPrime)));
        BinaryPrimitives.WriteUInt64BigEndian(target[8..], Merge(low, high, Secret[11..], length * LowPrime));
    }

    // Each stripe is mixed with the secret, eight bytes further on for each.
    private static void Accumulate(ref Vector256<ulong> low, ref Vector256<ulong> high, ReadOnlySpan<byte> stripes, ReadOnlySpan<byte> secret)
    {
        var (one, other) = (low, high);
        ref var key = ref MemoryMarshal.GetReference(secret);
        for (var i = 0; i <= stripes.Length - StripeBytes; i += StripeBytes)
        {
            one = Mix(one, Read(stripes[i..]), Vector256.LoadUnsafe(ref key).AsUInt64());
            other = Mix(other, Read(stripes[(i + 32)..]), Vector256.LoadUnsafe(ref key, 32).AsUInt64());
            key = ref Unsafe.Add(ref key, sizeof(ulong));
        }

        (low, high) = (one, other);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Mix(Vector256<ulong> sum, Vector256<ulong> data, Vector256<ulong> key)
    {
        var mixed = data ^ key;
        var product = Avx2.Multiply(mixed.AsUInt32(), Avx2.ShiftRightLogical(mixed, 32).AsUInt32());
        return sum + product + Avx2.Shuffle(data.AsUInt32(), 0x4E).AsUInt64();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Scramble(Vector256<ulong> sum, Vector256<ulong> key)
    {
        var mixed = sum ^ Avx2.ShiftRightLogical(sum, 47) ^ key;
        var prime = Vector256.Create(Prime32).AsUInt32();
        var upper = Avx2.Multiply(Avx2.ShiftRightLogical(mixed, 32).AsUInt32(), prime);
        return Avx2.Multiply(mixed.AsUInt32(), prime) + Avx2.ShiftLeftLogical(upper, 32);
    }

    private static ulong Merge(Vector256<ulong> low, Vector256<ulong> high, ReadOnlySpan<byte> secret, ulong start)
    {
        var (one, other) = (low ^ Read(secret), high ^ Read(secret[32..]));
        var sum = start + Fold(one[0], one[1]) + Fold(one[2], one[3]) + Fold(other[0], other[1]) + Fold(other[2], other[3]);
        sum = (sum ^ (sum >> 37)) * 0x165667919E3779F9;
        return sum ^ (sum >> 32);
    }

    private static ulong Fold(ulong one, ulong other)
    {
        var high = Math.BigMul(one, other, out ulong low);
        return high ^ low;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Read(ReadOnlySpan<byte> bytes) => Vector256.Create(bytes).AsUInt64();
}
