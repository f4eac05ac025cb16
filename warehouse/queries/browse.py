"""What the browser asks of the warehouse: numbers, articles found by words, one document, the quarantine."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import duckdb
import polars as pl

#: Of a text that is longer, only so many characters are fetched for a snippet.
LONGEST = 200_000
#: Documents that readers see: see the view articles.
IS_ARTICLE = "doc_id NOT IN (SELECT doc_id FROM duplicates WHERE doc_id <> canonical_doc_id)"


class SearchQuery(NamedTuple):
    """What a search is for: words that must all occur, and filters; empty means any."""

    words: tuple[str, ...] = ()
    source: str = ""
    lang: str = ""
    first_day: date | None = None
    last_day: date | None = None
    story: str = ""
    entity: str = ""


_FILTERS = {
    "source": "d.source = $source",
    "lang": "d.lang = $lang",
    "first_day": "coalesce(s.\"at\", d.published_at) >= CAST($first_day AS TIMESTAMPTZ)",
    "last_day": "coalesce(s.\"at\", d.published_at) < CAST($last_day AS TIMESTAMPTZ) + INTERVAL 1 DAY",
    "story": "s.story_id = $story",
    "entity": "d.doc_id IN (SELECT doc_id FROM mentions WHERE entity_id = $entity)",
}  # fmt: skip


def rows(
    connection: duckdb.DuckDBPyConnection, sql: str, parameters: dict[str, Any] | None = None
) -> pl.DataFrame:
    """Return the rows of one statement."""
    return connection.execute(sql, parameters or {}).pl()


def search(
    connection: duckdb.DuckDBPyConnection, wanted: SearchQuery, *, limit: int, offset: int
) -> tuple[int, pl.DataFrame]:
    """Return how many articles are `wanted`, and `limit` of them from `offset` on.

    Those whose headline holds all words come first, then the newest. Capitals and accents do not count. Columns:
    doc_id, title, source, lang, at, at_from, n_words, n_duplicates, story_id, story (null where it has one article),
    text (its first LONGEST characters).
    """
    chosen = {name: value for name in _FILTERS if (value := getattr(wanted, name))}
    folded = [f"lower(strip_accents($w{n}))" for n in range(len(wanted.words))]
    found = rows(
        connection,
        "WITH folded AS ("
        "    SELECT d.rowid AS place, d.doc_id, coalesce(s.\"at\", d.published_at) AS moment, "
        "        lower(strip_accents(coalesce(d.title, ''))) AS title, lower(strip_accents(d.text)) AS text "
        "    FROM documents AS d LEFT JOIN story_documents AS s USING (doc_id) "
        f"    WHERE {' AND '.join([f'd.{IS_ARTICLE}', *(_FILTERS[name] for name in chosen)])}"
        f") SELECT place, {' AND '.join([f'contains(title, {word})' for word in folded]) or 'false'} AS in_title "
        "FROM folded "
        f"WHERE {' AND '.join(f'(contains(title, {w}) OR contains(text, {w}))' for w in folded) or 'true'} "
        "ORDER BY in_title DESC, moment DESC NULLS LAST, doc_id",
        chosen | {f"w{n}": word for n, word in enumerate(wanted.words)},
    )  # fmt: skip
    return len(found), _listed(connection, found["place"].slice(offset, limit))


def _listed(connection: duckdb.DuckDBPyConnection, places: pl.Series) -> pl.DataFrame:
    """Return what a list of articles shows of the documents at `places`, in their order."""
    return rows(
        connection,
        "SELECT d.doc_id, d.title, d.source, d.lang, coalesce(s.\"at\", d.published_at) AS \"at\", s.at_from, "
        "    d.n_words, coalesce(c.n, 0) AS n_duplicates, s.story_id, t.label AS story, left(d.text, $longest) AS text "
        "FROM documents AS d LEFT JOIN story_documents AS s USING (doc_id) "
        "LEFT JOIN (SELECT * FROM stories WHERE n_documents > 1) AS t USING (story_id) "
        "LEFT JOIN (SELECT canonical_doc_id AS doc_id, count(*) AS n FROM duplicates GROUP BY ALL) AS c USING (doc_id) "
        "WHERE d.rowid IN (SELECT unnest($places)) ORDER BY list_position($places, d.rowid)",
        {"places": places.to_list(), "longest": LONGEST},
    )  # fmt: skip


def list_values(connection: duckdb.DuckDBPyConnection, column: str) -> list[str]:
    """Return the values of one column of documents (source or lang) in the alphabet."""
    found = rows(connection, f"SELECT DISTINCT \"{column}\" AS c FROM documents WHERE c <> '' ORDER BY c")
    return found["c"].to_list()


def home(connection: duckdb.DuckDBPyConnection) -> dict[str, pl.DataFrame]:
    """Return what the first page shows, by name.

    numbers: one row of counts; run: the latest one, or no row; funnel: its stages; unmet: those of its expectations
    that were not met.
    """
    return {name: rows(connection, sql) for name, sql in _HOME.items()}


def numbers(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Return how many articles, merged records, stories, entities, sources and quarantined records there are."""
    return rows(connection, _HOME["numbers"]).row(0, named=True)


