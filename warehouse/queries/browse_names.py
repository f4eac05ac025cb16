"""Entities in the web UI."""

import duckdb
import polars as pl

from copydesk.warehouse.queries.browse import IS_ARTICLE, rows


def entities(
    connection: duckdb.DuckDBPyConnection, words: str = "", label: str = "", *, limit: int, offset: int
) -> tuple[int, pl.DataFrame]:
    """Return how many entities have `words` in a spelling, and `limit` of them from `offset` on, by number of
    documents.

    Columns: those of entities, and spellings, a list of the six most frequent.
    """
    given = {"words": words, "label": label}
    where = (
        "WHERE ($label = '' OR label = $label) AND ($words = '' "
        "    OR contains(lower(strip_accents(name)), lower(strip_accents($words))) OR entity_id IN ("
        "        SELECT entity_id FROM entity_names "
        "        WHERE contains(lower(strip_accents(written)), lower(strip_accents($words)))))"
    )
    n = rows(connection, f"SELECT count(*) AS n FROM entities {where}", given)["n"][0]
    found = rows(
        connection,
        "WITH shown AS ("
        f"    SELECT * FROM entities {where} ORDER BY n_documents DESC, name, entity_id LIMIT $limit OFFSET $offset) "
        "SELECT e.*, s.spellings FROM shown AS e LEFT JOIN ("
        "    SELECT entity_id, list(written ORDER BY n DESC, written)[:6] AS spellings FROM ("
        "        SELECT entity_id, written, sum(n_documents) AS n FROM entity_names SEMI JOIN shown USING (entity_id) "
        "        GROUP BY ALL"
        "    ) GROUP BY entity_id"
        ") AS s USING (entity_id) ORDER BY e.n_documents DESC, e.name, e.entity_id",
        given | {"limit": limit, "offset": offset},
    )
    return n, found


