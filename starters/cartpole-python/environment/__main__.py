"""What the environment's image runs."""

import palio

from environment.cartpole import CartPole

palio.serve_environment(CartPole, metrics=["lean"])
