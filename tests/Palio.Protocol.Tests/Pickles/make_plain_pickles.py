"""Writes plain-pickles.txt: what NumPy and Python pickle in every protocol. Run with a NumPy 1.x: python3 make_plain_pickles.py > plain-pickles.txt"""
import base64
import collections
import pickle
import sys

import numpy as np

out = []


def case(name, value, protos=range(6)):
    """Pickles a value in each protocol."""
    for p in protos:
        out.append((f"{name}/p{p}", base64.b64encode(pickle.dumps(value, p)).decode()))


case("none", None)
case("bools", [True, False])
case("ints", [0, 1, -1, 255, 256, 65535, 65536, -2**31, 2**31, 2**63, -2**63, 2**100, -2**200])
case("floats", [0.0, -1.5, 1e300, float('inf'), float('-inf'), float('nan'), 5e-324])
case("texts", ["", "abc", "é€😀", "a\nb\\c\0d\r\x1a", "x"*300])
case("bytes", [b"", b"abc", bytes(range(256))])
case("bytearray", [bytearray(b""), bytearray(b"abc\xff")])
case("tuples", [(), (1, ), (1, 2), (1, 2, 3), (1, 2, 3, 4), ((), ((), ))])
case("dicts", {"a":1, 2:[3], (1, 2):{"x":None}, None:True, 1.5:b"k"})
case("sets", [set(), {1, 2}, frozenset(), frozenset(["a", (1, 2)])])
case("ordered", collections.OrderedDict([("b", 1), ("a", [2])]))
case("complex", [1+2j, complex(0, -1)])
case("longlist", list(range(2500)), [2, 4])
x = [1, 2]
case("shared", [x, x, (x, x), {"a":x}])
codes = ["?", "b", "B", "h", "H", "i", "I", "l", "L", "e", "f", "d", "g", "F", "D", "G"]
for c in codes:
    case(f"array-{np.dtype(c).name}", np.arange(6).reshape(2, 3).astype(c))
    case(f"scalar-{np.dtype(c).name}", np.dtype(c).type(1))
    case(f"big-{np.dtype(c).name}", np.arange(3).astype(np.dtype(c).newbyteorder(">")), [0, 2, 4, 5])
case("array-0d", np.array(3.5))
case("array-empty", np.zeros((0, 3)))
case("array-3d", np.zeros((2, 3, 4), np.uint8))
case("array-fortran", np.asfortranarray(np.arange(6.).reshape(2, 3)))
case("array-strided", np.arange(10)[::2])
ro = np.arange(4)
ro.flags.writeable = False
case("array-readonly", ro)
case("array-str", np.array(["a", "bcd", ""]))
case("array-bytes", np.array([b"a", b"bcd"]))
case("array-void", np.array([b"abc"], "V3"))
case("scalar-str", [np.str_("abc"), np.bytes_(b"xyz"), np.void(b"abc"), np.str_("")])
case("array-datetime", np.array(["2020-01-01", "NaT"], "M8[ns]"))
case("array-timedelta", np.array([1, 2], "m8[3D]"))
case("array-generic-m8", np.array([1, 2], "m8"))
case("scalar-datetime", [np.datetime64("2020-01-01"), np.timedelta64(3, "us"), np.datetime64("NaT")])
case("array-object", np.array([1, "a", None, [2]], object))
case("array-object-2d", np.array([[1, 2], [3, "x"]], object))
case("array-object-0d", np.array({"a":1}, object))
rec = np.dtype([("a", "i4"), ("b", "f8", (2, )), ("c", "S3")])
case("array-record", np.zeros(3, rec))
case("scalar-record", np.zeros(1, rec)[0])
al = np.dtype([("a", "i1"), ("b", "f8"), ("u", "U2")], align=True)
case("array-record-aligned", np.zeros(2, al))
nest = np.dtype([("in", [("x", "f4"), ("y", "f4")]), ("t", "M8[s]")])
case("array-record-nested", np.zeros((1, 2), nest))
tit = np.dtype([(("Title", "a"), "i4"), ("b", "i2")])
case("array-record-title", np.zeros(2, tit))
obs = np.array([0.01, -0.02, 0.03, 0.04], np.float32)
case("starter-feedback", {"feedback": (obs, 1.0, False, {}), "current_score": 3})
case("starter-feedback-new", {"feedback": (obs.astype(float), 1.0, np.bool_(True), {"TimeLimit.truncated": False, "episode": {"r": np.float64(3), "l": 4}}), "current_score": 3, "all_complete": False})
case("gymnasium-step", (np.zeros((8, 8, 3), np.uint8), np.float32(1), False, True, {"final_observation": np.array([obs, None], object), "_mask": np.array([True, False])}))
case("gym-dict-observation", {"achieved": obs, "desired": obs, "image": np.zeros((4, 4, 3), np.uint8), "text": "go left", "discrete": np.int64(3), "multi": np.array([1, 0], np.int8)})
case("action-space", [0, 1])
case("action-multi", (np.int64(1), np.array([0.5], np.float32)))
case("two-arrays-one-type", [obs, obs+1, np.float32(2)])

# NumPy 2 says numpy._core where NumPy 1 says numpy.core.
import numpy.core.multiarray as multiarray
import numpy.core.numeric as numeric

sys.modules["numpy._core.multiarray"] = multiarray
sys.modules["numpy._core.numeric"] = numeric
multiarray._reconstruct.__module__ = "numpy._core.multiarray"
multiarray.scalar.__module__ = "numpy._core.multiarray"
numeric._frombuffer.__module__ = "numpy._core.numeric"
case("numpy2-feedback", {"feedback": (obs, np.float64(1), False, {})}, [2, 3, 4, 5])
for n, h in out:
    print(n, h)
