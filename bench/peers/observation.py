"""The observation of both environments: ``small`` (4 float64), ``atari`` (84x84x4 uint8) or ``image`` (1 MiB uint8)."""
import numpy as np

SHAPES = {"small": ((4,), np.float64), "atari": ((84, 84, 4), np.uint8), "image": ((512, 512, 4), np.uint8)}


def make(kind):
    shape, dtype = SHAPES[kind]
    return np.ones(shape, dtype=dtype)
