"""Records the conversations anew, against a published referee: python3 tests/golden/record.py PATH/palio-referee

Plays both sides with nothing but the standard library and docs/protocol.md, so that what the SDKs are held to does not come from one of them.
"""

import json
import os
import selectors
import socket
import struct
import subprocess
import sys
import tempfile
import time

ENTRY = struct.Struct("<IHBBdII")
TERMINATED, METRICS = 2, 8
HERE = os.path.dirname(os.path.abspath(__file__))

COUNTER = {
    "observation_space": {"type": "Box", "dtype": "int64", "shape": [3], "low": 0, "high": 1000},
    "action_space": {"type": "Discrete", "n": 3, "start": -1},
}
EVERYTHING = {"type": "Dict", "spaces": {
    "z": {"type": "Box", "dtype": "float32", "shape": [2, 2], "low": [-1.5, "-inf", 0, 0], "high": [1.5, "inf", 1, 1]},
    "Z": {"type": "Box", "dtype": "uint8", "shape": [3], "low": 0, "high": 255},
    "\U0001f3c7": {"type": "Text", "max_length": 8, "min_length": 0},
    "\uff21": {"type": "MultiBinary", "shape": [2, 2]},
    "pair": {"type": "Tuple", "spaces": [
        {"type": "Discrete", "n": 4, "start": 2}, {"type": "MultiDiscrete", "nvec": [3, 5], "shape": [2], "start": [0, -2]}]},
    "path": {"type": "Sequence", "max_length": 4, "space": {"type": "Tuple", "spaces": [
        {"type": "Text", "max_length": 3, "charset": "abc"}, {"type": "Box", "dtype": "float64", "shape": [], "low": -10, "high": 10}]}},
    "bits": {"type": "Box", "dtype": "bool", "shape": [2], "low": 0, "high": 1},
    "half": {"type": "Box", "dtype": "float16", "shape": [1], "low": -2, "high": 2},
}}
# Z, bits, half, pair, path, z, U+FF21, U+1F3C7: the order of the names by code point.
VALUE = b"".join((
    bytes((0, 128, 255)), bytes((0, 1)), struct.pack("<e", -1.5), struct.pack("<qqq", 5, 2, -2),
    struct.pack("<I", 2), struct.pack("<I", 2) + b"ab" + struct.pack("<d", 0.1), struct.pack("<I", 1) + b"c" + struct.pack("<d", -10),
    struct.pack("<4f", -1.5, 3e38, 0, 0.5), bytes((1, 0, 0, 1)), struct.pack("<I", 6) + "h\u00e9\u20ac".encode(),
))


class Counter:
    seat = COUNTER
    metrics = ["sum"]
    bad_step = 0

    def reset(self, seed, options):
        self.seed, self.steps, self.sum, self.scenario = seed, 0, 0.0, len((options or {}).get("scenario", ""))
        return self.observation()

    def step(self, payload):
        action = struct.unpack("<q", payload)[0]
        self.steps += 1
        self.sum += action
        over = self.steps == 3
        return self.observation(), action * 0.5, TERMINATED if over else 0, struct.pack("<d", self.sum) if over else b""

    def observation(self):
        return struct.pack("<3q", self.seed, self.steps, self.scenario)


class Crash(Counter):
    def step(self, payload):
        if self.steps == 1:
            raise ValueError("the second step")
        return super().step(payload)


class Infinite(Counter):
    def step(self, payload):
        observation, reward, flags, metrics = super().step(payload)
        return observation, float("inf") if self.steps == 2 else reward, flags, metrics


class Echo:
    seat = {"observation_space": EVERYTHING, "action_space": EVERYTHING}
    metrics = []

    def reset(self, seed, options):
        self.steps = 0
        return VALUE

    def step(self, payload):
        self.steps += 1
        return payload, 1.0, TERMINATED if self.steps == 2 else 0, b""


def third(observation):
    return struct.pack("<q", struct.unpack("<3q", observation)[1] % 3 - 1)


def wild(observation):
    return struct.pack("<q", 5) if struct.unpack("<3q", observation)[1] == 1 else third(observation)


ENVIRONMENTS = {"counter": Counter, "crash": Crash, "infinite": Infinite, "echo": Echo}
AGENTS = {"third": third, "wild": wild, "echo": bytes}
SESSIONS = [
    ("counter", "counter", "third", 1, [{"ordinal": 0, "seed": 42}, {"ordinal": 1, "seed": 7, "scenario": "hard"}]),
    ("slots", "counter", "third", 2, [{"ordinal": at, "seed": at + 1} for at in range(3)]),
    ("spaces", "echo", "echo", 1, [{"ordinal": 0, "seed": 1}]),
    ("forfeit", "counter", "wild", 1, [{"ordinal": 0, "seed": 1}, {"ordinal": 1, "seed": 2}]),
    ("crash", "crash", "third", 1, [{"ordinal": 0, "seed": 1}]),
    ("infinite", "infinite", "third", 1, [{"ordinal": 0, "seed": 1}]),
]


