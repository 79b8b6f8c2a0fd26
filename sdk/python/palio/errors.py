"""How a session ends, and what a value can be wrong with.

The ends of a session are `SystemExit`s: a program that does not catch them ends with the exit code of docs/protocol.md
part 4.7, and an `except Exception` around an agent's own code does not swallow them.
"""

from __future__ import annotations

import sys
from typing import Any, Dict, NoReturn


class PalioExit(SystemExit):
    """The session is over. `code` is the exit code, `message` says why."""

    exit_code = 3

    def __init__(self, message: str) -> None:
        super().__init__(self.exit_code)
        self.message = message

    def __str__(self) -> str:
        return self.message


class Finished(PalioExit):
    """No more episodes: the regular end."""

    exit_code = 0


class RefereeFault(PalioExit):
    """The referee ended the session and said why."""

    exit_code = 2

    def __init__(self, message: str, code: str = "", blame: str = "", remedy: str = "") -> None:
        super().__init__(message)
        self.fault_code = code
        self.blame = blame
        self.remedy = remedy

    @classmethod
    def from_json(cls, body: Dict[str, Any]) -> RefereeFault:
        texts = {key: str(body.get(key) or "") for key in ("code", "blame", "message", "remedy")}
        message = f"the referee ended the session: {texts['message'] or 'no reason given'}"
        if texts["code"]:
            message += f" ({texts['code']})"
        if texts["remedy"]:
            message += f"\n  {texts['remedy']}"
        return cls(message, texts["code"], texts["blame"], texts["remedy"])


class ConnectionFailed(PalioExit):
    """No connection, a lost one, no protocol version in common, or bytes that are no message."""

    exit_code = 3


class InvalidValue(ValueError):
    """A value does not fit its space; the text says "expected … got …"."""

    def within(self, place: str) -> InvalidValue:
        """The same mistake, seen from the value one level up."""
        text = str(self)
        return InvalidValue(f"{place}{text}" if text.startswith("[") else f"{place}: {text}")


def end(error: PalioExit) -> NoReturn:
    """Says the one message that the end of a session has, and raises it."""
    if error.exit_code:
        print(f"palio: {error.message}", file=sys.stderr, flush=True)
    raise error
