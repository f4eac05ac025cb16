"""The schema: the warehouse's columns are the contract's, everything has a comment, migrations run once."""

import re
import shutil
from pathlib import Path

import duckdb
import pytest

from copydesk.transforms import contract
from copydesk.warehouse import schema
from copydesk.warehouse.schema import UnusableWarehouse, connect, is_current, migrate, transaction

#: Table -> the frame it holds, and the frame's columns that the table leaves out.
FRAMES: dict[str, tuple[contract.Schema, set[str]]] = {
    "raw_documents": (contract.RAW, {"title", "published_at", "fault", "payload"}),
    "documents": (contract.CLEAN, {"is_listing"}),
    "edits": (contract.EDITS, set()),
    "source_lines": (contract.SOURCE_LINES, set()),
    "signatures": (contract.SIGNATURES, set()),
    "duplicates": (contract.DUPLICATES, set()),
    "story_documents": (contract.STORY_DOCUMENTS, set()),
    "story_terms": (contract.TERMS, set()),
    "mentions": (contract.MENTIONS, set()),
    "entities": (contract.ENTITIES, set()),
    "entity_names": (contract.NAMES, set()),
    "entity_stand_ins": (contract.STAND_INS, set()),
    "entity_rules": (contract.ALIASES, set()),
    "quarantine": (contract.QUARANTINE, set()),
}
TYPES = {
    "String": {"VARCHAR"},
    "Int64": {"BIGINT"},
    "UInt64": {"UBIGINT"},
    "Float64": {"DOUBLE"},
    "Boolean": {"BOOLEAN"},
    "Binary": {"BLOB"},
    "List(UInt32)": {"UINTEGER[]"},
    "List(Float32)": {"FLOAT[]"},
    "Datetime(time_unit='us', time_zone='UTC')": {"TIMESTAMP WITH TIME ZONE"},
}
#: The columns that DESIGN.md promises.
PROMISED = {
    "runs": "run_id started_at finished_at state n_records n_loaded n_duplicates n_quarantined code_version settings",
    "raw_documents": "doc_id uri record source media_type charset record_start record_end fetched_at raw_text run_id",
    "documents": "doc_id uri source title byline published_at lang text n_words kept_share revision_of run_id",
    "edits": "doc_id start end rule replacement score evidence",
    "duplicates": "doc_id canonical_doc_id kind similarity containment run_id",
    "entities": "entity_id label name country_code kb_id n_documents first_seen last_seen",
    "mentions": "doc_id start end surface label entity_id resolved_by score",
    "stories": "story_id label first_at last_at n_documents n_sources",
    "story_documents": "story_id doc_id score",
    "quarantine": "uri record doc_id stage expectation detail payload run_id state",
    "quality_results": "run_id stage suite expectation severity success observed n_unexpected doc_ids",
    "schema_migrations": "version name applied_at",
    "articles": "doc_id story_id source title byline published_at lang text n_words n_duplicates",
}
VIEWS = {
    "articles",
    "entity_days",
    "entity_pairs",
    "entity_aliases",
    "story_sources",
    "boilerplate_rules",
    "document_overlaps",
    "run_funnel",
}


@pytest.fixture
def warehouse(tmp_path: Path) -> duckdb.DuckDBPyConnection:
    connection = connect(tmp_path / "w.duckdb")
    migrate(connection)
    return connection


