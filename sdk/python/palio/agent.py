"""The shortest way to write an agent: hand over a function, or a class."""

from __future__ import annotations

from typing import Any, Callable, Dict, List, Optional

from palio import wire
from palio.errors import Finished
from palio.session import Session, fail


def run_agent(agent: Any, *, path: Optional[str] = None, copy: bool = True) -> None:
    """Plays until there are no more episodes. On a fault, ends the program with a message and an exit code.

    `agent` is one of
    - a function `act(observation) -> action`,
    - an object with `act(observation)` and, if it likes, `reset()`, called at the beginning of each episode,
    - a class of such objects: one is made for each episode played at once, after the connection stands, so that loading a
      model counts as getting ready. Its `__init__` takes nothing, or `(observation_space, action_space)`.

    With `copy=False` arrays are views that the next observation overwrites: faster for images, if nothing keeps them.
    """
    play(wire.dial(path), agent, copy)


def play(connection: wire.Connection, agent: Any, copy: bool = True) -> None:
    """`run_agent` on a connection that stands already."""
    try:
        session = Session(connection, copy)
        players = _players(agent, session)
        session.ready()
        while True:
            turns = session.receive()
            if isinstance(turns, list):
                for turn in turns:
                    player = players[turn.slot % len(players)]
                    if turn.first and player.reset is not None:
                        player.reset()
                    if not (turn.terminated or turn.truncated):
                        turn.act(player.act(turn.observation))
    except Finished:
        return
    except Exception as error:
        fail(connection, error, "AGENT_INVALID_ACTION")
    finally:
        connection.close()


class _Player:
    __slots__ = ("act", "reset")

    def __init__(self, agent: Any) -> None:
        self.act: Callable[[Any], Any] = getattr(agent, "act", agent)
        self.reset: Optional[Callable[[], Any]] = getattr(agent, "reset", None)
        if not callable(self.act):
            raise TypeError(f"an agent is a function act(observation), or has a method act; got {type(agent).__name__}")


def _players(agent: Any, session: Session) -> List[_Player]:
    """One player for each slot if a class was given, else one for all."""
    if not isinstance(agent, type):
        player = _Player(agent)
        if player.reset is not None and session.slots > 1:
            raise TypeError("this phase plays several episodes at once, so an agent with reset() must be given as a class: run_agent(MyAgent)")
        return [player]
    return [_Player(_make(agent, session)) for _ in range(session.slots)]


def _make(kind: type, session: Session) -> Any:
    # A slow import, and only classes need it.
    import inspect

    arguments: Dict[str, Any] = {}
    try:
        wanted = inspect.signature(kind).parameters
    except (TypeError, ValueError):
        return kind()
    for name in ("observation_space", "action_space"):
        if name in wanted:
            arguments[name] = getattr(session, name)
    return kind(**arguments)
