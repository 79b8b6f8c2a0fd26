"""Plays one long episode in rounds, through the Python SDK's Gymnasium-like loop."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import palio
import rounds

env = palio.AgentEnv()
env.reset()


def step():
    return env.step(1)


rounds.play(step)
