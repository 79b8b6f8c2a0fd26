"""Frames over the referee's Unix socket (docs/protocol.md part 1)."""

from __future__ import annotations

import errno
import json
import os
import socket
import struct
import time
from typing import Any, Dict, List, NoReturn, Optional, Tuple, Union

from palio.errors import ConnectionFailed, Finished, RefereeFault, end
from palio.version import __version__

try:
    import numpy as np
except ImportError:
    np = None  # type: ignore[assignment]

HELLO, WELCOME, READY, CONFIGURE, SPEC, EPISODE_END, FAULT, FINISH = range(0x01, 0x09)
OBSERVE, ACT = 0x10, 0x11
RESET, STEP, STATE = 0x20, 0x21, 0x22

FIRST, TERMINATED, TRUNCATED, METRICS = 0x01, 0x02, 0x04, 0x08

NAMES = {
    HELLO: "Hello", WELCOME: "Welcome", READY: "Ready", CONFIGURE: "Configure", SPEC: "Spec", EPISODE_END: "EpisodeEnd",
    FAULT: "Fault", FINISH: "Finish", OBSERVE: "Observe", ACT: "Act", RESET: "Reset", STEP: "Step", STATE: "State",
}

# tick, slot, seat, flags, reward, value, size
ENTRY = struct.Struct("<IHBBdII")
# length, type, a zero byte, count of entries
HOT = struct.Struct("<IBBH")
# a frame's length, type, a zero byte, a count of 1, and the header of its one entry
SINGLE = struct.Struct("<IBBHIHBBdII")
_PREFIX = struct.Struct("<IB")
_LENGTH = struct.Struct("<I")

DEFAULT_SOCKET = "/palio/palio.sock"
DEFAULT_MAX_MESSAGE = 4 * 1024 * 1024
CEILING_MAX_MESSAGE = 64 * 1024 * 1024
MAX_JSON = 1024 * 1024
MAX_ENTRIES = 1024
DIAL_SECONDS = 30.0
# Below this, copying a payload behind its header is cheaper than a gathering write.
GATHER_BYTES = 16 * 1024
# From here on a frame's buffer is not used again, so that its arrays need no copy.
KEPT_BYTES = 64 * 1024

Bytes = Union[bytes, bytearray, memoryview]

_pack_single = SINGLE.pack
_unpack_single = SINGLE.unpack_from


def dial(path: Optional[str] = None, seconds: float = DIAL_SECONDS) -> Connection:
    """Connects to the referee; its socket may appear a moment after this program starts."""
    path = path or os.environ.get("PALIO_SOCKET") or DEFAULT_SOCKET
    deadline = time.monotonic() + seconds
    while True:
        sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            sock.connect(path)
            return Connection(sock)
        except OSError as error:
            sock.close()
            if error.errno not in (errno.ENOENT, errno.ECONNREFUSED):
                end(ConnectionFailed(f"cannot connect to the referee at {path}: {error}"))
            if time.monotonic() >= deadline:
                end(ConnectionFailed(
                    f"no referee at {path} within {seconds:g} s. This program is played by Palio; to try it here, use `palio run`."))
        time.sleep(0.02)


