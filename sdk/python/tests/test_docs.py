import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

from tests import duet
from tests.test_starter import SDK, STARTER

DOCS = os.path.normpath(os.path.join(SDK, "..", "..", "docs"))
LEFT_RIGHT = "import palio\npalio.run_agent(lambda observation: (observation[1] > observation[0]) * 2 - 1)\n"


def quoted(page, start):
    """The code block of a page that has this line."""
    with open(os.path.join(DOCS, page), encoding="utf-8") as file:
        blocks = re.findall(r"```python\n(.*?)```", file.read(), re.DOTALL)
    return next(block for block in blocks if start in block)


class DocumentationTests(unittest.TestCase):
    """What the guides say to write, written and played."""

    def played(self, agent, environment, seeds):
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        sides = {name: duet.Side(folder, name) for name in ("agent", "environment")}
        processes = []
        for side, code in (("agent", agent), ("environment", environment)):
            processes.append(subprocess.Popen(
                [sys.executable, "-c", code], cwd=STARTER, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                env={**os.environ, "PYTHONPATH": SDK, "PYTHONDONTWRITEBYTECODE": "1", "PALIO_SOCKET": sides[side].path}))
        try:
            returns = duet.play(sides["agent"], sides["environment"], seeds)
            for process in processes:
                output, _ = process.communicate(timeout=30)
                self.assertEqual((process.returncode, output), (0, b""))
            return returns
        finally:
            for process in processes:
                process.kill()
                process.communicate()

    def test_agents_of_the_participants_guide_balance(self):
        cartpole = "import environment.__main__"
        self.assertEqual(self.played(quoted("participant.md", "class Agent:"), cartpole, [1, 2]), [500.0, 500.0])
        loop = "import palio\npolicy = lambda o: 1 if o[2] + o[3] > 0 else 0\n" + quoted("participant.md", "palio.AgentEnv()")
        self.assertTrue(all(total > 100 for total in self.played(loop, cartpole, [1, 2])))

    def test_environment_of_the_hosts_guide_is_played(self):
        returns = self.played(LEFT_RIGHT, quoted("host.md", "class Corridor:"), range(6))
        # From 3 to 10 steps to the door, ten points there.
        self.assertTrue(all(1.0 <= total <= 8.0 for total in returns), returns)


if __name__ == "__main__":
    unittest.main()
