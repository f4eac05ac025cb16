"""How CPU time grows with the size of the input: a test of complexity that a busy machine does not disturb."""

import time
from collections.abc import Callable


def growth(run: Callable[[int], object], *, small: int, large: int, rounds: int = 3) -> float:
    """Return how many times as much CPU time `run` takes at size `large` as at size `small` (best of `rounds`)."""
    return _best(run, large, rounds) / _best(run, small, rounds)


def _best(run: Callable[[int], object], size: int, rounds: int) -> float:
    times = []
    for _ in range(rounds):
        began = time.process_time()
        run(size)
        times.append(time.process_time() - began)
    return min(times)
