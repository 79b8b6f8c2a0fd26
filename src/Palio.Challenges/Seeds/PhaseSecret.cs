using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Palio.Challenges.Seeds;

/// <summary>
/// The secret that a phase's seeds are derived from. Its commitment is shown when the phase opens, the secret itself after the phase
/// has closed: then everybody can check that the seeds were fixed beforehand.
/// </summary>
public sealed class PhaseSecret
{
    /// <summary>Bytes of a secret: 32.</summary>
    public const int Length = 32;

    private readonly byte[] _bytes;

    private PhaseSecret(byte[] bytes) => _bytes = bytes;

    /// <summary>What phases with public seeds use: known to everybody, so that a local run plays the same episodes.</summary>
    public static PhaseSecret Public { get; } = new(SHA256.HashData("palio public seeds v1"u8));

    /// <summary>A new random secret.</summary>
    public static PhaseSecret Generate() => new(RandomNumberGenerator.GetBytes(Length));

    /// <summary>A stored or revealed secret: <see cref="Reveal"/>'s text, or its 32 bytes.</summary>
    /// <exception cref="ArgumentException">Not 32 bytes.</exception>
    public static PhaseSecret From(ReadOnlySpan<byte> bytes) =>
        bytes.Length == Length ? new(bytes.ToArray()) : throw new ArgumentException($"A phase's secret has {Length} bytes.", nameof(bytes));

    /// <inheritdoc cref="From(ReadOnlySpan{byte})"/>
    public static PhaseSecret From(string hex) => From(Convert.FromHexString(hex));

    /// <summary>The secret as 64 lower-case hexadecimal digits. Not for logs.</summary>
    public string Reveal() => Convert.ToHexStringLower(_bytes);

    /// <summary>SHA-256 of the secret's bytes, as 64 lower-case hexadecimal digits.</summary>
    public string Commitment() => Convert.ToHexStringLower(SHA256.HashData(_bytes));

    /// <summary>
    /// The seed of an episode: the first four bytes, big-endian, without the top bit, of
    /// HMAC-SHA256(secret, phase id, line feed, scenario, line feed, index), ids and index as decimal text, all UTF-8.
    /// 31 bits, because Gymnasium wants a non-negative integer and every language and random generator takes this one.
    /// </summary>
    /// <param name="phaseId">The phase; its codename or id, but always the same.</param>
    /// <param name="scenario">The scenario's name.</param>
    /// <param name="index">The episode's number within the scenario, from 0.</param>
    public int Seed(string phaseId, string scenario, int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        var message = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{phaseId}\n{scenario}\n{index}"));
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_bytes, message, hash);
        return (int)(BinaryPrimitives.ReadUInt32BigEndian(hash) & int.MaxValue);
    }

    /// <summary>Nothing of the secret.</summary>
    public override string ToString() => $"commitment {Commitment()}";
}
