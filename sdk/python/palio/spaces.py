"""Observation and action spaces, with Gymnasium's meaning and names (docs/protocol.md part 2).

An environment may use these or Gymnasium's own; an agent is handed these.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Dict as Mapping, List, Optional, Sequence as Many, Tuple as Pair, Union

if TYPE_CHECKING:
    import random

__all__ = ["Box", "Dict", "Discrete", "MultiBinary", "MultiDiscrete", "Sequence", "Space", "Text", "Tuple"]

Number = Union[int, float]

INTEGERS = {
    "bool": (0, 1),
    "int8": (-(1 << 7), (1 << 7) - 1), "int16": (-(1 << 15), (1 << 15) - 1),
    "int32": (-(1 << 31), (1 << 31) - 1), "int64": (-(1 << 63), (1 << 63) - 1),
    "uint8": (0, (1 << 8) - 1), "uint16": (0, (1 << 16) - 1), "uint32": (0, (1 << 32) - 1), "uint64": (0, (1 << 64) - 1),
}
FLOATS = ("float16", "float32", "float64")


class Space:
    """What all spaces have: the JSON they are declared as, and random members."""

    def to_json(self) -> Mapping[str, Any]:
        """The declaration sent to the referee."""
        raise NotImplementedError

    def sample(self, rng: Optional[random.Random] = None) -> Any:
        """A random member; lists where Gymnasium has arrays."""
        if rng is None:
            # A slow import, and only who samples needs it; the module has the functions of a generator of its own.
            import random

            rng = random  # type: ignore[assignment]
        return self._sample(rng)

    def _sample(self, rng: random.Random) -> Any:
        raise NotImplementedError

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Space) and self.to_json() == other.to_json()

    def __hash__(self) -> int:
        return hash(repr(self))

    def __repr__(self) -> str:
        keys = ", ".join(f"{key}={value!r}" for key, value in self.to_json().items() if key != "type")
        return f"{type(self).__name__}({keys})"


class Box(Space):
    """An array of numbers between bounds. `low` and `high`: one number, or one for each element (nested or flat)."""

    def __init__(self, low: Any = None, high: Any = None, shape: Optional[Many[int]] = None, dtype: Any = "float32") -> None:
        self.dtype = dtype_name(dtype)
        low, high = plain(low), plain(high)
        if shape is None:
            shape = shape_of(low if isinstance(low, (list, tuple)) else high)
        self.shape = check_shape(shape)
        self.low = self._bounds(low, -math.inf)
        self.high = self._bounds(high, math.inf)
        if any(one > other for one, other in zip(self._each(self.low), self._each(self.high))):
            raise ValueError("low must not be above high")

    def _bounds(self, given: Any, unbounded: float) -> Union[Number, List[Number]]:
        """One number if all are equal, else a flat list."""
        integers = INTEGERS.get(self.dtype)
        if given is None:
            return unbounded if integers is None else integers[unbounded > 0]
        flat = [self._number(value, integers) for value in flatten(given)]
        if len(flat) not in (1, math.prod(self.shape)):
            raise ValueError(f"{len(flat)} bounds for a shape of {list(self.shape)}: give one, or one for each element")
        return flat[0] if all(value == flat[0] for value in flat) else flat

    def _number(self, value: Any, integers: Optional[Pair[int, int]]) -> Number:
        if isinstance(value, str):
            value = {"inf": math.inf, "-inf": -math.inf}.get(value, math.nan)
        if value != value:
            raise ValueError("a bound must be a number")
        if integers is None:
            return float(value)
        if abs(value) == math.inf:
            return integers[value > 0]
        if int(value) != value or not integers[0] <= value <= integers[1]:
            raise ValueError(f"{value} is no {self.dtype}")
        return int(value)

    def _each(self, bounds: Any) -> List[Number]:
        return bounds if isinstance(bounds, list) else [bounds] * math.prod(self.shape)

    def to_json(self) -> Mapping[str, Any]:
        return {"type": "Box", "dtype": self.dtype, "shape": list(self.shape), "low": _json(self.low), "high": _json(self.high)}

    def _sample(self, rng: random.Random) -> Any:
        return nest([self._draw(rng, low, high) for low, high in zip(self._each(self.low), self._each(self.high))], self.shape)

    def _draw(self, rng: random.Random, low: Number, high: Number) -> Number:
        if self.dtype not in FLOATS:
            return rng.randint(int(low), int(high))
        if low == -math.inf:
            return rng.gauss(0, 1) if high == math.inf else high - rng.expovariate(1)
        return low + rng.expovariate(1) if high == math.inf else min(max(rng.uniform(low, high), low), high)


class Discrete(Space):
    """The whole numbers from `start` to `start + n - 1`."""

    def __init__(self, n: int, start: int = 0) -> None:
        self.n = check_count(n)
        self.start = int(start)

    def to_json(self) -> Mapping[str, Any]:
        return {"type": "Discrete", "n": self.n, **({"start": self.start} if self.start else {})}

    def _sample(self, rng: random.Random) -> int:
        return self.start + rng.randrange(self.n)


class MultiDiscrete(Space):
    """An array of whole numbers, element i from `start[i]` to `start[i] + nvec[i] - 1`."""

    def __init__(self, nvec: Any, start: Any = None, shape: Optional[Many[int]] = None, dtype: Any = "int64") -> None:
        nvec = plain(nvec)
        self.shape = check_shape(shape_of(nvec) if shape is None else shape)
        self.nvec = [check_count(n) for n in flatten(nvec)]
        self.start = [0] * len(self.nvec) if start is None else [int(value) for value in flatten(plain(start))]
        self.dtype = dtype_name(dtype)
        if len(self.nvec) != math.prod(self.shape) or len(self.start) != len(self.nvec):
            raise ValueError("nvec, start and shape must have equally many elements")

    def to_json(self) -> Mapping[str, Any]:
        value: Mapping[str, Any] = {"type": "MultiDiscrete", "nvec": self.nvec}
        if self.shape != (len(self.nvec),):
            value["shape"] = list(self.shape)
        if any(self.start):
            value["start"] = self.start
        return value

    def _sample(self, rng: random.Random) -> Any:
        return nest([start + rng.randrange(n) for n, start in zip(self.nvec, self.start)], self.shape)


class MultiBinary(Space):
    """An array of zeros and ones."""

    def __init__(self, n: Any) -> None:
        n = plain(n)
        self.shape = check_shape(n if isinstance(n, (list, tuple)) else (n,))

    def to_json(self) -> Mapping[str, Any]:
        return {"type": "MultiBinary", "shape": list(self.shape)}

    def _sample(self, rng: random.Random) -> Any:
        return nest([rng.randrange(2) for _ in range(math.prod(self.shape))], self.shape)


class Text(Space):
    """Text of `min_length` to `max_length` characters, all of them in `charset` if one is given."""

    def __init__(self, max_length: int, *, min_length: int = 1, charset: Optional[str] = None) -> None:
        self.max_length = int(max_length)
        self.min_length = int(min_length)
        self.charset = charset
        if not 0 <= self.min_length <= self.max_length:
            raise ValueError("0 <= min_length <= max_length must hold")

    def to_json(self) -> Mapping[str, Any]:
        value: Mapping[str, Any] = {"type": "Text", "max_length": self.max_length}
        if self.min_length != 1:
            value["min_length"] = self.min_length
        if self.charset is not None:
            value["charset"] = self.charset
        return value

    def _sample(self, rng: random.Random) -> str:
        letters = self.charset or "abcdefghijklmnopqrstuvwxyz"
        return "".join(rng.choice(letters) for _ in range(rng.randint(self.min_length, self.max_length)))


class Dict(Space):
    """Named spaces. Values are `dict`s."""

    def __init__(self, spaces: Any = None, **more: Any) -> None:
        named = {**dict(spaces or {}), **more}
        self.spaces = {name: from_gymnasium(named[name]) for name in sorted(named)}
        if not self.spaces or not all(isinstance(name, str) and 1 <= len(name) <= 200 for name in self.spaces):
            raise ValueError("a Dict needs members, with names of 1 to 200 characters")

    def to_json(self) -> Mapping[str, Any]:
        return {"type": "Dict", "spaces": {name: space.to_json() for name, space in self.spaces.items()}}

    def _sample(self, rng: random.Random) -> Mapping[str, Any]:
        return {name: space.sample(rng) for name, space in self.spaces.items()}

    def __getitem__(self, name: str) -> Space:
        return self.spaces[name]


class Tuple(Space):
    """Spaces in an order. Values are `tuple`s."""

    def __init__(self, spaces: Many[Any]) -> None:
        self.spaces = [from_gymnasium(space) for space in spaces]
        if not self.spaces:
            raise ValueError("a Tuple needs members")

    def to_json(self) -> Mapping[str, Any]:
        return {"type": "Tuple", "spaces": [space.to_json() for space in self.spaces]}

    def _sample(self, rng: random.Random) -> Any:
        return tuple(space.sample(rng) for space in self.spaces)

    def __getitem__(self, index: int) -> Space:
        return self.spaces[index]


class Sequence(Space):
    """Any number of elements of one space. Values are `tuple`s."""

    def __init__(self, space: Any, *, max_length: int = 65536) -> None:
        self.space = from_gymnasium(space)
        self.max_length = int(max_length)
        if self.max_length < 0:
            raise ValueError("max_length must not be negative")

    def to_json(self) -> Mapping[str, Any]:
        value: Mapping[str, Any] = {"type": "Sequence", "space": self.space.to_json()}
        if self.max_length != 65536:
            value["max_length"] = self.max_length
        return value

    def _sample(self, rng: random.Random) -> Any:
        return tuple(self.space.sample(rng) for _ in range(rng.randint(0, min(8, self.max_length))))


def from_gymnasium(space: Any) -> Space:
    """The same space in Palio's classes; Gymnasium's are known by their names, so that it need not be installed."""
    if isinstance(space, Space):
        return space
    for kind in type(space).__mro__:
        if kind.__name__ in _FROM_GYMNASIUM:
            return _FROM_GYMNASIUM[kind.__name__](space)
    raise TypeError(
        f"{type(space).__name__} is no space that Palio can play; it knows {', '.join(_FROM_GYMNASIUM)}")


_FROM_GYMNASIUM = {
    "Box": lambda s: Box(s.low, s.high, s.shape, s.dtype),
    "Discrete": lambda s: Discrete(int(s.n), int(getattr(s, "start", 0))),
    "MultiDiscrete": lambda s: MultiDiscrete(s.nvec, getattr(s, "start", None), dtype=s.dtype),
    "MultiBinary": lambda s: MultiBinary(s.shape),
    "Text": lambda s: Text(s.max_length, min_length=s.min_length, charset="".join(sorted(s.character_set))),
    "Dict": lambda s: Dict(dict(s.spaces)),
    "Tuple": lambda s: Tuple(s.spaces),
    "Sequence": lambda s: Sequence(s.feature_space),
}


def from_json(value: Any, depth: int = 1) -> Space:
    """A space from its declaration. Raises `ValueError` for anything that is none."""
    if depth > 16:
        raise ValueError("a space more than 16 levels deep")
    try:
        return _FROM_JSON[value["type"]](value, depth)
    except (KeyError, TypeError, AttributeError, OverflowError) as error:
        raise ValueError(f"no space: {type(error).__name__}: {error}") from None


_FROM_JSON = {
    "Box": lambda v, _: Box(v.get("low"), v.get("high"), v["shape"], v["dtype"]),
    "Discrete": lambda v, _: Discrete(v["n"], v.get("start", 0)),
    "MultiDiscrete": lambda v, _: MultiDiscrete(v["nvec"], v.get("start"), v.get("shape")),
    "MultiBinary": lambda v, _: MultiBinary(v["shape"]),
    "Text": lambda v, _: Text(v["max_length"], min_length=v.get("min_length", 1), charset=v.get("charset")),
    "Dict": lambda v, depth: Dict({name: from_json(one, depth + 1) for name, one in v["spaces"].items()}),
    "Tuple": lambda v, depth: Tuple([from_json(one, depth + 1) for one in v["spaces"]]),
    "Sequence": lambda v, depth: Sequence(from_json(v["space"], depth + 1), max_length=v.get("max_length", 65536)),
}


def dtype_name(dtype: Any) -> str:
    """`float32` for "float32", `float`-like classes and NumPy's types and dtypes."""
    name = str(getattr(dtype, "name", None) or getattr(dtype, "__name__", None) or dtype)
    name = {"int": "int64", "float": "float64", "bool_": "bool"}.get(name, name)
    if name not in INTEGERS and name not in FLOATS:
        raise ValueError(f"dtype {name!r}; known are {', '.join([*INTEGERS, *FLOATS])}")
    return name


