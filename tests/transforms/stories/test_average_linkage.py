"""Average linkage: against a plain implementation."""

from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from copydesk.transforms.stories.average_linkage import average_link

#: Similarities of pairs of eight items, all different, so that there are no ties.
graphs = st.dictionaries(
    st.sampled_from(list(combinations(range(8), 2))), st.integers(1, 10**6), max_size=28
).filter(lambda graph: len(set(graph.values())) == len(graph))


def link(graph: dict[tuple[int, int], float], stop: float) -> list[int]:
    pairs = np.array(list(graph), np.int64).reshape(-1, 2)
    return average_link(pairs[:, 0], pairs[:, 1], np.array(list(graph.values()), float), 8, stop).tolist()


def link_plainly(graph: dict[tuple[int, int], float], stop: float) -> list[int]:
    clusters = [{item} for item in range(8)]
    while True:
        means = {
            (a, b): sum(graph.get((min(i, j), max(i, j)), 0) for i in one for j in other)
            / (len(one) * len(other))
            for (a, one), (b, other) in combinations(enumerate(clusters), 2)
        }
        best = max(means, key=lambda pair: means[pair], default=None)
        if best is None or means[best] < stop:
            return [min(cluster) for item in range(8) for cluster in clusters if item in cluster]
        clusters[best[0]] |= clusters.pop(best[1])


@settings(max_examples=80)
@given(graphs, st.integers(1, 10**6))
def test_it_is_average_linkage(graph: dict[tuple[int, int], int], stop: int):
    scaled = {pair: value / 10**6 for pair, value in graph.items()}
    assert link(scaled, stop / 10**6) == link_plainly(scaled, stop / 10**6)
    backwards = {(b, a): value for (a, b), value in reversed(scaled.items())}
    assert link(backwards, stop / 10**6) == link(scaled, stop / 10**6)


def test_a_chain_is_not_one_cluster():
    chain = {(at, at + 1): 0.6 for at in range(7)}
    assert max(map(link(chain, 0.45).count, range(8))) == 2
