"""The tree ensemble: the same probabilities as LightGBM's."""

import lightgbm
import numpy as np
import pytest

from copydesk.transforms.line_model.lightgbm_reader import read_tree_ensemble


def grow(
    draw: np.random.Generator, *, nan: bool = True, rounds: int = 7, leaves: int = 31
) -> lightgbm.Booster:
    matrix = some_rows(draw, 2000, nan=nan)
    target = (np.nan_to_num(matrix[:, 0]) + np.nan_to_num(matrix[:, 2]) ** 2 + draw.normal(size=2000)) > 1
    options = {
        "objective": "binary",
        "num_leaves": leaves,
        "min_data_in_leaf": 5,
        "verbose": -1,
        "num_threads": 1,
    }
    return lightgbm.train(options, lightgbm.Dataset(matrix, target), rounds)


def some_rows(draw: np.random.Generator, n: int, *, nan: bool = True) -> np.ndarray:
    """Rows of five features: a wide one, counts, one with zeros, a flag, a constant; NaN in the first and third."""
    matrix = draw.normal(scale=3, size=(n, 5)).astype(np.float32)
    matrix[:, 1] = draw.integers(0, 9, n)
    matrix[:, 2] *= draw.random(n) < 0.5
    matrix[:, 3] = draw.random(n) < 0.1
    matrix[:, 4] = 1
    if nan:
        matrix[draw.random(n) < 0.2, 0] = np.nan
        matrix[draw.random(n) < 0.01, 2] = np.nan
    return matrix


@pytest.mark.parametrize("nan", [True, False])
@pytest.mark.parametrize("leaves", [2, 3, 16, 17, 31, 64, 250])
def test_every_row_has_the_probability_that_lightgbm_gives_it(leaves: int, nan: bool) -> None:
    draw = np.random.default_rng(leaves)
    booster = grow(draw, nan=nan, leaves=leaves)
    forest = read_tree_ensemble(booster.model_to_string())
    for n in (0, 1, 63, 64, 65, 3000):
        matrix = some_rows(draw, n)  # NaN also where no tree has seen one
        wanted = booster.predict(matrix) if n else np.zeros(0)
        np.testing.assert_allclose(forest.predict(matrix), wanted, rtol=1e-14, atol=0)
        np.testing.assert_array_equal(forest.predict(np.asfortranarray(matrix)), forest.predict(matrix))


def test_values_at_a_threshold_and_beside_it_go_where_lightgbm_sends_them() -> None:
    draw = np.random.default_rng(1)
    booster = grow(draw)
    forest = read_tree_ensemble(booster.model_to_string())
    for feature in range(5):
        at = np.array([q.most for q in forest.questions if q.feature == feature], np.float32)
        near = np.concatenate(
            [at, np.nextafter(at, np.float32(-np.inf)), np.nextafter(at, np.float32(np.inf))]
        )
        matrix = np.resize(some_rows(draw, 50), (len(near), 5))
        matrix[:, feature] = near
        if len(near):
            np.testing.assert_allclose(forest.predict(matrix), booster.predict(matrix), rtol=1e-14, atol=0)


def test_more_rows_than_are_looked_at_together(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = np.random.default_rng(2)
    forest = read_tree_ensemble(grow(draw).model_to_string())
    matrix = some_rows(draw, 1000)
    whole = forest.predict(matrix)
    monkeypatch.setattr("copydesk.transforms.line_model.tree_ensemble._ROWS", 64 * 5 + 3)
    np.testing.assert_array_equal(forest.predict(matrix), whole)


def test_trees_of_one_leaf_say_how_common_the_positive_rows_are() -> None:
    matrix, target = np.ones((100, 2), np.float32), np.arange(100) < 25
    booster = lightgbm.train({"objective": "binary", "verbose": -1}, lightgbm.Dataset(matrix, target), 3)
    found = read_tree_ensemble(booster.model_to_string()).predict(matrix)
    np.testing.assert_allclose(found, booster.predict(matrix), rtol=1e-14)
