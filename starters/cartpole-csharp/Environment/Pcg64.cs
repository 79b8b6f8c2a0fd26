using System.Numerics;

namespace CartPole.Environment;

/// <summary>
/// NumPy's default random numbers: PCG64 (M. O'Neill, pcg-random.org) seeded by NumPy's SeedSequence, so that equal seeds give the episodes
/// that Gymnasium gives.
/// </summary>
public sealed class Pcg64
{
    private static readonly UInt128 Multiplier = new(0x2360ED051FC65DA4, 0x4385DF649FCCF645);

    private readonly UInt128 _increment;
    private UInt128 _state;

    /// <summary>The generator that <c>numpy.random.default_rng(seed)</c> makes.</summary>
    public Pcg64(ulong seed)
    {
        var words = SeedWords(seed);
        // 64-bit words are two 32-bit ones, low first; 128-bit numbers are two 64-bit ones, high first.
        ulong Word(int at) => words[at] | ((ulong)words[at + 1] << 32);
        _increment = (new UInt128(Word(4), Word(6)) << 1) | 1;
        Advance();
        _state += new UInt128(Word(0), Word(2));
        Advance();
    }

    /// <summary>The next 64 random bits.</summary>
    public ulong Next64()
    {
        Advance();
        return BitOperations.RotateRight((ulong)(_state >> 64) ^ (ulong)_state, (int)(_state >> 122));
    }

    /// <summary>A number from <paramref name="low"/> up to, but not including, <paramref name="high"/>.</summary>
    public double Uniform(double low, double high) => low + ((high - low) * ((Next64() >> 11) * (1.0 / (1UL << 53))));

    private void Advance() => _state = (_state * Multiplier) + _increment;

    private static uint[] SeedWords(ulong seed)
    {
        Span<uint> pool = [(uint)seed, (uint)(seed >> 32), 0, 0];
        var spread = 0x43B0D7E5u;
        for (var at = 0; at < pool.Length; at++)
        {
            pool[at] = Spread(pool[at], ref spread, 0x931E8875);
        }

        for (var source = 0; source < pool.Length; source++)
        {
            for (var target = 0; target < pool.Length; target++)
            {
                if (source != target)
                {
                    pool[target] = Mix(pool[target], Spread(pool[source], ref spread, 0x931E8875));
                }
            }
        }

        spread = 0x8B51F9DD;
        var words = new uint[8];
        for (var at = 0; at < words.Length; at++)
        {
            words[at] = Spread(pool[at % pool.Length], ref spread, 0x58F38DED);
        }

        return words;
    }

    private static uint Spread(uint value, ref uint constant, uint multiplier)
    {
        value ^= constant;
        constant *= multiplier;
        value *= constant;
        return value ^ (value >> 16);
    }

    private static uint Mix(uint one, uint other)
    {
        var value = (0xCA01F9DD * one) - (0x4973F715 * other);
        return value ^ (value >> 16);
    }
}
