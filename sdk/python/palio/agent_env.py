"""Playing as if the other side were a Gymnasium environment in this process."""

from __future__ import annotations

from typing import Any, Dict, Optional, Tuple

from palio import wire
from palio.session import EpisodeEnd, Session, Turn


class AgentEnv:
    """Gymnasium's loop for an agent:

        env = palio.AgentEnv()
        while True:
            observation, info = env.reset()
            over = False
            while not over:
                observation, reward, terminated, truncated, info = env.step(policy(observation))
                over = terminated or truncated

    There is no number of episodes to know: after the last, `reset()` raises `palio.Finished`, which ends the program with
    exit code 0 if nothing catches it. The referee chooses seeds and episodes, so `reset` takes none.
    A forfeited episode ends as truncated, with `info["reason"]`, `info["code"]` and `info["message"]`.
    """

    def __init__(self, path: Optional[str] = None, *, copy: bool = True, session: Optional[Session] = None) -> None:
        self.session = session or Session(wire.dial(path), copy)
        if self.session.slots > 1:
            raise RuntimeError(
                f"this phase plays {self.session.slots} episodes at once; use palio.run_agent or palio.connect, which can")
        self.observation_space = self.session.observation_space
        self.action_space = self.session.action_space
        self._turn: Optional[Turn] = None

    def reset(self, **unused: Any) -> Tuple[Any, Dict[str, Any]]:
        """The first observation of the next episode. Raises `Finished` when there is none."""
        if any(value is not None for value in unused.values()):
            raise ValueError("the referee chooses seeds and options; call reset() without any")
        if self._turn is not None and not self._turn.final:
            raise RuntimeError("the episode is not over; the referee allows no early reset")
        got: Any = None
        while not isinstance(got, list):
            got = self.session.receive()
        self._turn = turn = got[0]
        return turn.observation, {"bank_ms": turn.bank_ms}

    def step(self, action: Any) -> Tuple[Any, float, bool, bool, Dict[str, Any]]:
        """Acts, and waits for what comes of it."""
        if self._turn is None or self._turn.final:
            raise RuntimeError("call reset() first")
        self._turn.act(action)
        got = self.session.receive()
        if isinstance(got, EpisodeEnd):
            observation = self._turn.observation
            self._turn = None
            return observation, 0.0, False, True, {"reason": got.reason, "code": got.code, "message": got.message}
        self._turn = turn = got[0]
        return turn.observation, turn.reward, turn.terminated, turn.truncated, {"bank_ms": turn.bank_ms}

    def close(self) -> None:
        """Closes the connection."""
        self.session.close()

    def __enter__(self) -> AgentEnv:
        return self

    def __exit__(self, kind: Any, error: Optional[BaseException], trace: Any) -> bool:
        return self.session.__exit__(kind, error, trace)
