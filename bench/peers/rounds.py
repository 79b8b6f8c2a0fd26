"""Plays rounds on demand and reports each as a line of JSON."""
import json
import sys
import time


def play(step):
    """Calls ``step()`` for as many seconds as each line of standard input says."""
    for line in sys.stdin:
        seconds = float(line)
        clock = time.perf_counter_ns
        trips = []
        end = clock() + int(seconds * 1e9)
        before = clock()
        while before < end:
            step()
            after = clock()
            trips.append(after - before)
            before = after
        trips.sort()
        report = {
            "steps": len(trips),
            "p50": trips[len(trips) // 2] / 1000,
            "p99": trips[min(len(trips) - 1, len(trips) * 99 // 100)] / 1000,
        }
        print(json.dumps(report), flush=True)
