"""Values of spaces as bytes, and back: one encoder and one decoder for a space, made once for a session.

An encoder takes a value and returns its bytes, or raises `InvalidValue`. A decoder takes a view and an offset and returns
the value and the offset behind it. Bounds are the referee's to check: only what has no bytes at all is refused here.
"""

from __future__ import annotations

import math
import operator
import struct
from typing import Any, Callable, List, Optional, Tuple, Union

from palio import spaces
from palio.errors import InvalidValue
from palio.wire import KEPT_BYTES

try:
    import numpy as np
except ImportError:
    np = None  # type: ignore[assignment]

Bytes = Union[bytes, bytearray, memoryview]
Encoder = Callable[[Any], Bytes]
Decoder = Callable[[memoryview, int], Tuple[Any, int]]

FORMATS = {
    "bool": "?", "int8": "b", "int16": "h", "int32": "i", "int64": "q", "uint8": "B", "uint16": "H", "uint32": "I",
    "uint64": "Q", "float16": "e", "float32": "f", "float64": "d",
}
# From here on a copy costs more than handing out the array's own memory.
_LARGE = 4096
_COUNT = struct.Struct("<I")


def encoder(space: spaces.Space) -> Encoder:
    """A function from members of this space to bytes."""
    if isinstance(space, spaces.Discrete):
        return _encode_discrete
    if isinstance(space, spaces.Text):
        return _encode_text
    if isinstance(space, spaces.Dict):
        return _encode_dict(space)
    if isinstance(space, spaces.Tuple):
        return _encode_tuple(space)
    if isinstance(space, spaces.Sequence):
        return _encode_sequence(space)
    dtype, shape, _ = _layout(space)
    return _encode_array(dtype, shape) if np is not None else _encode_list(dtype, shape)


def decoder(space: spaces.Space, copy: bool = True) -> Decoder:
    """A function from bytes to members of this space. Without `copy`, arrays are read-only views of the bytes."""
    if isinstance(space, spaces.Discrete):
        unpack = struct.Struct("<q").unpack_from
        return lambda view, at: (unpack(view, at)[0], at + 8)
    if isinstance(space, spaces.Text):
        return _decode_text
    if isinstance(space, spaces.Dict):
        return _decode_dict(space, copy)
    if isinstance(space, spaces.Tuple):
        members = [decoder(member, copy) for member in space.spaces]
        return lambda view, at: _decode_members(members, view, at)
    if isinstance(space, spaces.Sequence):
        return _decode_sequence(space, copy)
    dtype, shape, given = _layout(space)
    return _decode_array(dtype, shape, given, copy) if np is not None else _decode_list(dtype, shape)


def decode(decode_one: Decoder, view: memoryview, at: int, size: int) -> Any:
    """The value of the whole payload of `size` bytes that begins at `at`. Raises `ValueError` if it is shorter or longer."""
    try:
        value, end = decode_one(view, at)
    except (struct.error, ValueError) as error:
        raise ValueError(f"a payload of {size} bytes that does not fit its space: {error}") from None
    if end != at + size:
        raise ValueError(f"a payload of {size} bytes, where its space has {end - at}")
    return value


def _layout(space: Any) -> Tuple[str, Tuple[int, ...], str]:
    """Element type on the wire, shape, element type for the program."""
    if isinstance(space, spaces.Box):
        return space.dtype, space.shape, space.dtype
    if isinstance(space, spaces.MultiDiscrete):
        return "int64", space.shape, space.dtype
    return "uint8", space.shape, "int8"


def _encode_discrete(value: Any) -> bytes:
    try:
        number = operator.index(value)
    except TypeError:
        # An array or tensor with one element in it.
        item = getattr(value, "item", None)
        try:
            number = operator.index(item() if item else value)
        except (TypeError, ValueError):
            raise InvalidValue(f"expected a whole number, got {describe(value)}") from None
    try:
        return number.to_bytes(8, "little", signed=True)
    except OverflowError:
        raise InvalidValue(f"expected a whole number of 64 bits, got {number}") from None


def _encode_text(value: Any) -> bytes:
    if not isinstance(value, str):
        raise InvalidValue(f"expected text, got {describe(value)}")
    try:
        data = value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise InvalidValue(f"expected text that has UTF-8 bytes, got {error.reason}") from None
    return _COUNT.pack(len(data)) + data