_LATEST = "(SELECT run_id FROM runs ORDER BY started_at DESC, rowid DESC LIMIT 1)"
_HOME = {
    "numbers": f"""
        SELECT (SELECT count(*) FROM documents WHERE {IS_ARTICLE}) AS articles,
            (SELECT count(*) FROM duplicates) AS merged,
            (SELECT count(*) FROM stories WHERE n_documents > 1) AS stories,
            (SELECT count(*) FROM entities) AS entities,
            (SELECT count(DISTINCT source) FROM documents) AS sources,
            (SELECT count(*) FROM quarantine WHERE state = 'rejected') AS quarantined
    """,
    "run": f"""
        SELECT started_at, finished_at, state, n_records, n_known, n_loaded, n_duplicates, n_quarantined
        FROM runs WHERE run_id = {_LATEST} LIMIT 1
    """,
    "funnel": f"SELECT stage, n_in, n_quarantined, n_out, seconds FROM run_funnel WHERE run_id = {_LATEST}",
    "unmet": f"""
        SELECT stage, expectation, severity, observed, n_unexpected FROM quality_results
        WHERE NOT success AND run_id = {_LATEST} ORDER BY severity, stage, expectation
    """,
}


def document(connection: duckdb.DuckDBPyConnection, doc_id: str) -> dict[str, pl.DataFrame]:
    """Return what the page of one document shows, by name.

    document: its row, or none; mentions, in order; entities: those it names, most first; copies: the records merged
    into it; canonical: the document it was merged into; story: other articles of its story; records: where it was read.
    """
    return {name: rows(connection, sql, {"doc_id": doc_id}) for name, sql in _DOCUMENT.items()}


