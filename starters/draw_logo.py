"""Draws the starters' logo, a pole on a cart, as a PNG: python3 starters/draw_logo.py FILE …"""

import math
import struct
import sys
import zlib

SIZE = 192
SAMPLES = 3
PAPER, CART, POLE, JOINT, TRACK = (246, 244, 238), (38, 70, 83), (224, 122, 63), (255, 209, 102), (150, 158, 160)


def color(x, y):
    """The picture's color at a point of the unit square, y down."""
    if (x - 0.5) ** 2 + (y - 0.7) ** 2 < 0.03**2:
        return JOINT
    # The pole leans by 12 degrees: as far as it may.
    lean = math.radians(12)
    along = (x - 0.5) * math.sin(lean) - (y - 0.7) * math.cos(lean)
    across = (x - 0.5) * math.cos(lean) + (y - 0.7) * math.sin(lean)
    if across**2 + (along - min(max(along, 0.0), 0.52)) ** 2 < 0.028**2:
        return POLE
    if abs(x - 0.5) < 0.17 and abs(y - 0.74) < 0.065:
        return CART
    if min(math.hypot(x - side, y - 0.82) for side in (0.4, 0.6)) < 0.04:
        return CART
    if abs(y - 0.868) < 0.008 and 0.1 < x < 0.9:
        return TRACK
    return PAPER


def pixel(column, row):
    offsets = [(number + 0.5) / SAMPLES for number in range(SAMPLES)]
    samples = [color((column + dx) / SIZE, (row + dy) / SIZE) for dx in offsets for dy in offsets]
    return bytes(sum(channel) // len(samples) for channel in zip(*samples))


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png():
    rows = b"".join(b"\0" + b"".join(pixel(column, row) for column in range(SIZE)) for row in range(SIZE))
    header = struct.pack(">IIBBBBB", SIZE, SIZE, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


if __name__ == "__main__":
    for name in sys.argv[1:]:
        with open(name, "wb") as file:
            file.write(png())
