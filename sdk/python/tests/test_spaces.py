import json
import math
import unittest

from tests.test_values import SPACES
from palio import spaces


class SpaceTests(unittest.TestCase):
    def test_json_is_read_back_as_the_same_space(self):
        for space in SPACES:
            with self.subTest(space=space):
                text = json.dumps(space.to_json(), allow_nan=False)
                self.assertEqual(spaces.from_json(json.loads(text)), space)

    def test_bounds_are_as_short_as_they_can_be(self):
        self.assertEqual(
            spaces.Box([-4.8, -math.inf], [4.8, math.inf]).to_json(),
            {"type": "Box", "dtype": "float32", "shape": [2], "low": [-4.8, "-inf"], "high": [4.8, "inf"]})
        self.assertEqual(spaces.Box([0, 0], 255, dtype="uint8").to_json()["low"], 0)
        self.assertEqual(spaces.Box(shape=(1,), dtype="int8").to_json()["high"], 127)

    def test_dict_members_are_in_the_order_of_their_code_points(self):
        space = spaces.Dict({"é": spaces.Discrete(2), "b": spaces.Discrete(3), "Z": spaces.Discrete(4), "𝄞": spaces.Discrete(5)})
        self.assertEqual(list(space.spaces), ["Z", "b", "é", "𝄞"])

    def test_what_is_no_space_is_refused(self):
        deep = {"type": "Discrete", "n": 2}
        for _ in range(17):
            deep = {"type": "Tuple", "spaces": [deep]}
        for value in (
            None, [], {}, {"type": "Graph"}, {"type": "Box", "dtype": "float32"}, {"type": "Box", "dtype": "complex64", "shape": [1]},
            {"type": "Box", "dtype": "float32", "shape": [0]}, {"type": "Box", "dtype": "float32", "shape": [1] * 9},
            {"type": "Box", "dtype": "float32", "shape": [99999, 99999]}, {"type": "Box", "dtype": "int8", "shape": [1], "high": 300},
            {"type": "Box", "dtype": "float32", "shape": [1], "low": "nan"}, {"type": "Box", "dtype": "float32", "shape": [1], "low": 2, "high": 1},
            {"type": "Box", "dtype": "float32", "shape": [3], "low": [1, 2]}, {"type": "Discrete", "n": 0}, {"type": "Discrete", "n": 1 << 63},
            {"type": "Discrete", "n": math.inf}, {"type": "MultiDiscrete", "nvec": [2, 2], "start": [1]}, {"type": "Text", "max_length": -1},
            {"type": "Dict", "spaces": {}}, {"type": "Dict", "spaces": []}, {"type": "Tuple", "spaces": []}, {"type": "Sequence", "space": 1}, deep,
        ):
            with self.subTest(value=str(value)[:80]), self.assertRaises(ValueError):
                spaces.from_json(value)

    def test_gymnasiums_spaces_are_known_by_name(self):
        class Box:
            low, high, shape, dtype = [-1.0, -1.0], [1.0, math.inf], (2,), "float32"

        class Discrete:
            n, start = 4, 1

        class Mine(Discrete):
            pass

        class Text:
            max_length, min_length, character_set = 5, 1, frozenset("ba")

        class Dict:
            spaces = {"z": Box(), "a": Mine()}

        class Sequence:
            feature_space = Discrete()

        self.assertEqual(spaces.from_gymnasium(Dict()), spaces.Dict(
            z=spaces.Box([-1, -1], [1, math.inf]), a=spaces.Discrete(4, start=1)))
        self.assertEqual(spaces.from_gymnasium(Text()), spaces.Text(5, charset="ab"))
        self.assertEqual(spaces.from_gymnasium(Sequence()), spaces.Sequence(spaces.Discrete(4, start=1)))
        with self.assertRaisesRegex(TypeError, "object is no space that Palio can play"):
            spaces.from_gymnasium(object())


if __name__ == "__main__":
    unittest.main()
