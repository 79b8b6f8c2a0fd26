"""An agent's session with the referee, as a loop of its own."""

from __future__ import annotations

import sys
from typing import Any, Dict, Iterator, List, NamedTuple, NoReturn, Optional, Tuple, Union

from palio import spaces, wire
from palio.errors import Finished, InvalidValue, end
from palio.values import Bytes, decode, decoder, encoder


# First, terminated and truncated, by the three bits that say so.
_FLAGS = [(flags & wire.FIRST != 0, flags & wire.TERMINATED != 0, flags & wire.TRUNCATED != 0) for flags in range(8)]


class Turn:
    """One observation. Unless it is the last of its episode, it wants an action: `turn.act(action)`."""

    __slots__ = ("_session", "bank_ms", "first", "observation", "reward", "seat", "slot", "terminated", "tick", "truncated")

    observation: Any
    reward: float
    first: bool
    terminated: bool
    truncated: bool
    slot: int
    seat: int
    tick: int
    bank_ms: int

    def __init__(
        self, session: Session, tick: int, slot: int, seat: int, flags: int, reward: float, bank_ms: int, observation: Any,
    ) -> None:
        self._session = session
        self.tick = tick
        self.slot = slot
        self.seat = seat
        self.first, self.terminated, self.truncated = _FLAGS[flags & 7]
        self.reward = reward
        self.bank_ms = bank_ms
        self.observation = observation

    @property
    def final(self) -> bool:
        """Whether the episode is over with this observation."""
        return self.terminated or self.truncated

    def act(self, action: Any) -> None:
        """Answers. Turns that came together are sent together, once the last of them is answered."""
        self._session._act(self, action)


class EpisodeEnd(NamedTuple):
    """What the referee says at the end of an episode."""

    slot: int
    reason: str
    episode_return: Optional[float]
    code: Optional[str]
    message: Optional[str]


class Session:
    """What `palio.connect()` returns. Iterate over it for the turns that want an action:

        with palio.connect() as session:
            for turn in session:
                turn.act(policy(turn.observation))

    Leaving the `with` block by an exception tells the referee why.
    """

    def __init__(self, connection: wire.Connection, copy: bool = True) -> None:
        self._connection = connection
        self._pending: List[Turn] = []
        self._answers: List[Bytes] = []
        self._count = 0
        self._ready = False
        connection.send_hello("agent")
        welcome = connection.expect(wire.WELCOME)
        connection.agree(welcome)
        self.limits: Dict[str, Any] = welcome.get("limits") or {}
        self.max_steps: int = welcome.get("max_steps", 0)
        self.action_policy: str = welcome.get("action_policy", "forfeit")
        try:
            self.slots = int(welcome["slots"])
            seats = {
                int(seat["seat"]): (spaces.from_json(seat["observation_space"]), spaces.from_json(seat["action_space"]))
                for seat in welcome["seats"]
            }
            self.observation_space, self.action_space = next(iter(seats.values()))
        except (KeyError, TypeError, ValueError, StopIteration) as error:
            connection.broken(f"a Welcome that is none: {error!r}")
        self.spaces = seats
        self._decoders = {seat: decoder(observation, copy) for seat, (observation, _) in seats.items()}
        self._encoders = {seat: encoder(action) for seat, (_, action) in seats.items()}

    def ready(self) -> None:
        """Says that models are loaded; the first observation follows. Said by itself when the first is asked for."""
        if not self._ready:
            self._ready = True
            self._connection.send_json(wire.READY, {})

    def receive(self) -> Union[List[Turn], EpisodeEnd]:
        """The next thing the referee says: turns (at most one for each slot), or an episode's end. Raises `Finished`."""
        if not self._ready:
            self.ready()
        one = self._connection.receive_entry()
        if one is not None and one[1] == wire.OBSERVE:
            return self._turn(one)
        kind, body = self._connection.receive() if one is None else (one[1], self._connection.buffer[:0])
        if kind == wire.OBSERVE:
            return self._turns(body)
        if kind == wire.EPISODE_END:
            value = self._connection.parse(body)
            return EpisodeEnd(
                value.get("slot", 0), str(value.get("reason")), value.get("return"), value.get("code"), value.get("message"))
        if kind == wire.FINISH:
            reason = self._connection.parse(body).get("reason")
            self.close()
            end(Finished(f"finished: {reason}"))
        self._connection.unexpected(kind, body, "Observe, EpisodeEnd or Finish")

    def __iter__(self) -> Iterator[Turn]:
        """The turns that want an action, to the end of the session."""
        while True:
            try:
                got = self.receive()
            except Finished:
                return
            if isinstance(got, list):
                # _pending may shrink while its turns are answered.
                yield from list(self._pending)

    def close(self) -> None:
        """Closes the connection."""
        self._connection.close()

    def __enter__(self) -> Session:
        return self

    def __exit__(self, kind: Any, error: Optional[BaseException], trace: Any) -> bool:
        if isinstance(error, Exception):
            self._connection.send_fault(*describe_failure(error))
        self.close()
        return isinstance(error, Finished)

    def _turn(self, one: Tuple[Any, ...]) -> List[Turn]:
        """What `_turns` gives for a frame of one entry."""
        if self._pending:
            self._unanswered()
        _, _, _, _, tick, slot, seat, flags, reward, bank_ms, size = one
        try:
            observation = decode(self._decoders[seat], self._connection.buffer, wire.SINGLE.size, size)
        except KeyError as error:
            self._connection.broken(f"an Observe for seat {error}, which Welcome did not name")
        except ValueError as error:
            self._connection.broken(f"an Observe with {error}")
        turns = [Turn(self, tick, slot, seat, flags, reward, bank_ms, observation)]
        self._pending = [] if flags & (wire.TERMINATED | wire.TRUNCATED) else turns[:]
        return turns

    def _turns(self, body: memoryview) -> List[Turn]:
        if self._pending:
            self._unanswered()
        turns = []
        try:
            for (tick, slot, seat, flags, reward, bank_ms, size), payload in entries(body):
                observation = decode(self._decoders[seat], payload, 0, size)
                turns.append(Turn(self, tick, slot, seat, flags, reward, bank_ms, observation))
        except KeyError as error:
            self._connection.broken(f"an Observe for seat {error}, which Welcome did not name")
        except ValueError as error:
            self._connection.broken(f"an Observe with {error}")
        self._pending = [turn for turn in turns if not (turn.terminated or turn.truncated)]
        return turns

    def _unanswered(self) -> NoReturn:
        places = ", ".join(f"slot {turn.slot}" for turn in self._pending)
        raise RuntimeError(f"no action was given for {places}; call turn.act(action) for every turn")

    def _act(self, turn: Turn, action: Any) -> None:
        try:
            self._pending.remove(turn)
        except ValueError:
            raise RuntimeError("this turn wants no action: it is answered already, or its episode is over") from None
        try:
            payload = self._encoders[turn.seat](action)
        except InvalidValue as error:
            raise InvalidValue(f"the action is no member of {self.spaces[turn.seat][1]!r}: {error}") from None
        if not self._pending and not self._answers:
            self._connection.send_entry(wire.ACT, turn.tick, turn.slot, turn.seat, 0, 0.0, payload)
            return
        self._answers.append(wire.ENTRY.pack(turn.tick, turn.slot, turn.seat, 0, 0.0, 0, len(payload)))
        self._answers.append(payload)
        self._count += 1
        if not self._pending:
            answers, count = self._answers, self._count
            self._answers, self._count = [], 0
            self._connection.send_entries(wire.ACT, answers, count)


