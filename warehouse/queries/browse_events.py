"""Stories in the web UI."""

import duckdb
import polars as pl

from copydesk.warehouse.queries.browse import rows

_ORDERS = {"latest": "last_at DESC NULLS LAST", "largest": "n_documents DESC, last_at DESC NULLS LAST"}
#: How the list of stories may be sorted.
ORDERS = tuple(_ORDERS)


def stories(
    connection: duckdb.DuckDBPyConnection,
    words: str = "",
    *,
    order: str = "latest",
    alone: bool = False,
    limit: int,
    offset: int = 0,
) -> tuple[int, pl.DataFrame]:
    """Return how many stories have `words` in their label, and `limit` of them from `offset` on.

    Stories of one article are left out unless `alone`. Raises KeyError for an `order` that is not in ORDERS.
    """
    where = (
        "WHERE contains(lower(strip_accents(coalesce(label, ''))), lower(strip_accents($words))) "
        "AND ($alone OR n_documents > 1)"
    )
    given = {"words": words, "alone": alone}
    n = rows(connection, f"SELECT count(*) AS n FROM stories {where}", given)["n"][0]
    found = rows(
        connection,
        f"SELECT * FROM stories {where} ORDER BY {_ORDERS[order]}, story_id LIMIT $limit OFFSET $offset",
        given | {"limit": limit, "offset": offset},
    )
    return n, found


def story(connection: duckdb.DuckDBPyConnection, story_id: str) -> dict[str, pl.DataFrame]:
    """Return the frames of the page of one story by name.

    story: its row, or no row. sources: the first report of each outlet and the number of its reports, with copies, the
    earliest first. articles: the first 200 by time. changes: articles that left it or came from another story.
    """
    return {name: rows(connection, sql, {"story_id": story_id}) for name, sql in _STORY.items()}


_STORY = {
    "story": "SELECT * FROM stories WHERE story_id = $story_id",
    "sources": """
        WITH own AS (
            SELECT doc_id, "at" AS moment, at_from, false AS is_copy FROM story_documents WHERE story_id = $story_id
        ), printed AS (
            SELECT d.source, o.doc_id, d.title, o.moment, o.at_from, o.is_copy
            FROM own AS o INNER JOIN documents AS d USING (doc_id)
            UNION ALL
            SELECT coalesce(r.source, d.source), u.doc_id, d.title, coalesce(d.published_at, r.fetched_at),
                CASE WHEN d.published_at IS NULL THEN 'fetched' ELSE 'published' END, true
            FROM own AS o
            INNER JOIN duplicates AS u ON u.canonical_doc_id = o.doc_id
            INNER JOIN documents AS d ON d.doc_id = u.doc_id
            LEFT JOIN raw_documents AS r ON r.doc_id = u.doc_id AND r.uri = u.uri AND r.record = u.record
        )
        SELECT source, min_by(doc_id, (moment, is_copy, doc_id)) AS doc_id,
            min_by(title, (moment, is_copy, doc_id)) AS title, min(moment) AS first_at, max(moment) AS last_at,
            min_by(at_from, (moment, is_copy, doc_id)) AS at_from,
            count(*) FILTER (WHERE NOT is_copy) AS n_documents, count(*) FILTER (WHERE is_copy) AS n_copies
        FROM printed GROUP BY source ORDER BY first_at NULLS LAST, source
    """,
    "articles": """
        SELECT d.doc_id, d.title, d.source, d.lang, d.n_words, s."at", s.at_from, s.score,
            coalesce(c.n, 0) AS n_duplicates
        FROM story_documents AS s
        INNER JOIN documents AS d USING (doc_id)
        LEFT JOIN (SELECT canonical_doc_id AS doc_id, count(*) AS n FROM duplicates GROUP BY ALL) AS c USING (doc_id)
        WHERE s.story_id = $story_id ORDER BY s."at", d.doc_id LIMIT 200
    """,
    "changes": """
        SELECT c.kind, c.doc_id, d.title, c.old_story_id, c.new_story_id, r.started_at,
            o.label AS old_story, n.label AS new_story
        FROM story_changes AS c
        LEFT JOIN documents AS d USING (doc_id)
        LEFT JOIN runs AS r ON r.run_id = c.run_id
        LEFT JOIN stories AS o ON o.story_id = c.old_story_id
        LEFT JOIN stories AS n ON n.story_id = c.new_story_id
        WHERE $story_id IN (c.old_story_id, c.new_story_id)
        ORDER BY r.started_at DESC NULLS LAST, c.kind, c.doc_id LIMIT 200
    """,
}


def moved_to(connection: duckdb.DuckDBPyConnection, story_id: str) -> str | None:
    """Return the story into which one that is no more was merged, or None."""
    found = rows(
        connection,
        "SELECT new_story_id FROM story_changes AS c INNER JOIN stories AS s ON s.story_id = c.new_story_id "
        "WHERE c.old_story_id = $story_id AND c.kind = 'merge' ORDER BY c.rowid DESC LIMIT 1",
        {"story_id": story_id},
    )
    return None if found.is_empty() else str(found["new_story_id"][0])


def label(connection: duckdb.DuckDBPyConnection, story_id: str) -> str:
    """Return the label of one story, or an empty text."""
    found = rows(connection, "SELECT label FROM stories WHERE story_id = $story_id", {"story_id": story_id})
    return "" if found.is_empty() else found["label"][0] or "(no label)"
