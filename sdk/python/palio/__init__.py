"""Palio's Python SDK: serve an environment, or play one as an agent.

    palio.serve_environment(MyEnv)      # any gymnasium.Env-shaped class, factory or object
    palio.run_agent(act)                # act(observation) -> action
    palio.connect(), palio.AgentEnv()   # the same as a loop of your own

Standard library only; values are NumPy arrays where NumPy is installed.
"""

from palio import spaces
from palio.agent import run_agent
from palio.agent_env import AgentEnv
from palio.environment import serve_environment
from palio.errors import ConnectionFailed, Finished, InvalidValue, PalioExit, RefereeFault
from palio.session import EpisodeEnd, Session, Turn, connect
from palio.version import __version__

__all__ = [
    "AgentEnv",
    "ConnectionFailed",
    "EpisodeEnd",
    "Finished",
    "InvalidValue",
    "PalioExit",
    "RefereeFault",
    "Session",
    "Turn",
    "__version__",
    "connect",
    "run_agent",
    "serve_environment",
    "spaces",
]