def labels(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the distinct labels of entities, sorted."""
    return rows(connection, "SELECT DISTINCT label FROM entities ORDER BY label")["label"].to_list()


def rising(connection: duckdb.DuckDBPyConnection, limit: int) -> pl.DataFrame:
    """Return the entities that are named much more in the last week of the data than in the four weeks before.

    The week ends with the newest article that is not dated after the latest run. Columns: entity_id, name, label,
    n_week and n_before (articles), week_end. Sorted by how many standard deviations of a Poisson count n_week is
    above a quarter of n_before.
    """
    return rows(
        connection,
        "WITH bound AS ("
        "    SELECT max(\"at\") AS last_at FROM story_documents WHERE \"at\" <= (SELECT max(started_at) FROM runs)"
        "), late AS ("
        "    SELECT s.doc_id, s.\"at\" > b.last_at - INTERVAL 7 DAY AS in_week "
        "    FROM story_documents AS s INNER JOIN bound AS b "
        "        ON s.\"at\" <= b.last_at AND s.\"at\" > b.last_at - INTERVAL 35 DAY"
        "), named AS ("
        "    SELECT m.entity_id, count(DISTINCT m.doc_id) FILTER (WHERE l.in_week) AS n_week, "
        "        count(DISTINCT m.doc_id) FILTER (WHERE NOT l.in_week) AS n_before "
        "    FROM mentions AS m INNER JOIN late AS l USING (doc_id) GROUP BY ALL"
        ") SELECT e.entity_id, e.name, e.label, n.n_week, n.n_before, b.last_at AS week_end "
        "FROM named AS n INNER JOIN entities AS e USING (entity_id) CROSS JOIN bound AS b "
        "WHERE n.n_week > 1 AND n.n_week > n.n_before / 4 "
        "ORDER BY (n.n_week - n.n_before / 4) / sqrt(n.n_before / 4 + 1) DESC, e.name, e.entity_id LIMIT $limit",
        {"limit": limit},
    )  # fmt: skip


def entity(connection: duckdb.DuckDBPyConnection, entity_id: str) -> dict[str, pl.DataFrame]:
    """Return the frames of the page of one entity by name.

    entity: its row, or no row. spellings: its names, each with how it was resolved. days: articles per day. pairs: the
    fifteen entities that most articles name with it, with sentences and lift as in the view entity_pairs. articles: the
    latest ten. changes: entities that some of its names belonged to before.
    """
    return {name: rows(connection, sql, {"entity_id": entity_id}) for name, sql in _ENTITY.items()}


_OWN = f"SELECT DISTINCT doc_id, sentence FROM mentions WHERE entity_id = $entity_id AND {IS_ARTICLE}"
_ENTITY = {
    "entity": "SELECT * FROM entities WHERE entity_id = $entity_id",
    "spellings": """
        SELECT written, label, resolved_by, n_documents, score FROM entity_names WHERE entity_id = $entity_id
        ORDER BY n_documents DESC, written, resolved_by LIMIT 100
    """,
    "days": f"""
        SELECT CAST(s."at" AS DATE) AS day, count(DISTINCT o.doc_id) AS n_documents
        FROM ({_OWN}) AS o INNER JOIN story_documents AS s USING (doc_id) WHERE s."at" IS NOT NULL
        GROUP BY ALL ORDER BY day
    """,
    "pairs": f"""
        WITH own AS ({_OWN}), pairs AS (
            SELECT m.entity_id, count(DISTINCT m.doc_id) AS n_documents,
                count(DISTINCT CASE WHEN o.doc_id IS NOT NULL THEN (m.doc_id, m.sentence) END) AS n_sentences
            FROM mentions AS m LEFT JOIN own AS o ON o.doc_id = m.doc_id AND o.sentence = m.sentence
            WHERE m.doc_id IN (SELECT doc_id FROM own) AND m.entity_id <> $entity_id
            GROUP BY ALL ORDER BY n_documents DESC, n_sentences DESC, m.entity_id LIMIT 15
        ), theirs AS (
            SELECT entity_id, count(DISTINCT doc_id) AS n FROM mentions SEMI JOIN pairs USING (entity_id)
            WHERE {IS_ARTICLE} GROUP BY ALL
        )
        SELECT e.entity_id, e.name, e.label, p.n_documents, p.n_sentences,
            p.n_documents * (SELECT count(DISTINCT doc_id) FROM mentions WHERE {IS_ARTICLE})
                / (t.n * (SELECT count(DISTINCT doc_id) FROM own)) AS lift
        FROM pairs AS p INNER JOIN entities AS e USING (entity_id) INNER JOIN theirs AS t USING (entity_id)
        ORDER BY p.n_documents DESC, p.n_sentences DESC, e.entity_id
    """,
    "articles": f"""
        SELECT d.doc_id, d.title, d.source, d.lang, d.n_words, s."at", s.at_from, 0 AS n_duplicates
        FROM (SELECT DISTINCT doc_id FROM ({_OWN})) AS o INNER JOIN documents AS d USING (doc_id)
        LEFT JOIN story_documents AS s USING (doc_id)
        ORDER BY s."at" DESC NULLS LAST, d.doc_id LIMIT 10
    """,
    "changes": """
        SELECT DISTINCT e.entity_id, e.name FROM entity_changes AS c
        INNER JOIN entities AS e ON e.entity_id = c.old_entity_id
        WHERE c.entity_id = $entity_id AND e.entity_id <> $entity_id ORDER BY e.name LIMIT 20
    """,
}


def became(connection: duckdb.DuckDBPyConnection, entity_id: str) -> str | None:
    """Return the entity that took over the names of an entity that no longer exists, or None."""
    found = rows(
        connection,
        "SELECT e.entity_id FROM entity_changes AS c INNER JOIN entities AS e USING (entity_id) "
        "WHERE c.old_entity_id = $entity_id ORDER BY c.rowid DESC LIMIT 1",
        {"entity_id": entity_id},
    )
    return None if found.is_empty() else str(found["entity_id"][0])


def name(connection: duckdb.DuckDBPyConnection, entity_id: str) -> str:
    """Return the name of one entity, or an empty string."""
    found = rows(
        connection, "SELECT name FROM entities WHERE entity_id = $entity_id", {"entity_id": entity_id}
    )
    return "" if found.is_empty() else str(found["name"][0])