def described(warehouse: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    return {row[0]: row[1] for row in warehouse.execute(f"DESCRIBE {table}").fetchall()}


@pytest.mark.parametrize("table", FRAMES)
def test_tables_hold_the_frames_of_the_contract(warehouse: duckdb.DuckDBPyConnection, table: str) -> None:
    frame, left_out = FRAMES[table]
    columns = described(warehouse, table)
    for name, dtype in frame.items():
        if name not in left_out:
            assert columns[name] in TYPES[str(dtype)], name


@pytest.mark.parametrize("table", PROMISED)
def test_promised_columns_are_there(warehouse: duckdb.DuckDBPyConnection, table: str) -> None:
    assert set(PROMISED[table].split()) <= set(described(warehouse, table))


def test_everything_has_a_comment(warehouse: duckdb.DuckDBPyConnection) -> None:
    bare = warehouse.execute(
        "SELECT table_name FROM duckdb_tables() WHERE comment IS NULL UNION ALL "
        "SELECT view_name FROM duckdb_views() WHERE NOT internal AND comment IS NULL UNION ALL "
        "SELECT table_name || '.' || column_name FROM duckdb_columns() WHERE NOT internal AND comment IS NULL"
    ).fetchall()
    assert bare == []


def test_views_are_the_promised_ones_and_can_be_read(warehouse: duckdb.DuckDBPyConnection) -> None:
    views = {
        row[0]
        for row in warehouse.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()
    }
    assert views == VIEWS
    for view in views:
        assert warehouse.execute(f"SELECT * FROM {view}").fetchall() == []


def test_migrations_run_once(tmp_path: Path) -> None:
    with connect(tmp_path / "w.duckdb") as connection:
        assert migrate(connection) == [
            "0001_tables",
            "0002_clean",
            "0003_index",
            "0004_stories",
            "0005_entities",
            "0006_retry",
            "0007_gates",
            "0008_merged_texts",
            "0009_gate_asks",
            "0010_canonical",
            "0011_comments",
            "0012_digests",
            "0014_article_score",
            "0015_origins_of_dates",
        ]
        assert migrate(connection) == []


def test_a_warehouse_of_a_newer_version_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    with connect(tmp_path / "w.duckdb") as connection:
        migrate(connection)
        assert is_current(connection)
        connection.execute("INSERT INTO schema_migrations VALUES (99, '0099_future', now())")
        for ask in (is_current, migrate):
            with pytest.raises(UnusableWarehouse, match=r"newer version .*0099_future\); update copydesk"):
                ask(connection)


@pytest.mark.parametrize(
    "made",
    [
        "CREATE TABLE orders (id INT)",
        "CREATE VIEW v AS SELECT 1",
        "CREATE TABLE schema_migrations (version INT)",
    ],
)
def test_a_database_of_another_program_is_named_and_left_as_it_is(tmp_path: Path, made: str) -> None:
    with connect(tmp_path / "w.duckdb") as connection:
        assert not is_current(connection)
        connection.execute(made)
        for ask in (is_current, migrate):
            with pytest.raises(
                UnusableWarehouse, match=r"another program, with the tables (orders|v|schema_)"
            ):
                ask(connection)
        assert connection.execute("SELECT count(*) FROM duckdb_tables()").fetchone() in ((0,), (1,))


def at_version(path: Path, version: int) -> duckdb.DuckDBPyConnection:
    """Return a warehouse as the migrations up to `version` leave it."""
    connection = connect(path)
    for file in sorted((schema.HERE / "migrations").glob("*.sql"))[:version]:
        connection.execute(file.read_text())
        connection.execute(
            "INSERT INTO schema_migrations VALUES (?, ?, now())", [int(file.stem[:4]), file.stem]
        )
    return connection


def test_rows_of_an_older_version_name_their_texts_after_migrating(tmp_path: Path) -> None:
    with at_version(tmp_path / "w.duckdb", 7) as connection:
        connection.execute(
            "INSERT INTO signatures SELECT d, k, 9, NULL, 0, 0, [] FROM (VALUES ('a', 1), ('b', 2)) t(d, k)"
        )
        for doc_id, canonical in (("b", "a"), ("a", "a"), ("unsigned", "a")):
            connection.execute(
                "INSERT INTO duplicates VALUES (?, ?, 'near', 1, 1, 'u', 0, 'r', 1)", [doc_id, canonical]
            )
        assert migrate(connection)[0] == "0008_merged_texts"
        found = connection.execute(
            "SELECT doc_id, text_key, canonical_key FROM duplicates ORDER BY 1"
        ).fetchall()
    assert found == [("a", None, None), ("b", 2, 1), ("unsigned", None, None)]


def test_the_containment_of_an_older_version_keeps_its_values_under_its_new_name(tmp_path: Path) -> None:
    with at_version(tmp_path / "w.duckdb", 8) as connection:
        connection.execute(
            "INSERT INTO duplicates VALUES ('b', 'a', 'near', 0.5, 0.75, 'u', 0, 'r', 0.25, 2, 1)"
        )
        before = connection.execute("SELECT * FROM duplicates").fetchall()
        assert "0010_canonical" in migrate(connection)
        assert connection.execute("SELECT * FROM duplicates").fetchall() == before
        assert connection.execute("SELECT canonical_containment FROM duplicates").fetchall() == [(0.25,)]
        assert "keeper_containment" not in described(connection, "duplicates")


def test_a_migration_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "migrations").mkdir()
    shutil.copytree(schema.HERE / "views", tmp_path / "views")
    good = (schema.HERE / "migrations" / "0001_tables.sql").read_text()
    (tmp_path / "migrations" / "0001_tables.sql").write_text(good)
    (tmp_path / "migrations" / "0002_broken.sql").write_text(
        "CREATE TABLE fine (a INT); CREATE TABLE broken ("
    )
    monkeypatch.setattr(schema, "HERE", tmp_path)
    with connect(tmp_path / "w.duckdb") as connection:
        with pytest.raises(duckdb.Error):
            migrate(connection)
        assert connection.execute("SELECT count(*) FROM duckdb_tables()").fetchone() == (0,)