def _encode_dict(space: spaces.Dict) -> Encoder:
    members = [(name, encoder(member)) for name, member in space.spaces.items()]
    names = set(space.spaces)

    def encode(value: Any) -> bytes:
        if not hasattr(value, "keys") or set(value.keys()) != names:
            got = sorted(map(str, value.keys())) if hasattr(value, "keys") else describe(value)
            raise InvalidValue(f"expected a dict with exactly {sorted(names)}, got {got}")
        return b"".join([_part(one, value[name], repr(name)) for name, one in members])

    return encode


def _encode_tuple(space: spaces.Tuple) -> Encoder:
    members = [encoder(member) for member in space.spaces]

    def encode(value: Any) -> bytes:
        if isinstance(value, (str, bytes)) or not hasattr(value, "__len__") or len(value) != len(members):
            raise InvalidValue(f"expected a tuple of {len(members)}, got {describe(value)}")
        return b"".join([_part(one, item, str(index)) for index, (one, item) in enumerate(zip(members, value))])

    return encode


def _encode_sequence(space: spaces.Sequence) -> Encoder:
    element = encoder(space.space)

    def encode(value: Any) -> bytes:
        if isinstance(value, (str, bytes, dict)) or not hasattr(value, "__len__"):
            raise InvalidValue(f"expected a sequence, got {describe(value)}")
        parts: List[Bytes] = [_COUNT.pack(len(value))]
        parts += [_part(element, item, str(index)) for index, item in enumerate(value)]
        return b"".join(parts)

    return encode


def _part(encode: Encoder, value: Any, place: str) -> Bytes:
    try:
        return encode(value)
    except InvalidValue as error:
        raise error.within(f"[{place}]") from None


def _encode_array(dtype_name: str, shape: Tuple[int, ...]) -> Encoder:
    dtype = _little(dtype_name)
    size = math.prod(shape) * dtype.itemsize
    # A short list of numbers is packed faster than it is made an array.
    pack = struct.Struct(f"<{math.prod(shape)}{FORMATS[dtype_name]}").pack if len(shape) == 1 and dtype.kind != "b" else None

    def encode(value: Any) -> Bytes:
        if pack is not None and (type(value) is list or type(value) is tuple):
            try:
                return pack(*value)
            except (struct.error, OverflowError, TypeError):
                pass
        if type(value) is not np.ndarray or (value.dtype is not dtype and value.dtype != dtype) or value.shape != shape:
            if isinstance(value, (bytes, bytearray, memoryview)):
                return _raw(value, size)
            value = _convert(value, dtype, shape)
        if size < _LARGE:
            return value.tobytes()
        try:
            return value.data.cast("B")
        except (AttributeError, TypeError, ValueError, BufferError):
            # Not in the order of the wire.
            return np.ascontiguousarray(value).reshape(-1).view(np.uint8).data

    return encode


def _little(dtype_name: str) -> Any:
    """NumPy's own type where it is little-endian already: that one is known by identity."""
    dtype = np.dtype(dtype_name)
    little = dtype.newbyteorder("<")
    return dtype if little == dtype else little


def _convert(value: Any, dtype: Any, shape: Tuple[int, ...]) -> Any:
    """What NumPy makes of it, if it has this shape and survives the change of type."""
    try:
        array = np.asarray(value)
        if array.dtype.kind == "f" and dtype.kind == "u" and all(type(one) is int for one in spaces.flatten(value)):
            # NumPy makes floats of lists of whole numbers that need all 64 bits.
            array = np.array(value, dtype=dtype)
    except Exception as error:
        raise InvalidValue(f"expected an array of {dtype.name} with shape {list(shape)}, got {describe(value)}: {error}") from None
    if array.dtype.kind not in "biuf":
        raise InvalidValue(f"expected an array of {dtype.name} with shape {list(shape)}, got {describe(value)}")
    if array.shape != shape:
        if array.size != 1 or math.prod(shape) != 1:
            raise InvalidValue(f"expected shape {list(shape)}, got {list(array.shape)}")
        array = array.reshape(shape)
    with np.errstate(all="ignore"):
        converted = array.astype(dtype, copy=False)
        if dtype.kind != "f" and array.dtype.kind != dtype.kind and not np.array_equal(converted, array):
            raise InvalidValue(f"expected whole numbers of {dtype.name}, got {array.dtype.name} that are not")
        if dtype.kind in "iu" and array.dtype.kind == dtype.kind and array.itemsize > dtype.itemsize and not np.array_equal(converted, array):
            raise InvalidValue(f"expected numbers that fit {dtype.name}, got {array.dtype.name} that do not")
    return converted


