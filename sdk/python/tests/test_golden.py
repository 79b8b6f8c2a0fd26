"""The golden conversations of tests/golden: the SDK must say them byte for byte."""

import json
import os
import unittest
from contextlib import redirect_stderr
from io import StringIO

from tests.referee import Referee, frame

from palio import agent, environment, spaces, wire

GOLDEN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "tests", "golden")


class Counter:
    observation_space = spaces.from_json({"type": "Box", "dtype": "int64", "shape": [3], "low": 0, "high": 1000})
    action_space = spaces.from_json({"type": "Discrete", "n": 3, "start": -1})

    def reset(self, *, seed=None, options=None):
        self.seed, self.steps, self.sum, self.scenario = seed, 0, 0, len((options or {}).get("scenario", ""))
        return self._see(), {}

    def step(self, action):
        self.steps += 1
        self.sum += int(action)
        return self._see(), int(action) * 0.5, self.steps == 3, False, {}

    def metrics(self):
        return {"sum": self.sum} if self.steps == 3 else {}

    def _see(self):
        return [self.seed, self.steps, self.scenario]


class Crash(Counter):
    def step(self, action):
        if self.steps == 1:
            raise ValueError("the second step")
        return super().step(action)


class Infinite(Counter):
    def step(self, action):
        observation, reward, *rest = super().step(action)
        return (observation, float("inf") if self.steps == 2 else reward, *rest)


def echo(everything):
    """The environment that gives every action back; its space is written in the file."""
    class Echo:
        observation_space = action_space = spaces.from_json(everything)

        def reset(self, *, seed=None, options=None):
            self.steps = 0
            return {
                "Z": [0, 128, 255], "bits": [False, True], "half": [-1.5], "pair": (5, [2, -2]), "path": [("ab", 0.1), ("c", -10)],
                "z": [[-1.5, 3e38], [0, 0.5]], "\uff21": [[1, 0], [0, 1]], "\U0001f3c7": "h\u00e9\u20ac",
            }, {}

        def step(self, action):
            self.steps += 1
            return action, 1.0, self.steps == 2, False, {}

    return Echo


def third(observation):
    return int(observation[1]) % 3 - 1


def wild(observation):
    return 5 if observation[1] == 1 else third(observation)


class Conversation:
    def __init__(self, name, side):
        self.frames = []
        with open(os.path.join(GOLDEN, name + ".txt"), encoding="utf-8") as file:
            for line in file:
                word, second, rest = line.rstrip("\n").split(" ", 2)
                if (word, second) == ("play", side):
                    self.program = rest
                elif (word, second) == ("exit", side):
                    self.exit = int(rest)
                elif word == side:
                    kind, text = rest.split(" ", 1)
                    self.frames.append((second, kind, text))

    def spec(self):
        return next(json.loads(text[3:]) for _, kind, text in self.frames if kind == "json" and text.startswith("05"))

    def script(self, referee):
        for at, (direction, kind, text) in enumerate(self.frames):
            place = f"frame {at + 1}"
            if direction == "<":
                referee.send(bytes.fromhex(text) if kind == "hot" else frame(int(text[:2], 16), text[3:].encode()))
                continue
            got, body = referee.receive()
            if kind == "hot":
                said = b"" if got is None else frame(got, body)
                assert said == bytes.fromhex(text), f"{place}: expected {text}, got {said.hex()}"
            else:
                assert got == int(text[:2], 16), f"{place}: expected {text}, got {got}"
                expected, said = meaning(got, json.loads(text[3:])), meaning(got, json.loads(body))
                assert said == expected, f"{place}: expected {expected}, got {said}"
        assert referee.receive() == (None, b""), "the side said more"


def meaning(kind, value):
    if kind == wire.HELLO:
        value.pop("sdk", None)
    if kind == wire.FAULT:
        return value.get("code")
    for seat in value.get("seats", []):
        for key in ("observation_space", "action_space"):
            seat[key] = spaces.from_json(seat[key]).to_json()
    return value


class Golden(unittest.TestCase):
    def play(self, name, side):
        conversation = Conversation(name, side)
        code = 0
        with Referee(conversation.script) as referee, redirect_stderr(StringIO()):
            try:
                if side == "agent":
                    agent.play(referee.connection, {"third": third, "wild": wild, "echo": lambda seen: seen}[conversation.program])
                elif conversation.program == "echo":
                    environment.serve(referee.connection, echo(conversation.spec()["seats"][0]["observation_space"]))
                else:
                    environment.serve(
                        referee.connection, {"counter": Counter, "crash": Crash, "infinite": Infinite}[conversation.program])
            except SystemExit as end:
                code = end.code
        self.assertEqual(code, conversation.exit)


def _test(name, side):
    return lambda self: self.play(name, side)


for _name in sorted(file[:-4] for file in os.listdir(GOLDEN) if file.endswith(".txt")):
    for _side in ("agent", "environment"):
        setattr(Golden, f"test_{_name}_{_side}", _test(_name, _side))

if __name__ == "__main__":
    unittest.main()
