import math
import random
import struct
import unittest

from tests import referee  # noqa: F401  (finds the package)
from palio import spaces, values
from palio.errors import InvalidValue

SPACES = [
    *[spaces.Box(shape=(2, 3), dtype=dtype) for dtype in [*spaces.INTEGERS, *spaces.FLOATS]],
    spaces.Box(-1, 1, ()),
    spaces.Box(0, 255, (84, 84, 4), "uint8"),
    spaces.Box([-1, -math.inf], [1, math.inf]),
    spaces.Discrete(5),
    spaces.Discrete(5, start=-2),
    spaces.MultiDiscrete([3, 4, 5]),
    spaces.MultiDiscrete([[3, 4], [5, 6]], start=[[1, 0], [0, -1]]),
    spaces.MultiBinary(4),
    spaces.MultiBinary([2, 2]),
    spaces.Text(12, min_length=0, charset="abß€𝄞"),
    spaces.Dict({"b": spaces.Discrete(2), "a": spaces.Tuple([spaces.Text(3), spaces.MultiBinary(2)])}),
    spaces.Sequence(spaces.Box(0, 1, (2,)), max_length=9),
    spaces.Sequence(spaces.Dict(kind=spaces.Text(4), at=spaces.Box(-9, 9, (), "int16"))),
]


def plain(value):
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items()}
    value = spaces.plain(value)
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    return round(value, 2) if isinstance(value, float) and abs(value) < 1e6 else value


def decode(decode_one, payload):
    """The value of a payload: by itself, and the same where it stands in a connection's buffer, twice."""
    buffer = memoryview(bytes(32) + bytes(payload) + b"\xff" * 64)
    alone = values.decode(decode_one, memoryview(bytes(payload)), 0, len(payload))
    among = [values.decode(decode_one, buffer, 32, len(payload)) for _ in range(2)]
    assert plain(alone) == plain(among[0]) == plain(among[1])
    return alone


def without_numpy(test):
    """Runs the test both with NumPy (if it is here) and without."""
    def run(self):
        test(self)
        kept, values.np = values.np, None
        try:
            test(self)
        finally:
            values.np = kept
    return run


