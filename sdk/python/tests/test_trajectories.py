import json
import os
import random
import struct
import sys
import unittest

from tests.test_starter import SDK, STARTER

TRAJECTORIES = os.path.normpath(os.path.join(SDK, "..", "..", "tests", "Palio.Starters.Tests", "trajectories.json"))


def bits(observation):
    return struct.pack("<4f", *observation).hex()


def trajectories():
    """Episodes of the Python starter's environment: seed, actions, and the bytes of some observations."""
    sys.path.insert(0, STARTER)
    try:
        from agent.policy import Policy
        from environment.cartpole import CartPole
    finally:
        sys.path.remove(STARTER)
    episodes = []
    for number, seed in enumerate([0, 1, 42, 123, 65537, 2147483647, 4294967296, 1099511627781]):
        environment, policy, coins = CartPole(), Policy(), random.Random(number)
        observation, _ = environment.reset(seed=seed)
        seen, actions, over = [bits(observation)], "", False
        while not over:
            # Half of the episodes are balanced to the end, half are pushed at random and fall.
            action = policy.act(observation) if number % 2 else coins.randrange(2)
            observation, _, terminated, truncated, _ = environment.step(action)
            actions += str(action)
            over = terminated or truncated
            if over or len(actions) % 50 == 0:
                seen.append(bits(observation))
        episodes.append({"seed": seed, "actions": actions, "observations": seen})
    return episodes


class TrajectoryTests(unittest.TestCase):
    def test_python_and_csharp_starters_play_the_same_episodes(self):
        # Palio.Starters.Tests holds the C# starter to the same file. To write it anew: python3 -m tests.test_trajectories
        with open(TRAJECTORIES, encoding="utf-8") as file:
            self.assertEqual(trajectories(), json.load(file))


if __name__ == "__main__":
    with open(TRAJECTORIES, "w", encoding="utf-8") as target:
        target.write("[\n" + ",\n".join("  " + json.dumps(episode) for episode in trajectories()) + "\n]\n")