def check_shape(shape: Many[int]) -> Pair[int, ...]:
    """A shape as a tuple of 0 to 8 positive whole numbers."""
    whole = tuple(int(size) for size in shape)
    if len(whole) > 8 or any(size < 1 for size in whole) or math.prod(whole) > 1 << 26:
        raise ValueError(f"shape {list(whole)}: 0 to 8 dimensions of at least 1, 64 Mi elements at most")
    return whole


def check_count(n: Any) -> int:
    """The n of a Discrete."""
    if not 1 <= int(n) < 1 << 63:
        raise ValueError(f"n is {n}; it must be 1 to 2^63-1")
    return int(n)


def plain(value: Any) -> Any:
    """NumPy arrays and scalars as lists and numbers."""
    return value.tolist() if hasattr(value, "tolist") else value


def shape_of(value: Any) -> Pair[int, ...]:
    """The shape of nested lists."""
    shape: List[int] = []
    while isinstance(value, (list, tuple)):
        shape.append(len(value))
        value = value[0] if value else None
    return tuple(shape)


def flatten(value: Any) -> List[Any]:
    """Nested lists as one flat list, row-major."""
    if not isinstance(value, (list, tuple)):
        return [value]
    return [leaf for part in value for leaf in flatten(part)] if value and isinstance(value[0], (list, tuple)) else list(value)


def nest(flat: Any, shape: Pair[int, ...]) -> Any:
    """A flat list as nested lists of this shape; a number for the shape ()."""
    if not shape:
        return flat[0]
    for size in reversed(shape[1:]):
        flat = [list(flat[at:at + size]) for at in range(0, len(flat), size)]
    return list(flat)


def _json(bounds: Any) -> Any:
    if isinstance(bounds, list):
        return [_json(value) for value in bounds]
    return bounds if abs(bounds) != math.inf else ("inf" if bounds > 0 else "-inf")
