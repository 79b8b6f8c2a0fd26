"""The other end of a socket pair, scripted: what tests have in place of a referee."""

import json
import os
import socket
import struct
import sys
import threading

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from palio import wire  # noqa: E402
from palio.session import entries  # noqa: E402

WELCOME = {
    "protocol": 1, "slots": 1, "max_steps": 500, "action_policy": "forfeit",
    "seats": [{
        "seat": 0, "name": "player",
        "observation_space": {"type": "Box", "dtype": "float32", "shape": [4]},
        "action_space": {"type": "Discrete", "n": 2},
    }],
    "limits": {"max_message": 4194304, "ready_ms": 120000, "first_action_ms": 10000, "step_ms": 100, "bank_ms": 10000},
}
CONFIGURE = {"protocol": 1, "slots": 4, "max_steps": 500, "limits": {"max_message": 4194304, "step_ms": 30000}, "metrics": []}
FINISH = {"reason": "done", "grace_ms": 2000}


def observation(*numbers):
    return struct.pack(f"<{len(numbers)}f", *numbers)


def entry(tick, payload=b"", slot=0, flags=0, reward=0.0, value=0, seat=0):
    return wire.ENTRY.pack(tick, slot, seat, flags, reward, value, len(payload)) + payload


def frame(kind, body):
    if isinstance(body, dict):
        body = json.dumps(body).encode()
    return struct.pack("<IB", len(body) + 1, kind) + body


def hot(kind, *parts):
    return frame(kind, struct.pack("<BH", 0, len(parts)) + b"".join(parts))


class Referee:
    """Plays `script(referee)` in a thread, against the connection it hands to the side under test."""

    def __init__(self, script):
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        ours.settimeout(20)
        self.socket = ours
        self.connection = wire.Connection(theirs)
        self.error = None
        self._thread = threading.Thread(target=self._run, args=(script,))
        self._thread.start()

    def _run(self, script):
        try:
            script(self)
        except BaseException as error:  # handed to the test by __exit__
            self.error = error
        finally:
            self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()
        self._thread.join(20)
        if self.error is not None:
            raise AssertionError(f"the scripted referee failed: {self.error!r}") from self.error

    def send(self, data):
        self.socket.sendall(data)

    def receive(self):
        """Type and body of the next frame; (None, b"") when the side closed."""
        head = self._exactly(4)
        if not head:
            return None, b""
        body = self._exactly(struct.unpack("<I", head)[0])
        return body[0], body[1:]

    def json(self, kind):
        got, body = self.receive()
        assert got == kind, f"expected {wire.NAMES[kind]}, got {got}: {body!r}"
        return json.loads(body)

    def entries(self, kind):
        got, body = self.receive()
        assert got == kind, f"expected {wire.NAMES[kind]}, got {got}: {body!r}"
        return [(header, bytes(payload)) for header, payload in entries(memoryview(body))]

    def welcome(self, **changes):
        """Hello and Welcome, up to Ready."""
        assert self.json(wire.HELLO)["role"] == "agent"
        self.send(frame(wire.WELCOME, {**WELCOME, **changes}))
        assert self.json(wire.READY) == {}

    def configure(self, **changes):
        """Hello and Configure, up to Spec."""
        assert self.json(wire.HELLO)["role"] == "environment"
        self.send(frame(wire.CONFIGURE, {**CONFIGURE, **changes}))
        return self.json(wire.SPEC)

    def finish(self):
        self.send(frame(wire.FINISH, FINISH))
        assert self.receive() == (None, b"")

    def _exactly(self, count):
        data = b""
        while len(data) < count:
            part = self.socket.recv(count - len(data))
            if not part:
                assert not data, "half a frame"
                return b""
            data += part
        return data
