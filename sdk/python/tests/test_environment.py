import contextlib
import io
import math
import struct
import unittest

from tests import referee as r
from palio import spaces, wire
from palio.environment import serve
from palio.errors import RefereeFault


class Walk:
    """Counts to three; the observation is (position, seed)."""

    observation_space = spaces.Box(-1e9, 1e9, (2,), "float64")
    action_space = spaces.Discrete(3, start=-1)
    made = 0

    def __init__(self):
        Walk.made += 1
        self.closed = False

    def reset(self, *, seed=None, options=None):
        self.position, self.steps, self.seed = (options or {}).get("start", 0), 0, seed
        return [self.position, self.seed], {}

    def step(self, action):
        self.position += action
        self.steps += 1
        return [self.position, self.seed], float(action), self.steps == 3, self.position > 100, {"distance": abs(self.position)}

    def close(self):
        self.closed = True


def reset_payload(seed, options=b""):
    return struct.pack("<Q", seed) + options


def action(value):
    return struct.pack("<q", value)


class EnvironmentTests(unittest.TestCase):
    def test_factory_plays_as_many_slots_as_asked(self):
        Walk.made = 0

        def script(referee):
            spec = referee.configure(slots=3, metrics=["distance"])
            self.assertEqual((spec["slots"], spec["metrics"]), (3, ["distance"]))
            self.assertEqual(spec["seats"][0]["action_space"], {"type": "Discrete", "n": 3, "start": -1})
            referee.send(r.hot(wire.RESET, *[r.entry(1, reset_payload(slot + 5), slot=slot) for slot in (2, 0)]))
            got = referee.entries(wire.STATE)
            self.assertEqual([(header[:4], struct.unpack("<2d", payload)) for header, payload in got],
                             [((1, 2, 0, 0), (0, 7)), ((1, 0, 0, 0), (0, 5))])
            referee.send(r.hot(wire.STEP, r.entry(2, action(-1), slot=2)))
            (header, payload), = referee.entries(wire.STATE)
            self.assertEqual(header[:5], (2, 2, 0, wire.METRICS, -1.0))
            self.assertEqual(struct.unpack("<3d", payload), (-1, 7, 1))
            referee.finish()

        with r.Referee(script) as referee:
            serve(referee.connection, Walk)
        self.assertEqual(Walk.made, 3)

    def test_object_plays_one_slot_and_is_closed(self):
        walk = Walk()

        def script(referee):
            self.assertEqual(referee.configure()["slots"], 1)
            referee.send(r.hot(wire.RESET, r.entry(1, reset_payload(0, b'{"start":4}'))))
            self.assertEqual(struct.unpack("<2d", referee.entries(wire.STATE)[0][1]), (4, 0))
            for tick, flags in ((2, 0), (3, 0), (4, wire.TERMINATED)):
                referee.send(r.hot(wire.STEP, r.entry(tick, action(1))))
                self.assertEqual(referee.entries(wire.STATE)[0][0][3], flags)
            referee.finish()

        with r.Referee(script) as referee:
            serve(referee.connection, walk)
        self.assertTrue(walk.closed)

    def test_metrics_are_sent_when_they_change(self):
        class Game(Walk):
            def metrics(self):
                return {"best": self.position} if self.position else {}

        def script(referee):
            referee.configure()
            referee.send(r.hot(wire.RESET, r.entry(1, reset_payload(0))))
            self.assertEqual(referee.entries(wire.STATE)[0][0][3], 0)
            for value, flag in ((0, 0), (1, wire.METRICS), (0, 0)):
                referee.send(r.hot(wire.STEP, r.entry(2, action(value))))
                (header, payload), = referee.entries(wire.STATE)
                self.assertEqual(header[3] & wire.METRICS, flag)
            referee.finish()

        with r.Referee(script) as referee:
            serve(referee.connection, Game, metrics=["best"])

    def test_metric_without_a_value_is_nan(self):
        def script(referee):
            referee.configure(metrics=["distance", "speed"])
            referee.send(r.hot(wire.RESET, r.entry(1, reset_payload(0))))
            referee.entries(wire.STATE)
            referee.send(r.hot(wire.STEP, r.entry(2, action(1))))
            distance, speed = struct.unpack("<2d", referee.entries(wire.STATE)[0][1][16:])
            self.assertEqual(distance, 1.0)
            self.assertTrue(math.isnan(speed))
            referee.finish()

        with r.Referee(script) as referee:
            serve(referee.connection, Walk)

    def fault_of(self, kind, *after, message, code="ENV_SPEC_VIOLATION", exit_code=1):
        def script(referee):
            referee.configure()
            for data in after:
                referee.send(data)
                got, body = referee.receive()
                if got == wire.FAULT:
                    text = body.decode()
                    self.assertIn(message, text)
                    self.assertEqual(code is not None and f'"{code}"' in text, code is not None)
                    return
            self.fail("no fault came")

        with contextlib.redirect_stderr(io.StringIO()), r.Referee(script) as referee, self.assertRaises(SystemExit) as caught:
            serve(referee.connection, kind)
        self.assertEqual(caught.exception.code, exit_code)

    def test_observation_that_is_none_is_told(self):
        class Bad(Walk):
            def reset(self, *, seed=None, options=None):
                return [1, 2, 3], {}

        self.fault_of(Bad, r.hot(wire.RESET, r.entry(1, reset_payload(0))), message="expected shape [2], got [3]")

    def test_old_gym_signatures_are_told(self):
        class Old(Walk):
            def reset(self, *, seed=None, options=None):
                return [1, 2]

        class OldStep(Walk):
            def step(self, action):
                return [0, 0], 1.0, False, {}

        self.fault_of(Old, r.hot(wire.RESET, r.entry(1, reset_payload(0))), message="reset must return (observation, info)")
        self.fault_of(OldStep, r.hot(wire.RESET, r.entry(1, reset_payload(0))), r.hot(wire.STEP, r.entry(2, action(0))),
                      message="step must return (observation, reward, terminated, truncated, info)")

    def test_reward_that_is_none_is_told(self):
        class Bad(Walk):
            def step(self, action):
                return [0, 0], None, False, False, {}

        self.fault_of(Bad, r.hot(wire.RESET, r.entry(1, reset_payload(0))), r.hot(wire.STEP, r.entry(2, action(0))),
                      message="the reward must be a number, got None")

    def test_exception_is_told_without_a_code(self):
        class Bad(Walk):
            def step(self, action):
                return 1 / 0

        self.fault_of(Bad, r.hot(wire.RESET, r.entry(1, reset_payload(0))), r.hot(wire.STEP, r.entry(2, action(0))),
                      message="ZeroDivisionError", code=None)

    def test_slot_that_is_not_played_ends_with_3(self):
        self.fault_of(Walk(), r.hot(wire.RESET, r.entry(1, reset_payload(0), slot=1)), message="slot 1", code=None, exit_code=3)

    def test_fault_of_the_referee_exits_with_2(self):
        def script(referee):
            referee.configure()
            referee.send(r.frame(wire.FAULT, {"code": "ENV_SPEC_VIOLATION", "message": "no metric", "fatal": True}))
            referee.receive()

        with contextlib.redirect_stderr(io.StringIO()), r.Referee(script) as referee, self.assertRaises(RefereeFault):
            serve(referee.connection, Walk)


if __name__ == "__main__":
    unittest.main()
