"""Values of a query have one form, whatever the format that they are printed in."""

import json

import duckdb

from copydesk.flows.cli.row_forms import plain, to_json

_QUERY = """
    SELECT
        TIMESTAMPTZ '2026-01-02 03:04:05.25+02' AS zoned, TIMESTAMP '2026-01-02 03:04:05' AS "a ""time",
        DATE '2026-01-02' AS day,
        TIME '03:04:00' AS clock, INTERVAL 3 DAY AS span, 1.50 AS price, '\\x00\\xFF'::BLOB AS bytes,
        [TIMESTAMP '2026-01-02 03:04:05'] AS times, {'a': 1, 'b': 'x'} AS pair, MAP {'k': 1} AS pairs,
        uuid '00000000-0000-0000-0000-000000000001' AS id, true AS yes, 'NaN'::DOUBLE AS ratio, NULL AS nothing,
        '{"a": 1}'::JSON AS json, 'w'::ENUM ('w') AS kind
"""
_TIMES = {
    "zoned": "2026-01-02 01:04:05.25",
    'a "time': "2026-01-02 03:04:05",
    "day": "2026-01-02",
    "clock": "03:04:00",
    "span": "3 days",
    "bytes": "00ff",
    "id": "00000000-0000-0000-0000-000000000001",
    "kind": "w",
}


def test_text_forms() -> None:
    (row,) = plain(duckdb.connect().sql(_QUERY)).pl().to_dicts()
    assert {name: row[name] for name in _TIMES} == _TIMES
    assert row["times"] == '["2026-01-02 03:04:05"]'
    assert row["pair"] == '{"a":1,"b":"x"}'
    assert row["yes"] is True
    assert row["nothing"] is None


def test_json_has_the_same_forms_and_numbers() -> None:
    (row,) = json.loads(to_json(duckdb.connect().sql(_QUERY)))
    assert {name: row[name] for name in _TIMES} == _TIMES
    assert (row["price"], row["ratio"], row["json"], row["times"]) == (
        1.5,
        "nan",
        {"a": 1},
        ["2026-01-02 03:04:05"],
    )
    assert row["pair"] == {"a": 1, "b": "x"}
