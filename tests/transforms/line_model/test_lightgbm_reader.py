"""Reading LightGBM's text format."""

from pathlib import Path

import lightgbm
import numpy as np
import pytest

from copydesk.transforms.line_model.lightgbm_reader import read_tree_ensemble
from tests.transforms.line_model.test_tree_ensemble import grow, some_rows


def test_a_forest_is_written_as_it_was_read(tmp_path: Path) -> None:
    text = grow(np.random.default_rng(3)).model_to_string()
    read_tree_ensemble(text).save_model(tmp_path / "first.txt")
    assert (tmp_path / "first.txt").read_text(encoding="utf-8") == text


def test_what_is_no_whole_binary_model_is_refused() -> None:
    draw = np.random.default_rng(4)
    text = grow(draw).model_to_string()
    matrix = some_rows(draw, 500, nan=False)
    for wrong in (
        "",
        "no tree",
        text[: len(text) // 2],
        text.replace("objective=binary", "objective=regression"),
        text.replace("\nthreshold=", "\nlimit="),
        text.replace("\nright_child=", "\nright_child=0 "),
        lightgbm.train(
            {"objective": "binary", "verbose": -1},
            lightgbm.Dataset(matrix, matrix[:, 1] > 3, categorical_feature=[1]),
            2,
        ).model_to_string(),
    ):
        with pytest.raises(ValueError, match=r"\w"):
            read_tree_ensemble(wrong)
