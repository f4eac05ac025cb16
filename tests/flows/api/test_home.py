from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

import copydesk

pytestmark = pytest.mark.usefixtures("stub_tagger")


def test_a_run_loads_files_and_counts_them(home: Path, tmp_path: Path, article: Callable[..., str]):
    inputs = tmp_path / "in"
    inputs.mkdir()
    for number in range(2):
        (inputs / f"{number}.txt").write_text(article(number))
    (inputs / "copy.txt").write_text(article(0))
    first = copydesk.run(inputs, home=home)
    assert (first.n_records, first.n_known, first.n_quarantined, first.n_loaded) == (3, 0, 0, 2)
    again = copydesk.run([inputs / "0.txt", str(inputs / "1.txt")], home=str(home), batch_mb=1)
    assert (again.n_records, again.n_known, again.n_loaded) == (2, 2, 0)
    with copydesk.open(home) as warehouse:
        assert warehouse.sql("SELECT count(*) AS n FROM articles")["n"].item() == 2


def test_wrong_inputs_and_settings_are_named(home: Path, tmp_path: Path):
    with pytest.raises(copydesk.UsageError, match=r"^cannot read /no/such: No such file or directory$"):
        copydesk.run("/no/such", home=home)
    with pytest.raises(copydesk.UsageError, match=r"^setting batch_size: "):
        copydesk.run(tmp_path, home=home, batch_size=3)


def test_queries_give_frames(sample_home: Path):
    with copydesk.open(sample_home) as warehouse:
        assert warehouse.sql("SELECT count(*) AS n FROM runs").equals(pl.DataFrame({"n": [1]}))
        query = "SELECT doc_id FROM articles WHERE source = {} ORDER BY doc_id"
        by_place = warehouse.sql(query.format("?"), ["northern-post"])
        by_name = warehouse.sql(query.format("$outlet"), {"outlet": "northern-post"})
        assert_frame_equal(by_place, by_name)
        assert by_place.height > 0
        assert warehouse.sql(query.format("?"), ["none"]).is_empty()


def test_a_warehouse_is_read_only_and_sees_no_variables(sample_home: Path):
    with copydesk.open(sample_home) as warehouse:
        with pytest.raises(duckdb.InvalidInputException, match="read-only"):
            warehouse.sql("DELETE FROM documents")
        with pytest.raises(duckdb.CatalogException, match="by_chance does not exist"):
            by_chance = pl.DataFrame({"n": [1]})
            warehouse.sql("FROM by_chance")
        assert len(by_chance) == 1


def test_a_closed_warehouse_answers_no_more(sample_home: Path):
    warehouse = copydesk.open(str(sample_home))
    warehouse.close()
    warehouse.close()
    with pytest.raises(duckdb.ConnectionException):
        warehouse.sql("FROM runs")


def test_a_home_without_a_warehouse_is_named(home: Path):
    with pytest.raises(copydesk.UsageError, match=rf"^no warehouse at {home}/copydesk.duckdb; "):
        copydesk.open(home)
