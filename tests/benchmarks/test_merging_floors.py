"""No change may let duplicates, stories or entities fall below their floors, where the evaluation data is at hand."""

import json
from collections.abc import Callable

import pytest

from benchmarks import ROOT, dedupe, entities, labels, stories
from benchmarks.scores import b_cubed
from copydesk.transforms.stories.clustering import JOIN

FLOORS = json.loads((ROOT / "seeds" / "floors_merging.json").read_text(encoding="utf-8"))["floors"]


def _stories() -> float:
    documents = stories.read_documents(ROOT.parent / "shared" / "eval" / "stories")
    return b_cubed(documents["story"].to_list(), stories.stream(documents, 50, JOIN).tolist())[2]


def _names() -> float:
    rows = labels.read("conll2020_dev")
    return labels.score_spans(rows, labels.find(rows), whole=False)[2]


MEASURES: dict[str, Callable[[], float]] = {
    "duplicates, real pairs, F1": lambda: dedupe.score_real(dedupe.judge_real())[2],
    "duplicates, real pairs, precision": lambda: dedupe.score_real(dedupe.judge_real())[0],
    "stories, batches of 50, B-cubed F1": _stories,
    "names, conll2020_dev, F": _names,
    "entities, link_aida_dev, B-cubed F": lambda: entities.score_linked("link_aida_dev")[1][2],
    "entities, link_reuters128_dev, B-cubed F": lambda: entities.score_linked("link_reuters128_dev")[1][2],
    "entities, link_reuters128_dev end to end, B-cubed F": lambda: entities.score_linked(
        "link_reuters128_dev "
    )[1][2],
    "spellings, B-cubed F": lambda: entities.score_spellings()[1][2],
    "spellings, B-cubed precision": lambda: entities.score_spellings()[1][0],
}


@pytest.mark.parametrize("name", FLOORS)
def test_no_score_is_below_its_floor(name: str) -> None:
    if not dedupe.EVAL.exists():
        pytest.skip("the evaluation data is not beside this checkout")
    assert MEASURES[name]() >= FLOORS[name]


def test_every_measure_has_a_floor() -> None:
    assert set(MEASURES) == set(FLOORS)