class ValueTests(unittest.TestCase):
    @without_numpy
    def test_members_survive_the_round_trip(self):
        rng = random.Random(7)
        for space in SPACES:
            with self.subTest(space=space):
                encode, decode_one = values.encoder(space), values.decoder(space)
                for _ in range(3):
                    value = space.sample(rng)
                    data = memoryview(bytes(values.encoder(space)(value)))
                    back = decode(decode_one, data)
                    self.assertEqual(bytes(encode(back)), bytes(data))
                    if getattr(space, "dtype", "") != "float16":
                        self.assertEqual(plain(back), plain(value))

    @without_numpy
    def test_layout_is_little_endian_and_row_major(self):
        def encoded(space, value):
            return bytes(values.encoder(space)(value))

        self.assertEqual(encoded(spaces.Box(shape=(2, 2), dtype="uint16"), [[1, 2], [3, 258]]), b"\1\0\2\0\3\0\2\1")
        self.assertEqual(encoded(spaces.Discrete(3), 2), struct.pack("<q", 2))
        self.assertEqual(encoded(spaces.MultiBinary(3), [1, 0, 1]), b"\1\0\1")
        self.assertEqual(encoded(spaces.Text(4), "ß"), b"\2\0\0\0\xc3\x9f")
        self.assertEqual(encoded(spaces.Dict(b=spaces.MultiBinary(1), a=spaces.MultiBinary(2)), {"b": [1], "a": [0, 1]}), b"\0\1\1")
        self.assertEqual(encoded(spaces.Sequence(spaces.MultiBinary(1)), [[1], [0]]), b"\2\0\0\0\1\0")

    @without_numpy
    def test_values_that_fit_nowhere_are_refused_with_expected_and_got(self):
        vector, pair = spaces.Box(shape=(2,)), spaces.Dict(a=spaces.Discrete(2), b=spaces.Tuple([spaces.Box(shape=(2,))]))
        for space, value, said in [
            (spaces.Discrete(2), 0.5, "expected a whole number, got float 0.5"),
            (spaces.Discrete(2), "1", "expected a whole number"),
            (spaces.Discrete(2), None, "expected a whole number"),
            (spaces.Discrete(2), 1 << 63, "64 bits"),
            (vector, [1, 2, 3], "expected shape [2], got [3]"),
            (vector, 1.0, "expected shape [2], got []"),
            (vector, ["a", "b"], "float32"),
            (vector, b"1234", "expected 8 bytes, got 4"),
            (spaces.Box(shape=(2,), dtype="uint8"), [1, 300], "uint8"),
            (spaces.Box(shape=(2,), dtype="uint8"), [1, 0.5], "uint8"),
            (spaces.Text(4), 7, "expected text, got int 7"),
            (spaces.Text(4), "\ud800", "UTF-8"),
            (pair, {"a": 1}, "exactly ['a', 'b'], got ['a']"),
            (pair, {"a": 1, "b": ([1],)}, "['b'][0]: expected shape [2], got [1]"),
            (pair, [1, 2], "expected a dict"),
            (spaces.Sequence(vector), 5, "expected a sequence"),
        ]:
            with self.subTest(space=space, value=value), self.assertRaises(InvalidValue) as caught:
                values.encoder(space)(value)
            self.assertIn(said, str(caught.exception))

    @without_numpy
    def test_numbers_out_of_bounds_are_left_to_the_referee(self):
        self.assertEqual(values.encoder(spaces.Discrete(2))(7), struct.pack("<q", 7))
        self.assertEqual(bytes(values.encoder(spaces.Box(0, 1, (1,)))([math.nan]))[2:], b"\xc0\x7f")

    @without_numpy
    def test_one_number_stands_for_an_array_of_one(self):
        box = values.encoder(spaces.Box(-2, 2, (1,)))
        self.assertEqual(bytes(box(1.5)), bytes(box([1.5])))

    @without_numpy
    def test_payload_of_another_length_is_refused(self):
        for space in SPACES:
            data = bytes(values.encoder(space)(space.sample(random.Random(1))))
            for wrong in (data[:-1], data + b"\0"):
                with self.subTest(space=space, size=len(wrong)), self.assertRaises(ValueError):
                    decode(values.decoder(space), wrong)

    @without_numpy
    def test_hostile_counts_are_refused_at_once(self):
        for space in (spaces.Text(9), spaces.Sequence(spaces.Discrete(2)), spaces.Sequence(spaces.Text(2), max_length=10 ** 9)):
            with self.subTest(space=space), self.assertRaises(ValueError):
                decode(values.decoder(space), b"\xff\xff\xff\xff" + bytes(8))

    def test_large_arrays_in_any_order_are_the_same_bytes(self):
        np = values.np
        if np is None:
            return
        for dtype in ("uint8", "bool", "float16", "float64"):
            array = np.arange(64 * 65, dtype="uint8").reshape(64, 65).astype(dtype)
            encode = values.encoder(spaces.Box(shape=(64, 65), dtype=dtype))
            for same in (array, np.asfortranarray(array), np.repeat(array, 2, 1)[:, ::2], array.astype(array.dtype.newbyteorder(">"))):
                self.assertEqual(bytes(encode(same)), array.tobytes())

    def test_arrays_have_the_declared_type_and_are_the_callers_own(self):
        np = values.np
        if np is None:
            # Without NumPy there are no arrays; all other tests cover lists.
            return
        buffer = bytearray(struct.pack("<4f", 1, 2, 3, 4))
        box = spaces.Box(shape=(2, 2))
        own, _ = values.decoder(box)(memoryview(buffer), 0)
        view, _ = values.decoder(box, copy=False)(memoryview(buffer), 0)
        buffer[:] = bytes(16)
        self.assertEqual((own.dtype, own.shape, own.tolist()), (np.float32, (2, 2), [[1, 2], [3, 4]]))
        self.assertEqual(view.tolist(), [[0, 0], [0, 0]])
        self.assertTrue(own.flags.writeable)
        self.assertFalse(view.flags.writeable)
        self.assertEqual(values.encoder(spaces.Discrete(2))(np.int64(1)), values.encoder(spaces.Discrete(2))(np.array([1])))
        large = np.asfortranarray(np.arange(84 * 84, dtype=np.uint8).reshape(84, 84))
        image = spaces.Box(0, 255, (84, 84), "uint8")
        self.assertEqual(bytes(values.encoder(image)(large)), large.tobytes())
        self.assertEqual(bytes(values.encoder(image)(large.astype(np.int64))), large.tobytes())


if __name__ == "__main__":
    unittest.main()
