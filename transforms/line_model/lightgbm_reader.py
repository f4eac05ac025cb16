"""Read LightGBM's text format of a model as a TreeEnsemble."""

import numpy as np

from copydesk.transforms.arrays import Floats
from copydesk.transforms.line_model.tree_ensemble import Node, Question, Tree, TreeEnsemble

#: Bits of LightGBM's decision types: a categorical test, whether NaN passes, and two bits that say how NaN is
#: treated: as zero, or as a separate value.
_CATEGORICAL, _DEFAULT_LEFT, _MISSING_SHIFT, _NONE, _NAN = 1, 2, 2, 0, 2


def read_tree_ensemble(text: str) -> TreeEnsemble:
    """Read the trees of a LightGBM model file with a binary objective. Raises ValueError for anything else."""
    trees, end, _ = text.partition("\nend of trees")
    if not end or "\nobjective=binary sigmoid:1\n" not in trees:
        raise ValueError("not a complete LightGBM model with a binary objective")
    try:
        read = [_read_tree(tree) for tree in trees.split("\nTree=")[1:]]
    except KeyError as error:
        raise ValueError(f"a tree lacks {error}") from error
    # questions sorted by feature: its column stays in the cache
    number = {
        question: place
        for place, question in enumerate(sorted({q for questions, _, _ in read for q in questions}))
    }
    grown = [
        Tree(
            tuple(Node(number[question], *pair) for question, pair in zip(questions, pairs, strict=True)),
            values,
        )
        for questions, pairs, values in read
    ]
    return TreeEnsemble(tuple(number), tuple(grown), text)


def _read_tree(text: str) -> tuple[list[Question], list[tuple[int, int]], Floats]:
    """Return the questions of the nodes, their children and the values of the leaves."""
    entry = {name: value.split() for name, _, value in (line.partition("=") for line in text.splitlines())}
    features, kinds, lefts, rights = (
        list(map(int, entry[name]))
        for name in ("split_feature", "decision_type", "left_child", "right_child")
    )
    thresholds = map(float, entry["threshold"])
    n = len(features)
    questions = [_read_question(*node) for node in zip(features, thresholds, kinds, strict=True)]
    pairs = [
        (
            left if left >= 0 else n - 1 - left,
            right if right >= 0 else n - 1 - right,
        )  # leaf k is written -1 - k
        for left, right in zip(lefts, rights, strict=True)
    ]
    return questions, pairs, np.array(entry["leaf_value"], np.float64)


def _read_question(feature: int, threshold: float, kind: int) -> Question:
    """Return the test of a node with its threshold rounded down to float32. Raises ValueError for categorical
    tests.
    """
    if kind & _CATEGORICAL or kind >> _MISSING_SHIFT not in {_NONE, _NAN}:
        raise ValueError("a tree tests categories, or treats zero as missing")
    most = np.float32(threshold)
    if float(most) > threshold:  # the largest float32 below: none lies between
        most = np.nextafter(most, np.float32(-np.inf))
    nan = bool(kind & _DEFAULT_LEFT) if kind >> _MISSING_SHIFT == _NAN else threshold >= 0
    return Question(feature, float(most), nan)
