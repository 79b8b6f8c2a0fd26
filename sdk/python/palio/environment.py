"""Serving an environment: any object shaped like `gymnasium.Env`."""

from __future__ import annotations

import math
import struct
import sys
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple

from palio import spaces, wire
from palio.errors import Finished, InvalidValue, end
from palio.session import entries, fail
from palio.values import Bytes, decode, decoder, encoder


def serve_environment(
    environment: Any, *, slots: Optional[int] = None, metrics: Optional[Sequence[str]] = None, name: str = "player",
    path: Optional[str] = None,
) -> None:
    """Plays the environment's side until there are no more episodes. On a fault, ends the program with a message and an exit code.

    `environment` is a class or function that makes one, or an object; several episodes are played at once only where more
    can be made. It has Gymnasium's `reset(seed=…, options=…) -> (observation, info)`, `step(action) -> (observation, reward,
    terminated, truncated, info)`, `observation_space` and `action_space` (Gymnasium's or `palio.spaces`).

    `metrics` names the numbers the board may score by, besides return and steps; without it, those the phase asks for. Their
    values come from the environment's `metrics()` (a dict), or from `info["metrics"]`, or from `info` itself.
    """
    serve(wire.dial(path), environment, slots, metrics, name)


def serve(
    connection: wire.Connection, environment: Any, slots: Optional[int] = None, metrics: Optional[Sequence[str]] = None,
    name: str = "player",
) -> None:
    """`serve_environment` on a connection that stands already."""
    games: List[_Game] = []
    try:
        connection.send_hello("environment")
        configure = connection.expect(wire.CONFIGURE)
        connection.agree(configure)
        most = configure.get("slots", 1)
        wanted = configure.get("metrics") or []
        if not isinstance(most, int) or not 1 <= most <= wire.MAX_ENTRIES or not isinstance(wanted, list):
            connection.broken("a Configure that is none")
        declared = [str(metric) for metric in (wanted if metrics is None else metrics)]
        makes = not hasattr(environment, "step") or isinstance(environment, type)
        for _ in range(min(most, slots or most) if makes else 1):
            games.append(_Game(environment() if makes else environment, declared))
        connection.send_json(wire.SPEC, _spec(games, declared, name))
        _answer(connection, games)
    except Finished:
        _close(games)
    except Exception as error:
        fail(connection, error, "ENV_SPEC_VIOLATION")
    finally:
        connection.close()


def _spec(games: Sequence[_Game], metrics: List[str], name: str) -> Dict[str, Any]:
    seat = {
        "name": name,
        "observation_space": games[0].observation_space.to_json(),
        "action_space": games[0].action_space.to_json(),
    }
    return {"slots": len(games), "seats": [seat], "metrics": metrics}


def _answer(connection: wire.Connection, games: Sequence[_Game]) -> None:
    while True:
        one = connection.receive_entry()
        if one is not None and one[1] == wire.STEP:
            _step(connection, games, one)
            continue
        kind, body = connection.receive() if one is None else (one[1], connection.buffer[4 + 1:4 + one[0]])
        if kind not in (wire.STEP, wire.RESET):
            if kind == wire.FINISH:
                end(Finished("finished"))
            connection.unexpected(kind, body, "Reset, Step or Finish")
        answers: List[Bytes] = []
        try:
            requests = entries(body)
        except ValueError as error:
            connection.broken(f"a request with {error}")
        for (tick, slot, seat, *_), payload in requests:
            game = _game(connection, games, slot, seat)
            if kind == wire.STEP:
                flags, reward, state = game.step(_action(connection, game, payload, 0, len(payload)))
            else:
                flags, reward, state = game.reset(*_seed(connection, payload))
            if len(requests) == len(state) == 1:
                connection.send_entry(wire.STATE, tick, slot, 0, flags, reward, state[0])
                break
            answers.append(wire.ENTRY.pack(tick, slot, 0, flags, reward, 0, sum(map(len, state))))
            answers += state
        else:
            connection.send_entries(wire.STATE, answers, len(requests))


