"""NumPy's default random numbers without NumPy: PCG64 seeded by SeedSequence, so that equal seeds give Gymnasium's episodes.

PCG: M. O'Neill, "PCG: A Family of Simple Fast Space-Efficient Statistically Good Algorithms" (pcg-random.org).
Seeding: the algorithm described in NumPy's documentation of SeedSequence.
"""

_MASK32 = (1 << 32) - 1
_MASK64 = (1 << 64) - 1
_MASK128 = (1 << 128) - 1
_MULTIPLIER = 0x2360ED051FC65DA44385DF649FCCF645


class Pcg64:
    """Random numbers from a seed of any size, as `numpy.random.default_rng(seed)` makes them."""

    def __init__(self, seed):
        words = _seed_words(seed)
        # 64-bit words are two 32-bit ones, low first; 128-bit numbers are two 64-bit ones, high first.
        high, low, stream_high, stream_low = [words[at] | words[at + 1] << 32 for at in (0, 2, 4, 6)]
        self._increment = (((stream_high << 64 | stream_low) << 1) | 1) & _MASK128
        self._state = 0
        self._advance()
        self._state = (self._state + (high << 64 | low)) & _MASK128
        self._advance()

    def next64(self):
        """The next 64 random bits."""
        self._advance()
        state = self._state
        value = (state >> 64 ^ state) & _MASK64
        turn = state >> 122
        return (value >> turn | value << (-turn & 63)) & _MASK64

    def uniform(self, low, high):
        """A number from `low` up to, but not including, `high`."""
        return low + (high - low) * ((self.next64() >> 11) * 2.0**-53)

    def _advance(self):
        self._state = (self._state * _MULTIPLIER + self._increment) & _MASK128


def _seed_words(seed):
    """Eight well mixed 32-bit words from a whole number."""
    entropy = [seed >> shift & _MASK32 for shift in range(0, max(seed.bit_length(), 1), 32)]
    constant = 0x43B0D7E5

    def spread(value):
        nonlocal constant
        value ^= constant
        constant = constant * 0x931E8875 & _MASK32
        value = value * constant & _MASK32
        return value ^ value >> 16

    def mix(one, other):
        value = (0xCA01F9DD * one - 0x4973F715 * other) & _MASK32
        return value ^ value >> 16

    pool = [spread(entropy[at] if at < len(entropy) else 0) for at in range(4)]
    for source in range(4):
        for target in range(4):
            if source != target:
                pool[target] = mix(pool[target], spread(pool[source]))
    for word in entropy[4:]:
        for target in range(4):
            pool[target] = mix(pool[target], spread(word))

    words = []
    constant = 0x8B51F9DD
    for at in range(8):
        value = pool[at % 4] ^ constant
        constant = constant * 0x58F38DED & _MASK32
        value = value * constant & _MASK32
        words.append(value ^ value >> 16)
    return words
