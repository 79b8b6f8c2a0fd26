import os
import subprocess
import sys
import tempfile
import unittest

from tests import duet

SDK = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
STARTER = os.path.normpath(os.path.join(SDK, "..", "..", "starters", "cartpole-python"))


class StarterTests(unittest.TestCase):
    """The starter's programs as their images run them, each a process of its own."""

    def played(self, agent, episodes):
        with tempfile.TemporaryDirectory() as folder:
            sides = {name: duet.Side(folder, name) for name in ("agent", "environment")}
            processes = [
                subprocess.Popen(
                    [sys.executable, "-m", module], cwd=STARTER, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                    env={**os.environ, "PYTHONPATH": SDK, "PYTHONDONTWRITEBYTECODE": "1", "PALIO_SOCKET": sides[side].path})
                for side, module in (("agent", agent), ("environment", "environment"))
            ]
            try:
                returns = duet.play(sides["agent"], sides["environment"], range(episodes))
                for process in processes:
                    output, _ = process.communicate(timeout=30)
                    self.assertEqual((process.returncode, output), (0, b""))
                return returns
            finally:
                for process in processes:
                    process.kill()
                    process.communicate()

    def test_trained_agent_plays_whole_episodes(self):
        self.assertEqual(self.played("agent", 3), [500.0, 500.0, 500.0])

    def test_random_agent_does_not(self):
        self.assertTrue(all(5 < total < 200 for total in self.played("random_agent", 5)))


if __name__ == "__main__":
    unittest.main()