def _step(connection: wire.Connection, games: Sequence[_Game], one: Tuple[Any, ...]) -> None:
    """Answers a request of one step, which is what nearly all are."""
    _, _, _, _, tick, slot, seat, _, _, _, size = one
    game = _game(connection, games, slot, seat)
    flags, reward, state = game.step(_action(connection, game, connection.buffer, wire.SINGLE.size, size))
    if len(state) == 1:
        connection.send_entry(wire.STATE, tick, slot, 0, flags, reward, state[0])
    else:
        header = wire.ENTRY.pack(tick, slot, 0, flags, reward, 0, sum(map(len, state)))
        connection.send_entries(wire.STATE, [header, *state], 1)


def _game(connection: wire.Connection, games: Sequence[_Game], slot: int, seat: int) -> _Game:
    if slot >= len(games) or seat != 0:
        connection.broken(f"slot {slot}, seat {seat}, where this environment plays {len(games)} slots with one seat")
    return games[slot]


def _action(connection: wire.Connection, game: _Game, view: memoryview, at: int, size: int) -> Any:
    try:
        return decode(game.decode_action, view, at, size)
    except ValueError as error:
        connection.broken(f"an action with {error}")


def _seed(connection: wire.Connection, payload: memoryview) -> Tuple[int, Optional[Dict[str, Any]]]:
    if len(payload) < 8:
        connection.broken(f"a Reset of {len(payload)} bytes")
    options = connection.parse(payload[8:]) if len(payload) > 8 else None
    return int.from_bytes(payload[:8], "little"), options


class _Game:
    """One environment object, its spaces, and what it said of its metrics."""

    def __init__(self, environment: Any, metrics: List[str]) -> None:
        self._environment = environment
        self._metrics = metrics
        self._layout = struct.Struct(f"<{len(metrics)}d")
        self._told = b""
        self._reset: Callable[..., Any] = environment.reset
        self._step: Callable[[Any], Any] = environment.step
        self._ask: Optional[Callable[[], Any]] = getattr(environment, "metrics", None)
        self.observation_space = spaces.from_gymnasium(environment.observation_space)
        self.action_space = spaces.from_gymnasium(environment.action_space)
        self._encode = encoder(self.observation_space)
        self.decode_action = decoder(self.action_space)

    def reset(self, seed: int, options: Optional[Dict[str, Any]]) -> Tuple[int, float, List[Bytes]]:
        self._told = self._layout.pack(*[math.nan] * len(self._metrics))
        result = self._reset(seed=seed) if options is None else self._reset(seed=seed, options=options)
        if not isinstance(result, tuple) or len(result) != 2:
            raise InvalidValue(f"reset must return (observation, info), got {type(result).__name__}")
        flags, parts = self._state(*result)
        return flags, 0.0, parts

    def step(self, action: Any) -> Tuple[int, float, List[Bytes]]:
        result = self._step(action)
        try:
            observation, reward, terminated, truncated, info = result
        except (TypeError, ValueError):
            raise InvalidValue("step must return (observation, reward, terminated, truncated, info)") from None
        flags, parts = self._state(observation, info)
        if terminated:
            flags |= wire.TERMINATED
        if truncated:
            flags |= wire.TRUNCATED
        try:
            return flags, float(reward), parts
        except (TypeError, ValueError):
            raise InvalidValue(f"the reward must be a number, got {reward!r}") from None

    def close(self) -> None:
        close = getattr(self._environment, "close", None)
        if close is not None:
            close()

    def _state(self, observation: Any, info: Any) -> Tuple[int, List[Bytes]]:
        try:
            payload = self._encode(observation)
        except InvalidValue as error:
            raise InvalidValue(f"the observation is no member of {self.observation_space!r}: {error}") from None
        if self._metrics:
            values = self._values(info)
            if values != self._told:
                self._told = values
                return wire.METRICS, [payload, values]
        return 0, [payload]

    def _values(self, info: Any) -> bytes:
        """The metrics' values; NaN for one that has none yet. Those not told again stay as they were."""
        said = self._ask() if callable(self._ask) else (info.get("metrics", info) if isinstance(info, dict) else None)
        if not said:
            return self._told
        values = [said.get(name, was) for name, was in zip(self._metrics, self._layout.unpack(self._told))]
        try:
            return self._layout.pack(*map(float, values))
        except (TypeError, ValueError):
            raise InvalidValue(f"metrics must be numbers, got {dict(zip(self._metrics, values))!r}") from None


def _close(games: Sequence[_Game]) -> None:
    for game in games:
        try:
            game.close()
        except Exception:
            # The games are over and counted: this is for the author to see, and changes nothing.
            import traceback

            traceback.print_exc(file=sys.stderr)
