"""The gazetteer that ships: its parts know the same names."""

import polars as pl

from copydesk.transforms.entities.gazetteer import Gazetteer


def test_a_name_is_labelled_in_capitals_as_it_is_written(gazetteer: Gazetteer) -> None:
    mixed = {name: label for name, label in gazetteer.labels.items() if len(name) > 4}
    assert len(mixed) > 1000
    written = [name for name in mixed if not name.isupper()]
    assert [name for name in written if name.upper() not in gazetteer.labels] == []


def test_a_city_is_a_city_unless_a_list_of_names_says_otherwise(gazetteer: Gazetteer) -> None:
    assert gazetteer.labels["Aachen"] == "CITY"
    assert set(gazetteer.labels.values()) >= {"CITY", "GPE"}


def test_every_listed_name_leads_to_an_entity_by_a_rule(gazetteer: Gazetteer) -> None:
    assert gazetteer.listed.select("key", "rule", "target").null_count().row(0) == (0, 0, 0)
    twice = (
        gazetteer.listed.group_by("key", "only").agg(n=pl.col("target").n_unique()).filter(pl.col("n") > 1)
    )
    assert len(twice) == 0, twice


def test_the_weights_of_evidence_are_numbers(gazetteer: Gazetteer) -> None:
    numbers = gazetteer.weights.drop("evidence")
    assert set(numbers.dtypes) == {pl.Float64}
    assert gazetteer.weights["evidence"].is_unique().all()
    assert numbers.null_count().sum_horizontal().item() == 0