class Side:
    def __init__(self, name, path, lines):
        self.name, self.lines, self.data = name, lines, b""
        self.exit = 3
        self.socket = socket.socket(socket.AF_UNIX)
        while True:
            try:
                self.socket.connect(path)
                break
            except OSError:
                time.sleep(0.01)
        self.say(1, {"role": name, "protocol": {"min": 1, "max": 1}, "sdk": {"name": "golden", "version": "1"}, "capabilities": []})

    def say(self, kind, body):
        self.note(">", kind, json.dumps(body).encode() if isinstance(body, dict) else body)

    def note(self, direction, kind, body):
        frame = struct.pack("<IB", len(body) + 1, kind) + body
        text = f"json {kind:02x} {json.dumps(json.loads(body), ensure_ascii=False)}" if kind < 0x10 else f"hot {frame.hex()}"
        self.lines.append(f"{self.name} {direction} {text}")
        if direction == ">":
            self.socket.sendall(frame)

    def hot(self, kind, entries):
        self.say(kind, struct.pack("<BH", 0, len(entries)) + b"".join(
            ENTRY.pack(tick, slot, 0, flags, reward, 0, len(payload)) + payload for tick, slot, flags, reward, payload in entries))

    def read(self):
        """Takes what has arrived. False at the end."""
        part = self.socket.recv(1 << 20)
        self.data += part
        while len(self.data) >= 4:
            end = 4 + struct.unpack_from("<I", self.data)[0]
            if len(self.data) < end:
                break
            kind, body, self.data = self.data[4], self.data[5:end], self.data[end:]
            self.note("<", kind, body)
            if kind in (7, 8):
                self.exit = 2 if kind == 7 else 0
                return False
            if not self.take(kind, body):
                self.exit = 1
                return False
        return bool(part)


class Environment(Side):
    def play(self, kind):
        self.kind = kind
        return self

    def take(self, kind, body):
        if kind == 4:
            self.games = [self.kind() for _ in range(json.loads(body)["slots"])]
            self.say(5, {"slots": len(self.games), "seats": [{"name": "player", **self.kind.seat}], "metrics": self.kind.metrics})
            return True
        answers = []
        for (tick, slot, *_), payload in entries(body):
            if kind == 0x20:
                options = json.loads(payload[8:]) if len(payload) > 8 else None
                answers.append((tick, slot, 0, 0.0, self.games[slot].reset(struct.unpack_from("<Q", payload)[0], options)))
                continue
            try:
                observation, reward, flags, metrics = self.games[slot].step(payload)
            except ValueError as error:
                self.say(7, {"message": f"ValueError: {error}"})
                return False
            answers.append((tick, slot, flags | (METRICS if metrics else 0), reward, observation + metrics))
        self.hot(0x22, answers)
        return True


class Agent(Side):
    def play(self, act):
        self.act = act
        return self

    def take(self, kind, body):
        if kind == 2:
            self.say(3, {})
        elif kind == 0x10:
            answers = [(header[0], header[1], 0, 0.0, self.act(payload)) for header, payload in entries(body) if not header[3] & 6]
            if answers:
                self.hot(0x11, answers)
        return True


def entries(body):
    at = 3
    for _ in range(struct.unpack_from("<H", body, 1)[0]):
        header = ENTRY.unpack_from(body, at)
        yield header, body[at + 24:at + 24 + header[6]]
        at += 24 + header[6]


def record(program, name, environment, agent, slots, episodes):
    budgets = {"helloMs": 30000, "readyMs": 30000, "firstActionMs": 30000, "stepMs": 30000, "bankMs": 10000, "environmentStepMs": 30000,
               "totalMs": 600000}
    metrics = ENVIRONMENTS[environment].metrics
    plan = {"evaluation": name, "episodes": episodes, "maxSteps": 10, "slots": slots, "budgets": budgets, "metrics": metrics,
            "actionPolicy": "forfeit", "maxMessageBytes": 4194304, "record": True, "revealReturns": True}
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        paths = {side: os.path.join(folder, side) for side in ("agent", "environment")}
        referee = subprocess.Popen([program, "play"], stdout=subprocess.DEVNULL, env={
            "PALIO_PLAN": json.dumps(plan), "PALIO_AGENT_SOCKET": paths["agent"], "PALIO_ENVIRONMENT_SOCKET": paths["environment"]})
        sides = [Environment("environment", paths["environment"], lines).play(ENVIRONMENTS[environment]),
                 Agent("agent", paths["agent"], lines).play(AGENTS[agent])]
        selector = selectors.DefaultSelector()
        for side in sides:
            selector.register(side.socket, selectors.EVENT_READ, side)
        while selector.get_map():
            for key, _ in selector.select():
                if not key.data.read():
                    selector.unregister(key.fileobj)
                    key.fileobj.close()
        code = referee.wait()
    # Hello first, then the environment's side whole, then the agent's: only the order within a side means something.
    lines.sort(key=lambda line: line.startswith("agent"))
    head = [f"plan {json.dumps(plan)}", f"play environment {environment}", f"play agent {agent}"]
    ends = [f"exit environment {sides[0].exit}", f"exit agent {sides[1].exit}", f"exit referee {code}"]
    with open(os.path.join(HERE, f"{name}.txt"), "w", encoding="utf-8") as file:
        file.write("\n".join(head + lines + ends) + "\n")


if __name__ == "__main__":
    for session in SESSIONS:
        record(sys.argv[1], *session)