class Connection:
    """One side's conversation with the referee. A view handed out by `receive` is good until the next `receive`; one of a frame of
    `KEPT_BYTES` or more for as long as anybody has it, so that a large observation need not be copied."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self._read = sock.recv_into
        self._write = sock.sendall
        self._gather = sock.sendmsg
        self._start = 0
        self._end = 0
        self._kept = False
        self._renew(KEPT_BYTES)
        self.max_message = DEFAULT_MAX_MESSAGE

    def receive_entry(self) -> Optional[Tuple[Any, ...]]:
        """The next frame's fields (`SINGLE`) if it is a hot frame of one entry that came alone and whole, as nearly all do: its payload
        stands in `buffer` from `SINGLE.size` on, until the next `receive`. Otherwise None, and `receive` gives the frame."""
        if self._start != self._end:
            return None
        if self._kept:
            self._renew(len(self.buffer))
        try:
            got = self._read(self.buffer)
        except OSError as error:
            self._broke(error)
        if got >= 32:
            fields = _unpack_single(self.buffer)
            # Length, a hot frame's type, the zero byte, the count, the payload's size.
            if fields[0] == got - 4 <= self.max_message and fields[1] >= OBSERVE and fields[2] == 0 and fields[3] == 1 and fields[10] == got - 32:
                self._start = self._end = 0
                self._kept = got >= KEPT_BYTES
                return fields
        elif got == 0:
            self._closed()
        self._start, self._end = 0, got
        return None

    def receive(self) -> Tuple[int, memoryview]:
        """The next frame: its type and its body."""
        if self._start == self._end:
            self._start = self._end = 0
            if self._kept:
                self._renew(len(self.buffer))
        if self._end - self._start < 4:
            self._fill(4)
        length = _LENGTH.unpack_from(self.buffer, self._start)[0]
        if not 1 <= length <= self.max_message:
            self.broken(f"a frame of {length} bytes, where 1 to {self.max_message} are allowed")
        if self._end - self._start < 4 + length:
            self._fill(4 + length)
        body = self._start + 5
        self._start += 4 + length
        self._kept = self._kept or length >= KEPT_BYTES
        return self.buffer[body - 1], self.buffer[body:self._start]

    def expect(self, kind: int) -> Dict[str, Any]:
        """The next frame, which must be JSON of this type; Finish and Fault end the session."""
        got, body = self.receive()
        if got == FINISH:
            # The other side failed before there was anything to play.
            reason = self.parse(body).get("reason")
            self.close()
            end(Finished(f"finished: {reason}"))
        if got != kind:
            self.unexpected(got, body, NAMES[kind])
        return self.parse(body)

    def unexpected(self, kind: int, body: memoryview, expected: str) -> NoReturn:
        """Ends the session because of a frame that does not belong here: with the Fault's own words if it is one."""
        if kind == FAULT:
            fault = RefereeFault.from_json(self.parse(body))
            self.close()
            end(fault)
        self.broken(f"{NAMES.get(kind, f'frame type 0x{kind:02x}')}, where {expected} was expected")

    def parse(self, body: memoryview) -> Dict[str, Any]:
        """A JSON body."""
        if len(body) > MAX_JSON:
            self.broken(f"JSON of {len(body)} bytes, where {MAX_JSON} are allowed")
        try:
            value = json.loads(bytes(body).decode("utf-8"), parse_constant=_refuse_constant, object_pairs_hook=_unique)
        except (ValueError, RecursionError) as error:
            self.broken(f"a message that is no JSON: {error}")
        if not isinstance(value, dict):
            self.broken("JSON that is no object")
        return value

    def send_json(self, kind: int, value: Dict[str, Any]) -> None:
        """Sends a JSON frame."""
        body = json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")
        self.send(_PREFIX.pack(len(body) + 1, kind) + body)

    def send_hello(self, role: str) -> None:
        """Sends the first frame of every session."""
        self.send_json(HELLO, {
            "role": role,
            "protocol": {"min": 1, "max": 1},
            "sdk": {"name": "palio-python", "version": __version__},
            "capabilities": [],
        })

    def agree(self, body: Dict[str, Any]) -> None:
        """Takes version and limits from Welcome or Configure."""
        if body.get("protocol") != 1:
            self.close()
            end(ConnectionFailed(f"the referee chose protocol {body.get('protocol')!r}; this SDK ({__version__}) speaks 1"))
        limits = body.get("limits")
        most = limits.get("max_message", DEFAULT_MAX_MESSAGE) if isinstance(limits, dict) else DEFAULT_MAX_MESSAGE
        if not isinstance(most, int) or isinstance(most, bool) or not 1 <= most <= CEILING_MAX_MESSAGE:
            self.broken(f"max_message {most!r}")
        self.max_message = most
        # The system caps this at its own limit; a large observation then still fits in few writes.
        for option in (socket.SO_SNDBUF, socket.SO_RCVBUF):
            self._socket.setsockopt(socket.SOL_SOCKET, option, min(most, DEFAULT_MAX_MESSAGE))

    def send_entry(self, kind: int, tick: int, slot: int, seat: int, flags: int, reward: float, payload: Bytes) -> None:
        """Sends a hot frame of one entry, which is what nearly all are."""
        size = len(payload)
        head = _pack_single(28 + size, kind, 0, 1, tick, slot, seat, flags, reward, 0, size)
        try:
            if size <= GATHER_BYTES:
                self._write(head + payload)
            elif (sent := self._gather((head, payload))) < size + 32:
                self._send_rest([head, payload], sent)
        except OSError as error:
            self._lost(error)

    def send_entries(self, kind: int, parts: List[Bytes], count: int) -> None:
        """Sends a hot frame of `count` entries: header, payload, header, payload, …"""
        size = 4 + sum(map(len, parts))
        head = HOT.pack(size, kind, 0, count)
        if size <= GATHER_BYTES:
            self.send(b"".join((head, *parts)))
        else:
            self._send_gathered([head, *parts])

    def send(self, data: Bytes) -> None:
        """Sends bytes. If the other side is gone, its last words are read first."""
        try:
            self._write(data)
        except OSError as error:
            self._lost(error)

    def send_fault(self, message: str, code: Optional[str] = None) -> None:
        """Tells the referee why this side ends; says nothing if nobody listens any more."""
        fault: Dict[str, Any] = {"code": code} if code else {}
        fault["message"] = message.encode("utf-8", "replace")[:8192].decode("utf-8", "ignore")
        body = json.dumps(fault, separators=(",", ":"), ensure_ascii=False).encode("utf-8")
        try:
            self._socket.sendall(_PREFIX.pack(len(body) + 1, FAULT) + body)
        except OSError:
            pass

    def close(self) -> None:
        """Closes the connection; a second time does nothing."""
        self._socket.close()

    def _fill(self, need: int) -> None:
        """Reads until `need` bytes stand behind `_start`, as many as come with one call."""
        have = self._end - self._start
        if self._start + need > len(self.buffer):
            old = bytes(self.buffer[self._start:self._end])
            if self._kept or need > len(self.buffer):
                self._renew(max(need, len(self.buffer)))
            self.buffer[:have] = old
            self._start, self._end = 0, have
        while self._end - self._start < need:
            try:
                got = self._read(self.buffer[self._end:])
            except OSError as error:
                self._broke(error)
            if got == 0:
                self._closed()
            self._end += got

    def _renew(self, size: int) -> None:
        # Older views keep their own memory. NumPy's is not filled with zeros first.
        self.buffer = memoryview(bytearray(size) if np is None else np.empty(size, np.uint8))
        self._kept = False

    def _send_gathered(self, parts: List[Bytes]) -> None:
        try:
            self._send_rest(parts, self._gather(parts[:1024]))
        except OSError as error:
            self._lost(error)

    def _send_rest(self, parts: List[Bytes], sent: int) -> None:
        """Sends what of these is behind the bytes that were sent."""
        for part in parts:
            if sent >= len(part):
                sent -= len(part)
                continue
            self._write(memoryview(part)[sent:] if sent else part)
            sent = 0

    def _broke(self, error: OSError) -> NoReturn:
        self.close()
        end(ConnectionFailed(f"the connection to the referee broke: {error}"))

    def _closed(self) -> NoReturn:
        self.close()
        end(ConnectionFailed("the referee closed the connection"))

    def _lost(self, error: OSError) -> NoReturn:
        while True:
            kind, body = self.receive()
            if kind == FAULT:
                self.unexpected(kind, body, "")
            if kind == FINISH:
                self.close()
                end(Finished(f"finished while sending: {error}"))

    def broken(self, what: str) -> NoReturn:
        """Ends the session because the referee sent what it must not."""
        self.send_fault(f"the referee sent {what}")
        self.close()
        end(ConnectionFailed(f"the referee sent {what}"))


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _unique(pairs: List[Tuple[str, Any]]) -> Dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise ValueError("a key stands twice")
    return value
