"""Names, stand-ins and rules come back as they were loaded."""

from pathlib import Path

import polars as pl
from polars.testing import assert_frame_equal

from copydesk.transforms.contract import ALIASES, NAMES, STAND_INS, empty
from copydesk.warehouse.queries.entities import entity_names, entity_rules, stand_ins
from copydesk.warehouse.schema import connect, migrate

ROWS = {
    "entity_names": (NAMES, [("person", "ana", "b", 2, "Ana", "PERSON", "1", "exact", 1.0)]),
    "entity_stand_ins": (STAND_INS, [("person", "ruiz", "ana ruiz", "surname", 2)]),
}


def test_what_was_loaded_comes_back(tmp_path: Path) -> None:
    with connect(tmp_path / "w.duckdb") as warehouse:
        migrate(warehouse)
        assert_frame_equal(entity_names(warehouse), empty(NAMES))
        assert_frame_equal(stand_ins(warehouse), empty(STAND_INS))
        assert [frame.height for frame in entity_rules(warehouse)] == [0, 0]
        for table, (schema, rows) in ROWS.items():
            warehouse.register("frame", pl.DataFrame(rows, schema=schema, orient="row").to_arrow())
            warehouse.execute(f"INSERT INTO {table} BY NAME SELECT * FROM frame")
        assert entity_names(warehouse).rows() == ROWS["entity_names"][1]
        assert stand_ins(warehouse).rows() == ROWS["entity_stand_ins"][1]


def test_rules_are_told_apart_by_their_origin_in_the_order_of_loading(tmp_path: Path) -> None:
    rules = [("z", "y", None, None, False), ("a", "b", "PERSON", "Q1", True), ("m", "n", None, None, False)]
    with connect(tmp_path / "w.duckdb") as warehouse:
        migrate(warehouse)
        for rule, origin in zip(rules, ("file", "hand", "file"), strict=True):
            warehouse.execute("INSERT INTO entity_rules VALUES (?, ?, ?, ?, ?, ?)", [*rule, origin])
        by_file, by_hand = entity_rules(warehouse)
    assert_frame_equal(by_file, pl.DataFrame([rules[0], rules[2]], schema=ALIASES, orient="row"))
    assert_frame_equal(by_hand, pl.DataFrame([rules[1]], schema=ALIASES, orient="row"))
