import contextlib
import io
import itertools
import os
import socket
import struct
import tempfile
import threading
import unittest

from tests import referee as r
from palio import spaces, values, wire
from palio.agent import play
from palio.errors import ConnectionFailed
from palio.session import Session, describe_failure


def pair():
    ours, theirs = socket.socketpair()
    return ours, wire.Connection(theirs)


def received(frames, pieces):
    """The frames as a connection reads them when they are sent in pieces of these sizes in turn."""
    ours, connection = pair()
    data, at = b"".join(frames), 0

    def send():
        nonlocal at
        for size in itertools.cycle(pieces):
            ours.sendall(data[at:at + size])
            at += size
            if at >= len(data):
                return

    thread = threading.Thread(target=send)
    thread.start()
    got = []
    for _ in frames:
        one = connection.receive_entry()
        if one is None:
            kind, body = connection.receive()
            got.append(r.frame(kind, bytes(body)))
        else:
            got.append(wire.SINGLE.pack(*one) + bytes(connection.buffer[wire.SINGLE.size:wire.SINGLE.size + one[-1]]))
    thread.join()
    connection.close()
    ours.close()
    return got


class HostileRefereeTests(unittest.TestCase):
    """Whatever comes, the side ends with 3 and says why: no hang, no traceback, no memory."""

    def assert_ends(self, *data, said=""):
        def script(referee):
            referee.welcome()
            for part in data:
                referee.send(part)
            referee.socket.shutdown(socket.SHUT_WR)
            while referee.receive()[0] is not None:
                pass

        errors = io.StringIO()
        with contextlib.redirect_stderr(errors), r.Referee(script) as referee, self.assertRaises(ConnectionFailed) as caught:
            play(referee.connection, lambda observation: 0)
        self.assertEqual(caught.exception.code, 3)
        self.assertIn(said, errors.getvalue())
        self.assertEqual(errors.getvalue().count("\n"), 1)

    def test_lengths_that_cannot_be(self):
        self.assert_ends(struct.pack("<I", 0), said="a frame of 0 bytes")
        self.assert_ends(struct.pack("<I", 0xFFFFFFFF), said="a frame of 4294967295 bytes")

    def test_half_frames(self):
        whole = r.hot(wire.OBSERVE, r.entry(1, r.observation(0, 0, 0, 0), flags=wire.FIRST))
        for size in (1, 3, 4, 5, 7, 20, len(whole) - 1):
            self.assert_ends(whole[:size], said="closed the connection")

    def test_unknown_and_misplaced_types(self):
        self.assert_ends(r.frame(0x7f, b"{}"), said="frame type 0x7f")
        self.assert_ends(r.frame(wire.RESET, b"{}"), said="Reset, where Observe")

    def test_json_that_is_none(self):
        for body in (b"", b"[]", b"{", b"\xff", b'{"a":NaN}', b'{"a":1,"a":2}', b'{"a":' * 2000, b"{}" + b" " * (1 << 20)):
            self.assert_ends(r.frame(wire.EPISODE_END, body), said="the referee sent")

    def test_entries_that_do_not_add_up(self):
        good = r.entry(1, r.observation(0, 0, 0, 0), flags=wire.FIRST)
        for body in (
            b"", b"\0", b"\0\0\0", b"\1\1\0" + good, b"\0\2\0" + good, b"\0\1\0" + good + b"x", b"\0\1\0" + good[:-1],
            b"\0\1\0" + good[:10], b"\0\xff\xff" + good, struct.pack("<BH", 0, 1) + r.entry(1, b"short", flags=wire.FIRST),
            struct.pack("<BH", 0, 1) + r.entry(1, r.observation(0, 0, 0, 0), seat=3),
        ):
            self.assert_ends(r.frame(wire.OBSERVE, body), said="an Observe")

    def test_welcomes_that_are_none(self):
        for changes in ({"seats": []}, {"seats": [{}]}, {"slots": None}, {"limits": {"max_message": -1}}, {"limits": {"max_message": 1 << 40}}):
            def script(referee, changes=changes):
                referee.json(wire.HELLO)
                referee.send(r.frame(wire.WELCOME, {**r.WELCOME, **changes}))
                referee.receive()

            with contextlib.redirect_stderr(io.StringIO()), r.Referee(script) as referee, self.assertRaises(ConnectionFailed):
                Session(referee.connection)


