"""Average linkage on a sparse graph of similarities: missing pairs count as 0.

The loop is over merges, because each depends on the one before. Ties go to the lowest number, so the outcome does not
depend on the order of the pairs.
"""

import heapq
from collections import defaultdict

import numpy as np

from copydesk.transforms.arrays import Floats, Ints


def average_link(one: Ints, other: Ints, similarity: Floats, n: int, stop: float) -> Ints:
    """Return the cluster of each of `n` items, named by its lowest member, given the similarities of pairs.

    The two clusters with the highest mean similarity are merged, until no mean similarity is at least `stop`.
    """
    cross: defaultdict[int, dict[int, float]] = defaultdict(dict)
    size, label = [1] * n, list(range(n))
    heap = []
    for a, b, value in zip(one.tolist(), other.tolist(), similarity.tolist(), strict=True):
        cross[a][b] = cross[b][a] = value
        if value >= stop:
            heap.append((-value, min(a, b), max(a, b)))
    heapq.heapify(heap)
    while heap:
        value, a, b = heapq.heappop(heap)
        if label[a] != a or label[b] != b or -value != cross[a][b] / (size[a] * size[b]):
            continue  # outdated: one of the two has grown or was merged
        del cross[a][b]
        for c, sum_of_b in cross.pop(b).items():
            if c != a:
                del cross[c][b]
                cross[a][c] = cross[c][a] = cross[a].get(c, 0.0) + sum_of_b
        size[a] += size[b]
        label[b] = a
        for c, total in cross[a].items():
            if (mean := total / (size[a] * size[c])) >= stop:
                heapq.heappush(heap, (-mean, min(a, c), max(a, c)))
    for item in range(n):  # labels point to lower numbers only
        label[item] = label[label[item]]
    return np.array(label, np.int64)
