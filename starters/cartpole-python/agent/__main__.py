"""What the agent's image runs: the trained policy."""

import palio

from agent.policy import Policy

palio.run_agent(Policy)
