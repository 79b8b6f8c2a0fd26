"""An agent that pushes at random: hopeless, and the shortest there is."""

import random

import palio

palio.run_agent(lambda observation: random.randrange(2))