_DOCUMENT = {
    "document": """
        SELECT d.* EXCLUDE (fingerprint), s.story_id, s."at", s.at_from, t.label AS story, t.n_documents, t.n_sources,
            (SELECT count(*) FROM edits WHERE doc_id = $doc_id) AS n_edits
        FROM documents AS d
        LEFT JOIN duplicates AS u ON u.doc_id = d.doc_id AND u.canonical_doc_id <> d.doc_id
        LEFT JOIN story_documents AS s ON s.doc_id = coalesce(u.canonical_doc_id, d.doc_id)
        LEFT JOIN stories AS t USING (story_id)
        WHERE d.doc_id = $doc_id LIMIT 1
    """,
    "mentions": """
        SELECT m.start, m."end", m.entity_id, m.label, m.resolved_by, e.name
        FROM mentions AS m INNER JOIN entities AS e USING (entity_id)
        WHERE m.doc_id = $doc_id ORDER BY m.start, m."end" DESC
    """,
    "entities": """
        SELECT e.entity_id, e.name, mode(m.label) AS label, count(*) AS n_mentions
        FROM mentions AS m INNER JOIN entities AS e USING (entity_id)
        WHERE m.doc_id = $doc_id GROUP BY e.entity_id, e.name ORDER BY n_mentions DESC, e.name, e.entity_id
    """,
    "copies": """
        SELECT u.doc_id, u.kind, u.similarity, u.containment, u.uri, d.source, d.title
        FROM duplicates AS u INNER JOIN documents AS d USING (doc_id)
        WHERE u.canonical_doc_id = $doc_id ORDER BY u.similarity DESC, u.uri, u.record LIMIT 200
    """,
    "canonical": """
        SELECT DISTINCT u.kind, u.similarity, u.containment, d.doc_id, d.source, d.title
        FROM duplicates AS u INNER JOIN documents AS d ON d.doc_id = u.canonical_doc_id
        WHERE u.doc_id = $doc_id AND u.canonical_doc_id <> $doc_id
    """,
    "story": """
        SELECT d.doc_id, d.title, d.source, o."at", o.at_from
        FROM story_documents AS s
        INNER JOIN story_documents AS o ON o.story_id = s.story_id AND o.doc_id <> s.doc_id
        INNER JOIN documents AS d ON d.doc_id = o.doc_id
        WHERE s.doc_id = $doc_id ORDER BY o."at" DESC, d.doc_id LIMIT 6
    """,
    "records": """
        SELECT uri, fetched_at, media_type, charset FROM raw_documents WHERE doc_id = $doc_id
        ORDER BY uri, record LIMIT 20
    """,
}


def is_document(connection: duckdb.DuckDBPyConnection, doc_id: str) -> bool | None:
    """Say whether `doc_id` is a document (True) or a record that was rejected (False); None where it is neither."""
    found = rows(
        connection,
        "SELECT true AS it FROM documents WHERE doc_id = $doc_id "
        "UNION ALL SELECT false FROM quarantine WHERE doc_id = $doc_id ORDER BY it DESC LIMIT 1",
        {"doc_id": doc_id},
    )
    return None if found.is_empty() else bool(found["it"][0])


def is_quarantined(connection: duckdb.DuckDBPyConnection, doc_ids: Sequence[str]) -> bool:
    """Say whether all of `doc_ids` are in quarantine."""
    found = rows(
        connection,
        "SELECT DISTINCT doc_id FROM quarantine WHERE state = 'rejected' AND doc_id IN (SELECT unnest($ids))",
        {"ids": list(doc_ids)},
    )
    return len(found) == len(set(doc_ids))


def quarantine(
    connection: duckdb.DuckDBPyConnection, stage: str, expectation: str, *, limit: int, offset: int
) -> tuple[int, pl.DataFrame]:
    """Return how many records are in quarantine, and `limit` of them from `offset` on, the latest first.

    Columns: doc_id, uri, record, stage, expectation, detail, size in bytes (null where none were kept), started_at of
    the run. Only of one `stage` or `expectation` where these are not empty. What a later run took up does not count.
    """
    where = (
        "WHERE state = 'rejected' AND ($stage = '' OR stage = $stage) "
        "AND ($expectation = '' OR expectation = $expectation)"
    )
    given = {"stage": stage, "expectation": expectation}
    n = rows(connection, f"SELECT count(*) AS n FROM quarantine {where}", given)["n"][0]
    found = rows(
        connection,
        "SELECT q.doc_id, q.uri, q.record, q.stage, q.expectation, q.detail, octet_length(q.payload) AS size, "
        f"    r.started_at FROM (SELECT * FROM quarantine {where}) AS q LEFT JOIN runs AS r USING (run_id) "
        "ORDER BY r.started_at DESC NULLS LAST, q.uri, q.record, q.doc_id LIMIT $limit OFFSET $offset",
        given | {"limit": limit, "offset": offset},
    )
    return n, found


def reasons(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Return how many records each expectation put in quarantine: stage, expectation, n."""
    return rows(
        connection,
        "SELECT stage, expectation, count(*) AS n FROM quarantine WHERE state = 'rejected' "
        "GROUP BY ALL ORDER BY n DESC, 1, 2",
    )
