"""python3 -m unittest, in the challenge's folder."""

import random
import statistics
import unittest

from agent.policy import Policy
from agent.train import play
from environment.cartpole import CartPole
from environment.pcg64 import Pcg64

try:
    import numpy
except ImportError:
    numpy = None

# First four numbers of numpy.random.default_rng(seed).uniform(-0.05, 0.05, 4), from NumPy 1.24.
UNIFORM = {
    0: ("0x1.c0cbca647ced0p-7", "-0x1.792e736320f47p-6", "-0x1.7808d4489d6d2p-5", "-0x1.8c0f80ec8f29dp-5"),
    42: ("0x1.c0d97eba2bd40p-6", "-0x1.9090f63c0b010p-8", "0x1.25c36f3afc536p-5", "0x1.435e26c08cd04p-6"),
    2147483647: ("-0x1.776ec1c12dc80p-6", "0x1.63734f5d6b18ep-5", "-0x1.8d084abfb3490p-8", "0x1.d96c66b1eb9a0p-7"),
    1099511627781: ("-0x1.95b7a9cff466cp-5", "-0x1.a183cc93d7234p-7", "0x1.1dd558beebef8p-7", "-0x1.1d92cad9ebfb7p-5"),
}

# Episodes printed in Gymnasium's documentation of CartPole-v1: seed, actions, observations.
PUBLISHED = [
    (42, [1], [[0.0273956, -0.00611216, 0.03585979, 0.0197368], [0.02727336, 0.18847767, 0.03625453, -0.26141977]]),
    (42, [0], [[0.0273956, -0.00611216, 0.03585979, 0.0197368], [0.02727336, -0.20172954, 0.03625453, 0.32351476]]),
    (43, [0], [None, [0.01431748, -0.24002443, -0.04731862, 0.3110827]]),
    (44, [1], [None, [-0.03822722, 0.1710671, -0.00848456, -0.2487226]]),
    (123, [1, 1, 1, 0], [
        [0.01823519, -0.0446179, -0.02796401, -0.03156282], [0.01734283, 0.15089367, -0.02859527, -0.33293587],
        [0.0203607, 0.34641072, -0.03525399, -0.6344974], [0.02728892, 0.5420062, -0.04794393, -0.9380709],
        [0.03812904, 0.34756234, -0.06670535, -0.6608303]]),
]


class CartPoleTests(unittest.TestCase):
    def test_random_numbers_are_numpys(self):
        for seed, expected in UNIFORM.items():
            generator = Pcg64(seed)
            self.assertEqual([generator.uniform(-0.05, 0.05) for _ in range(4)], [float.fromhex(text) for text in expected])

    def test_random_numbers_are_those_of_the_numpy_that_is_here(self):
        seeds = random.Random(3)
        for seed in [seeds.randrange(1 << bits) for bits in (1, 16, 31, 32, 33, 64, 128, 160, 256)] if numpy else []:
            theirs = numpy.random.Generator(numpy.random.PCG64(numpy.random.SeedSequence(seed)))
            ours = Pcg64(seed)
            self.assertEqual([ours.uniform(-0.05, 0.05) for _ in range(8)], theirs.uniform(-0.05, 0.05, 8).tolist())

    def test_episodes_are_those_that_gymnasium_prints(self):
        for seed, actions, observations in PUBLISHED:
            environment = CartPole()
            got = [environment.reset(seed=seed)[0]] + [environment.step(action)[0] for action in actions]
            for ours, theirs in zip(got, observations):
                for one, other in zip(ours, theirs or []):
                    self.assertAlmostEqual(one, other, delta=6e-9 + 6e-8 * abs(other))

    def test_episode_ends_when_the_pole_falls(self):
        environment = CartPole()
        environment.reset(seed=1)
        steps, terminated = 0, False
        while not terminated:
            observation, reward, terminated, truncated, _ = environment.step(1)
            steps += 1
            self.assertEqual((reward, truncated), (1.0, False))
        self.assertTrue(8 <= steps <= 11, steps)
        self.assertGreater(abs(observation[2]), 0.2094)
        self.assertGreater(environment.metrics()["lean"], 0)

    def test_equal_seeds_give_equal_episodes_whatever_was_played_before(self):
        used, fresh = CartPole(), CartPole()
        used.reset(seed=5)
        used.step(1)
        self.assertEqual(used.reset(seed=9), fresh.reset(seed=9))
        self.assertEqual(used.step(0), fresh.step(0))
        self.assertNotEqual(used.reset(), fresh.reset(seed=9))

    def test_trained_agent_balances_nearly_always(self):
        environment, policy = CartPole(), Policy()
        returns = [play(environment, policy, seed * 7919) for seed in range(100)]
        self.assertGreaterEqual(statistics.mean(returns), 490)

    def test_random_pushes_do_not(self):
        class Agent:
            act = staticmethod(lambda observation, rng=random.Random(4): rng.randrange(2))

        environment = CartPole()
        self.assertLess(statistics.mean(play(environment, Agent, seed) for seed in range(50)), 50)


if __name__ == "__main__":
    unittest.main()
