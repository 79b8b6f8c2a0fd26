"""Trains the agent's four weights by the cross-entropy method, with nothing but the standard library.

    python3 -m agent.train

Takes some seconds and writes agent/policy.json. Equal seeds give equal weights.
"""

import argparse
import json
import random
import statistics

from agent.policy import WEIGHTS, Policy
from environment.cartpole import CartPole

CANDIDATES = 40
ELITE = 8
ROUNDS = 12


def play(environment, policy, seed):
    """Plays one episode; returns its return."""
    observation, _ = environment.reset(seed=seed)
    total, over = 0.0, False
    while not over:
        observation, reward, terminated, truncated, _ = environment.step(policy.act(observation))
        total += reward
        over = terminated or truncated
    return total


def train(rng):
    """The mean of the last round's best weights."""
    environment = CartPole()
    mean, spread = [0.0] * 4, [1.0] * 4
    for number in range(ROUNDS):
        # New episodes in every round, the same for all of its candidates.
        seeds = [rng.randrange(1 << 31) for _ in range(2 + number)]
        scored = []
        for _ in range(CANDIDATES):
            weights = [rng.gauss(center, width) for center, width in zip(mean, spread)]
            scored.append((statistics.mean(play(environment, Policy(weights), seed) for seed in seeds), weights))
        scored.sort(key=lambda one: one[0], reverse=True)
        best = [weights for _, weights in scored[:ELITE]]
        mean = [statistics.mean(column) for column in zip(*best)]
        # A little extra width keeps the search from closing in too early.
        spread = [statistics.pstdev(column) + 0.1 / (number + 1) for column in zip(*best)]
        print(f"round {number + 1:2}: best {scored[0][0]:5.1f}, best {ELITE} {statistics.mean(one[0] for one in scored[:ELITE]):5.1f}", flush=True)
    return mean


def main():
    parser = argparse.ArgumentParser(description="Trains the cart-pole agent.")
    parser.add_argument("--seed", type=int, default=1, help="seed of the training (default 1)")
    parser.add_argument("--out", default=WEIGHTS, help="file to write (default agent/policy.json)")
    arguments = parser.parse_args()

    weights = [round(weight, 4) for weight in train(random.Random(arguments.seed))]
    environment, rng = CartPole(), random.Random(arguments.seed + 1)
    checked = [play(environment, Policy(weights), rng.randrange(1 << 31)) for _ in range(100)]
    print(f"weights {weights}: mean return {statistics.mean(checked):.1f} of 500 over 100 new episodes, worst {min(checked):.0f}")
    with open(arguments.out, "w", encoding="utf-8") as file:
        json.dump({"weights": weights}, file)
        file.write("\n")


if __name__ == "__main__":
    main()
