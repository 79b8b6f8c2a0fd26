"""The least a referee can do: plays an agent against an environment, checking nothing."""

import os
import socket
import struct

from tests import referee as r
from palio import wire
from palio.session import entries


class Side:
    """One accepted connection, blocking."""

    def __init__(self, folder, name):
        self._listener = socket.socket(socket.AF_UNIX)
        self.path = os.path.join(folder, f"{name}.sock")
        self._listener.bind(self.path)
        self._listener.listen(1)
        self._listener.settimeout(30)

    def accept(self, role):
        sock, _ = self._listener.accept()
        self._listener.close()
        sock.settimeout(30)
        self._connection = wire.Connection(sock)
        assert self.json(wire.HELLO)["role"] == role

    def json(self, kind):
        return self._connection.expect(kind)

    def entry(self, kind):
        got, body = self._connection.receive()
        assert got == kind, (wire.NAMES.get(got), bytes(body))
        (header, payload), = entries(body)
        return header, bytes(payload)

    def send(self, data):
        self._connection.send(data)

    def close(self):
        self._connection.close()


def play(agent, environment, seeds, max_steps=500):
    """The returns of one episode for each seed."""
    environment.accept("environment")
    environment.send(r.frame(wire.CONFIGURE, {**r.CONFIGURE, "slots": 1, "max_steps": max_steps}))
    spec = environment.json(wire.SPEC)
    agent.accept("agent")
    agent.send(r.frame(wire.WELCOME, {**r.WELCOME, "seats": [{**spec["seats"][0], "seat": 0}]}))
    assert agent.json(wire.READY) == {}
    tick, returns = 0, []
    metrics = 8 * len(spec["metrics"])
    for seed in seeds:
        tick, total = tick + 1, 0.0
        environment.send(r.hot(wire.RESET, r.entry(tick, struct.pack("<Q", seed))))
        first = wire.FIRST
        while True:
            (_, _, _, flags, reward, _, _), payload = environment.entry(wire.STATE)
            total += reward
            if flags & wire.METRICS:
                payload = payload[:len(payload) - metrics]
            over = flags & (wire.TERMINATED | wire.TRUNCATED)
            agent.send(r.hot(wire.OBSERVE, r.entry(tick, payload, flags=over | first, reward=reward)))
            if over:
                break
            first = 0
            _, action = agent.entry(wire.ACT)
            tick += 1
            environment.send(r.hot(wire.STEP, r.entry(tick, action)))
        agent.send(r.frame(wire.EPISODE_END, {"slot": 0, "reason": "terminated"}))
        returns.append(total)
    for side in (agent, environment):
        side.send(r.frame(wire.FINISH, r.FINISH))
        side.close()
    return returns
