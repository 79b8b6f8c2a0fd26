"""The cart-pole of Barto, Sutton and Anderson (1983), with the numbers of Gymnasium's CartPole-v1.

Equal seeds and actions give the episodes that Gymnasium gives, to the last bit of its sine and cosine (NumPy has its own on some
processors). Gymnasium and NumPy need not be installed.
"""

import math
import os
import struct

from environment.pcg64 import Pcg64
from palio import spaces

GRAVITY = 9.8
CART_MASS = 1.0
POLE_MASS = 0.1
TOTAL_MASS = CART_MASS + POLE_MASS
HALF_LENGTH = 0.5
POLE_MOMENT = POLE_MASS * HALF_LENGTH
FORCE = 10.0
SECONDS = 0.02
MAX_POSITION = 2.4
MAX_ANGLE = 12 * 2 * math.pi / 360
MAX_STEPS = 500

_FLOATS = struct.Struct("4f")


class CartPole:
    """A pole on a cart: push left (0) or right (1) to keep it upright. One point for every step."""

    observation_space = spaces.Box(
        low=[-2 * MAX_POSITION, -math.inf, -2 * MAX_ANGLE, -math.inf],
        high=[2 * MAX_POSITION, math.inf, 2 * MAX_ANGLE, math.inf],
        dtype="float32",
    )
    action_space = spaces.Discrete(2)

    def __init__(self):
        self._random = None
        self._state = (0.0, 0.0, 0.0, 0.0)
        self._steps = 0
        self._tilt = 0.0

    def reset(self, *, seed=None, options=None):
        """Begins an episode; the same seed begins the same episode."""
        if seed is not None or self._random is None:
            self._random = Pcg64(int.from_bytes(os.urandom(16), "little") if seed is None else seed)
        self._state = tuple(self._random.uniform(-0.05, 0.05) for _ in range(4))
        self._steps = 0
        self._tilt = 0.0
        return self._observation(), {}

    def step(self, action):
        """Pushes for a fiftieth of a second."""
        position, speed, angle, turning = self._state
        force = FORCE if action == 1 else -FORCE
        cosine, sine = math.cos(angle), math.sin(angle)

        push = (force + POLE_MOMENT * (turning * turning) * sine) / TOTAL_MASS
        turning_change = (GRAVITY * sine - cosine * push) / (HALF_LENGTH * (4.0 / 3.0 - POLE_MASS * (cosine * cosine) / TOTAL_MASS))
        speed_change = push - POLE_MOMENT * turning_change * cosine / TOTAL_MASS

        position += SECONDS * speed
        speed += SECONDS * speed_change
        angle += SECONDS * turning
        turning += SECONDS * turning_change

        self._state = (position, speed, angle, turning)
        self._steps += 1
        self._tilt += abs(angle)
        terminated = abs(position) > MAX_POSITION or abs(angle) > MAX_ANGLE
        return self._observation(), 1.0, terminated, self._steps >= MAX_STEPS, {}

    def metrics(self):
        """What the board may show besides the return: how far the pole leaned on average, in degrees."""
        return {"lean": math.degrees(self._tilt / self._steps)} if self._steps else {}

    def _observation(self):
        # The agent sees 32-bit numbers; the physics keep all 64 bits.
        return list(_FLOATS.unpack(_FLOATS.pack(*self._state)))