def _encode_list(dtype: str, shape: Tuple[int, ...]) -> Encoder:
    count = math.prod(shape)
    layout = struct.Struct(f"<{count}{FORMATS[dtype]}")

    def encode(value: Any) -> Bytes:
        if isinstance(value, (bytes, bytearray, memoryview)):
            return _raw(value, layout.size)
        value = spaces.plain(value)
        got = spaces.shape_of(value)
        if got != shape and not (count == 1 and math.prod(got) == 1):
            raise InvalidValue(f"expected shape {list(shape)}, got {list(got)}")
        flat = spaces.flatten(value)
        try:
            return layout.pack(*flat)
        except (struct.error, OverflowError, TypeError):
            return _pack_whole(layout, dtype, shape, flat)

    return encode


def _pack_whole(layout: struct.Struct, dtype: str, shape: Tuple[int, ...], flat: List[Any]) -> bytes:
    try:
        whole = [int(value) if isinstance(value, float) and value.is_integer() else value for value in flat]
        return layout.pack(*(whole if dtype in spaces.INTEGERS else flat))
    except (struct.error, OverflowError, TypeError, ValueError) as error:
        raise InvalidValue(f"expected numbers of {dtype} with shape {list(shape)}, got {describe(flat)}: {error}") from None


def _raw(value: Bytes, size: int) -> Bytes:
    """Bytes are taken as the elements themselves: an image without NumPy."""
    view = memoryview(value)
    if view.nbytes != size or not view.c_contiguous:
        raise InvalidValue(f"expected {size} bytes, got {view.nbytes}")
    return view.cast("B") if view.ndim != 1 or view.format != "B" else value


def _decode_array(dtype_name: str, shape: Tuple[int, ...], given: str, copy: bool) -> Decoder:
    dtype = _little(dtype_name)
    result = np.dtype(given)
    count = math.prod(shape)
    size = count * dtype.itemsize
    flat = len(shape) == 1
    plain = copy and result == dtype and size < KEPT_BYTES
    # The array over a connection's buffer, which is the same for step after step: only its copy is given out.
    last: Tuple[Any, int, Any] = (None, 0, None)

    def read(view: memoryview, at: int) -> Tuple[Any, int]:
        nonlocal last
        if last[0] is view and last[1] == at:
            return last[2].copy(), at + size
        array = np.frombuffer(view, dtype, count, at)
        if not flat:
            array = array.reshape(shape)
        if plain:
            last = view, at, array
        if result != dtype:
            return array.astype(result), at + size
        if copy:
            return array if size >= KEPT_BYTES else array.copy(), at + size
        array.flags.writeable = False
        return array, at + size

    return read


def _decode_list(dtype: str, shape: Tuple[int, ...]) -> Decoder:
    layout = struct.Struct(f"<{math.prod(shape)}{FORMATS[dtype]}")

    def read(view: memoryview, at: int) -> Tuple[Any, int]:
        return spaces.nest(layout.unpack_from(view, at), shape), at + layout.size

    return read


def _decode_text(view: memoryview, at: int) -> Tuple[str, int]:
    count = _COUNT.unpack_from(view, at)[0]
    end = at + 4 + count
    if end > len(view):
        raise ValueError(f"text of {count} bytes in a payload of {len(view)}")
    return bytes(view[at + 4:end]).decode("utf-8"), end


def _decode_dict(space: spaces.Dict, copy: bool) -> Decoder:
    names = list(space.spaces)
    members = [decoder(member, copy) for member in space.spaces.values()]

    def read(view: memoryview, at: int) -> Tuple[Any, int]:
        values, end = _decode_members(members, view, at)
        return dict(zip(names, values)), end

    return read


def _decode_members(members: List[Decoder], view: memoryview, at: int) -> Tuple[Any, int]:
    values = []
    for member in members:
        value, at = member(view, at)
        values.append(value)
    return tuple(values), at


def _decode_sequence(space: spaces.Sequence, copy: bool) -> Decoder:
    element = decoder(space.space, copy)

    def read(view: memoryview, at: int) -> Tuple[Any, int]:
        count = _COUNT.unpack_from(view, at)[0]
        # Every element has at least one byte: a count beyond that is no reason to begin.
        if count > space.max_length or count > len(view):
            raise ValueError(f"a sequence of {count}")
        return _decode_members([element] * count, view, at + 4)

    return read


def describe(value: Any) -> str:
    """A value in a few words, for a message."""
    if value is None:
        return "None"
    shape: Optional[Any] = getattr(value, "shape", None)
    text = f"{type(value).__name__} of shape {list(shape)}" if isinstance(shape, tuple) and shape else f"{type(value).__name__} {value!r}"
    return text if len(text) <= 120 else text[:117] + "..."