@pytest.mark.parametrize("missing", ["migrations", "views"])
@pytest.mark.parametrize("as_folder", [True, False])
def test_a_package_without_its_sql_files_makes_no_warehouse(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: str, as_folder: bool
) -> None:
    for folder in ("migrations", "views"):
        shutil.copytree(schema.HERE / folder, tmp_path / folder)
    shutil.rmtree(tmp_path / missing)
    if as_folder:
        (tmp_path / missing).mkdir()
    monkeypatch.setattr(schema, "HERE", tmp_path)
    with connect(tmp_path / "w.duckdb") as connection:
        with pytest.raises(FileNotFoundError, match=f"no SQL files in .*{missing}: .* install it again"):
            migrate(connection)
        assert connection.execute("SELECT count(*) FROM duckdb_tables()").fetchone() == (0,)


def test_a_transaction_is_whole_or_nothing(warehouse: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(KeyError), transaction(warehouse):
        warehouse.execute("INSERT INTO story_documents (story_id, doc_id, score) VALUES ('s', 'd', 1)")
        raise KeyError
    assert warehouse.execute("SELECT count(*) FROM story_documents").fetchone() == (0,)


def test_the_file_is_not_inflated_by_text(tmp_path: Path) -> None:
    """Text columns are compressed with zstd."""
    with connect(tmp_path / "w.duckdb") as connection:
        migrate(connection)
        connection.execute(
            "INSERT INTO raw_documents SELECT range, 'u', 0, 's', 'text/plain', 'utf-8', 0, 1, NULL, "
            "repeat('the harbour board met on tuesday ' || range || ' ', 100), 'r' FROM range(20000)"
        )
        connection.execute("CHECKPOINT")
        used = connection.execute(
            "SELECT DISTINCT compression FROM pragma_storage_info('raw_documents') "
            "WHERE column_name = 'raw_text' AND segment_type = 'VARCHAR'"
        ).fetchall()
    assert [name.lower() for (name,) in used] == ["zstd"]


def test_comments_describe_their_columns(warehouse: duckdb.DuckDBPyConnection) -> None:
    """No comment leans on another table ("As in duplicates.") or on the one before it ("The reverse.")."""
    comments = warehouse.execute(
        "SELECT table_name || '.' || column_name, comment FROM duckdb_columns() WHERE NOT internal"
    ).fetchall()
    leaning = [
        name for name, text in comments if re.match(r"(As in|The (others?|reverse|run|entity)\b)", text)
    ]
    short = [name for name, text in comments if len(text.split()) < 2]
    assert (leaning, short) == ([], [])


def test_tables_and_views_state_what_one_row_is(warehouse: duckdb.DuckDBPyConnection) -> None:
    comments = warehouse.execute(
        "SELECT table_name, comment FROM duckdb_tables() UNION ALL "
        "SELECT view_name, comment FROM duckdb_views() WHERE NOT internal"
    ).fetchall()
    assert [name for name, text in comments if not text.startswith(("One row: one ", "One row: two "))] == []