def connect(path: Optional[str] = None, copy: bool = True) -> Session:
    """Dials the referee (`PALIO_SOCKET`) as an agent. With `copy=False`, arrays are views that the next turn overwrites."""
    return Session(wire.dial(path), copy)


def entries(body: memoryview) -> List[Tuple[Tuple[Any, ...], memoryview]]:
    """Headers and payloads of a hot frame's body. Raises `ValueError` if it does not add up."""
    total = len(body)
    if total < 27 or body[0] != 0:
        raise ValueError("no list of entries")
    count = body[1] | body[2] << 8
    if not 1 <= count <= wire.MAX_ENTRIES:
        raise ValueError(f"{count} entries")
    at = 3
    found = []
    for _ in range(count):
        start = at + 24
        if start > total:
            raise ValueError("half an entry")
        header = wire.ENTRY.unpack_from(body, at)
        at = start + header[6]
        if at > total:
            raise ValueError(f"a payload of {header[6]} bytes in a frame that has {total - start}")
        found.append((header, body[start:at]))
    if at != total:
        raise ValueError(f"{total - at} bytes too many")
    return found


def describe_failure(error: BaseException, invalid: str = "AGENT_INVALID_ACTION") -> Tuple[str, Optional[str]]:
    """Message and code of the Fault for an exception of the author's code."""
    # Slow to import, and hopefully not needed.
    import traceback

    if isinstance(error, InvalidValue):
        return str(error), invalid
    text = "".join(traceback.format_exception_only(type(error), error)).strip()
    trace = "".join(traceback.format_tb(_author_frames(error)))
    return (f"{text}\nTraceback (most recent call last):\n{trace}" if trace else text), None


def fail(connection: wire.Connection, error: Exception, invalid: str) -> NoReturn:
    """Ends this program because the author's code raised: tells the referee, prints the traceback, exits with 1."""
    connection.send_fault(*describe_failure(error, invalid))
    connection.close()
    if isinstance(error, InvalidValue):
        sys.stderr.write(f"palio: {error}\n")
    else:
        import traceback

        sys.stderr.write("".join(traceback.format_exception(type(error), error, _author_frames(error))))
    sys.stderr.flush()
    raise SystemExit(1) from None


def _author_frames(error: BaseException) -> Any:
    """The traceback without this package's own frames above the author's."""
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_globals.get("__name__", "").startswith("palio."):
        trace = trace.tb_next
    return trace