class ConnectionTests(unittest.TestCase):
    def test_frames_come_whole_however_they_are_cut(self):
        ours, theirs = socket.socketpair()
        frames = [(wire.FAULT, os.urandom(size)) for size in (0, 1, 70_000, 3, 65_531, 200_000, 12)]

        def send():
            data = b"".join(r.frame(kind, body) for kind, body in frames)
            for at in range(0, len(data), 30_011):
                ours.sendall(data[at:at + 30_011])

        thread = threading.Thread(target=send)
        thread.start()
        connection = wire.Connection(theirs)
        for kind, body in frames:
            got, view = connection.receive()
            self.assertEqual((got, bytes(view)), (kind, body))
        thread.join()
        connection.close()
        ours.close()

    def test_single_entries_are_told_from_all_other_frames_however_they_come(self):
        sizes = (0, 8, 32, 28_224, wire.KEPT_BYTES - 40, wire.KEPT_BYTES, 300_000, 9)
        singles = [r.hot(wire.OBSERVE, r.entry(3, os.urandom(size), slot=2, flags=wire.TERMINATED, reward=0.5, value=7)) for size in sizes]
        liar = bytearray(singles[2])
        liar[28] += 1
        frames = [
            *singles, *singles[:3], bytes(liar), r.frame(wire.FINISH, r.FINISH), r.hot(wire.OBSERVE, r.entry(1), r.entry(2, b"1")),
            r.frame(wire.OBSERVE, b""), *singles]
        for pieces in ([1 << 20], [31, 1, 40], [5, 65_536, 7]):
            self.assertEqual(received(frames, pieces), frames)

    def test_large_single_entries_stay_good_and_apart(self):
        ours, connection = pair()
        payloads = [os.urandom(size) for size in (wire.KEPT_BYTES, 150_000, 9, 150_000, 100_000, wire.KEPT_BYTES - 32, 20)]
        kept, whole = [], 0
        for payload in payloads:
            ours.sendall(r.hot(wire.OBSERVE, r.entry(1, payload)))
            one = connection.receive_entry()
            whole += one is not None
            view = connection.receive()[1][27:] if one is None else connection.buffer[32:32 + one[-1]]
            self.assertEqual(bytes(view), payload)
            kept.append(view)
        self.assertGreater(whole, 3)
        for view, payload in zip(kept, payloads):
            if len(payload) >= wire.KEPT_BYTES:
                self.assertEqual(bytes(view), payload)
        connection.close()
        ours.close()

    def test_observation_of_one_step_is_not_the_memory_of_the_next(self):
        decode_one = values.decoder(spaces.Box(0, 255, (4,), "uint8"))
        ours, connection = pair()
        kept = []
        for step in range(3):
            ours.sendall(r.hot(wire.OBSERVE, r.entry(step, bytes([step] * 4))))
            self.assertIsNotNone(connection.receive_entry())
            kept.append(values.decode(decode_one, connection.buffer, wire.SINGLE.size, 4))
        self.assertEqual([list(one) for one in kept], [[step] * 4 for step in range(3)])
        connection.close()
        ours.close()

    def test_views_of_large_frames_stay_good_and_apart(self):
        ours, theirs = socket.socketpair()
        bodies = [os.urandom(size) for size in (wire.KEPT_BYTES, 300_000, 300_000, wire.KEPT_BYTES, 9, 300_000)]
        thread = threading.Thread(target=lambda: ours.sendall(b"".join(r.frame(wire.FAULT, body) for body in bodies)))
        thread.start()
        connection = wire.Connection(theirs)
        kept = [(connection.receive()[1], body) for body in bodies]
        thread.join()
        for view, body in kept:
            if len(body) >= wire.KEPT_BYTES:
                self.assertEqual(bytes(view), body)
                self.assertFalse(view.readonly)
        connection.close()
        ours.close()

    def test_large_answers_are_gathered_into_the_same_bytes(self):
        ours, theirs = socket.socketpair()
        payloads = [os.urandom(size) for size in (5, 2_000_000, 0, 300_000)]
        parts = [part for payload in payloads for part in (wire.ENTRY.pack(1, 0, 0, 0, 0.0, 0, len(payload)), payload)]
        expected = r.hot(wire.STATE, *[r.entry(1, payload) for payload in payloads])
        received = bytearray()

        def drain():
            while len(received) < len(expected):
                received.extend(ours.recv(1 << 16))

        thread = threading.Thread(target=drain)
        thread.start()
        connection = wire.Connection(theirs)
        connection.send_entries(wire.STATE, parts, len(payloads))
        thread.join()
        self.assertEqual(bytes(received), expected)
        connection.close()
        ours.close()

    def test_dialling_waits_for_a_socket_that_appears_later(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "palio.sock")
            listener = socket.socket(socket.AF_UNIX)
            timer = threading.Timer(0.05, lambda: (listener.bind(path), listener.listen()))
            timer.start()
            wire.dial(path, seconds=20).close()
            timer.join()
            listener.close()

    def test_no_referee_is_said_with_the_way_to_try_it(self):
        errors = io.StringIO()
        with contextlib.redirect_stderr(errors), self.assertRaises(ConnectionFailed) as caught:
            wire.dial("/nonexistent/palio.sock", seconds=0)
        self.assertEqual(caught.exception.code, 3)
        self.assertIn("palio run", errors.getvalue())

    def test_long_messages_are_cut_to_what_is_kept(self):
        ours, theirs = socket.socketpair()
        wire.Connection(theirs).send_fault("ß" * 9000)
        theirs.close()
        data = ours.makefile("rb").read()
        self.assertEqual(len(wire.Connection(ours).parse(memoryview(data)[5:])["message"]), 4096)
        ours.close()

    def test_failure_is_described_from_the_authors_code_on(self):
        try:
            raise ValueError("no such file: policy.json")
        except ValueError as error:
            message, code = describe_failure(error)
        self.assertTrue(message.startswith("ValueError: no such file: policy.json\nTraceback"))
        self.assertIsNone(code)


if __name__ == "__main__":
    unittest.main()
