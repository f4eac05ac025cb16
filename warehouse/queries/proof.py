"""Queries of proof sheets: their frames, for many documents at once, and which documents get one.

Texts are stored in blocks of thousands: their rowids are read first, then only the blocks that hold them.
"""

from collections.abc import Sequence

import duckdb
import polars as pl

#: Duplicates of a document whose texts are shown side by side, and those that are listed.
COMPARED, LISTED = 5, 50
#: Bytes of a rejected record that are fetched.
HEAD = 1_000_000
#: Documents of a run whose rules are counted. Ids are hashes: the smallest are a random sample.
_POOL = 1000

type ProofFrames = dict[str, pl.DataFrame]


def proof(connection: duckdb.DuckDBPyConnection, doc_id: str) -> ProofFrames:
    """Return the frames of one document's proof sheet: see :func:`read_proofs`."""
    return read_proofs(connection, [doc_id])[doc_id]


def read_proofs(connection: duckdb.DuckDBPyConnection, doc_ids: Sequence[str]) -> dict[str, ProofFrames]:
    """Return the frames of the proof sheets of `doc_ids`, by doc_id, then by name.

    document: its row of documents with raw_text, uris (its first, then up to LISTED copies), n_uris, fetched_at and
    story (no row for a rejected record). edits, mentions: in the order of the text. duplicates: the document that it
    was merged into (is_merged) and those merged into it, up to LISTED of `n_partners`, with the other document's
    doc_id, title, source, n_words, published_at, uri, n_records and, for the first COMPARED, text. quarantine: its
    rejected records, each with the first HEAD bytes of `n_bytes`.
    """
    asked = {"ids": list(doc_ids)}
    frames = {name: connection.execute(sql, asked).pl() for name, sql in _PROOF.items()}
    document, others = frames["document"], frames["duplicates"]
    near = others.filter(pl.col("place") <= COMPARED)["doc_id"]
    clean = _texts(connection, "documents", "text", [*document["doc_id"], *near])
    raw = _texts(connection, "raw_documents", "raw_text", document["doc_id"].to_list())
    frames["document"] = document.join(clean, on="doc_id").join(raw, on="doc_id")
    with_text = others.join(clean, on="doc_id", how="left", maintain_order="left")
    frames["duplicates"] = with_text.with_columns(text=pl.when(pl.col("place") <= COMPARED).then("text"))
    parted = {
        name: {key[0]: part for key, part in frame.partition_by("proof_id", as_dict=True).items()}
        for name, frame in frames.items()
    }
    return {
        doc_id: {
            name: parted[name].get(doc_id, frame.clear()).drop("proof_id") for name, frame in frames.items()
        }
        for doc_id in doc_ids
    }


def _texts(
    connection: duckdb.DuckDBPyConnection, table: str, column: str, doc_ids: Sequence[str]
) -> pl.DataFrame:
    places = connection.execute(
        f"SELECT min(rowid) FROM {table} WHERE doc_id IN (SELECT unnest($ids)) GROUP BY doc_id",
        {"ids": list(doc_ids)},
    ).fetchall()
    return connection.execute(
        f"SELECT doc_id, {column} FROM {table} WHERE rowid IN (SELECT unnest($places))",
        {"places": [place for (place,) in places]},
    ).pl()


def choose_proofs(
    connection: duckdb.DuckDBPyConnection, run_id: str | None, n_rejected: int = 200
) -> pl.DataFrame:
    """Return the documents that are worth a proof sheet: doc_id and reason, each once, its reasons in one.

    The latest `n_rejected` of the quarantine, the first 10 that failed each expectation of the latest run, and of the
    run (by default the latest that loaded something) 20 that were merged, the least alike first, 40 of which least was
    kept, and 10 of each of the 4 rules that mark most documents. The same warehouse gives the same rows.
    """
    if run_id is None:
        row = connection.execute(
            "SELECT run_id FROM runs WHERE state = 'completed' AND n_loaded + n_duplicates > 0 "
            "ORDER BY started_at DESC, rowid DESC LIMIT 1"
        ).fetchone()
        run_id = None if row is None else str(row[0])
    rejected = connection.execute(_REJECTED, {"n": n_rejected}).pl()
    failed = connection.execute(_FAILED).pl()
    chosen = [rejected, failed.join(rejected, on="doc_id", how="anti", maintain_order="left")]
    chosen += [connection.execute(sql, {"run_id": run_id}).pl() for sql in (_MERGED, _LEAST_KEPT, _BY_RULE)]
    return pl.concat(chosen).group_by("doc_id", maintain_order=True).agg(pl.col("reason").str.join("; "))


_PROOF = {
    "document": """
        SELECT d.doc_id AS proof_id, d.* EXCLUDE (text), r.uris, r.n_uris, r.fetched_at, r.media_type, s.label AS story
        FROM documents AS d
        INNER JOIN (
            SELECT doc_id, list(uri ORDER BY uri, record)[:50] AS uris, count(*) AS n_uris,
                min(fetched_at) AS fetched_at, any_value(media_type) AS media_type
            FROM raw_documents WHERE doc_id IN (SELECT unnest($ids)) GROUP BY doc_id
        ) AS r USING (doc_id)
        LEFT JOIN story_documents AS sd USING (doc_id)
        LEFT JOIN (SELECT * FROM stories WHERE n_documents > 1) AS s USING (story_id)
    """,
    "edits": """
        SELECT doc_id AS proof_id, start, "end", rule, replacement, score FROM edits
        WHERE doc_id IN (SELECT unnest($ids)) ORDER BY doc_id, start, "end"
    """,
    "mentions": """
        SELECT m.doc_id AS proof_id, m.start, m."end", m.surface, m.label, m.entity_id, m.resolved_by, m.score,
            n.name, n.country_code, n.kb_id
        FROM mentions AS m INNER JOIN entities AS n USING (entity_id)
        WHERE m.doc_id IN (SELECT unnest($ids)) ORDER BY m.doc_id, m.start, m."end" DESC
    """,
    "duplicates": f"""
        WITH merged AS (
            SELECT doc_id, canonical_doc_id, any_value(kind) AS kind, any_value(similarity) AS similarity,
                any_value(containment) AS containment, any_value(canonical_containment) AS canonical_containment,
                count(*) AS n_records
            FROM duplicates
            WHERE doc_id <> canonical_doc_id
                AND (doc_id IN (SELECT unnest($ids)) OR canonical_doc_id IN (SELECT unnest($ids)))
            GROUP BY doc_id, canonical_doc_id
        ), pairs AS (
            SELECT doc_id AS proof_id, canonical_doc_id AS doc_id, true AS is_merged,
                * EXCLUDE (doc_id, canonical_doc_id)
            FROM merged WHERE doc_id IN (SELECT unnest($ids))
            UNION ALL
            SELECT canonical_doc_id, doc_id, false, * EXCLUDE (doc_id, canonical_doc_id)
            FROM merged WHERE canonical_doc_id IN (SELECT unnest($ids))
        ), numbered AS (
            SELECT *, count(*) OVER (PARTITION BY proof_id) AS n_partners, row_number() OVER (
                PARTITION BY proof_id ORDER BY is_merged DESC, kind = 'exact', similarity, doc_id
            ) AS place
            FROM pairs
        )
        SELECT n.*, d.title, d.source, d.published_at, d.n_words, d.uri
        FROM numbered AS n INNER JOIN documents AS d USING (doc_id)
        WHERE place <= {LISTED} ORDER BY proof_id, place
    """,
    "quarantine": f"""
        SELECT doc_id AS proof_id, doc_id, uri, record, stage, expectation, detail, state, payload[1:{HEAD}] AS payload,
            octet_length(payload) AS n_bytes
        FROM quarantine WHERE doc_id IN (SELECT unnest($ids)) ORDER BY doc_id, state, uri, record
    """,
}

_REJECTED = """
    SELECT q.doc_id, any_value('in quarantine: ' || q.expectation) AS reason
    FROM quarantine AS q LEFT JOIN runs AS r USING (run_id)
    WHERE q.state = 'rejected'
    GROUP BY q.doc_id ORDER BY max(r.started_at) DESC, min(q.uri), q.doc_id LIMIT $n
"""
_FAILED = """
    SELECT doc_id, 'failed: ' || expectation AS reason FROM quality_failures
    WHERE run_id = (SELECT run_id FROM runs WHERE state <> 'killed' ORDER BY started_at DESC, rowid DESC LIMIT 1)
        AND (doc_id IN (SELECT doc_id FROM documents) OR doc_id IN (SELECT doc_id FROM quarantine))
    QUALIFY row_number() OVER (PARTITION BY stage, expectation ORDER BY doc_id) <= 10 ORDER BY expectation, doc_id
"""
_MERGED = """
    SELECT doc_id, 'merged: ' || kind || ', similarity ' || printf('%.2f', similarity) AS reason
    FROM (
        SELECT doc_id, kind, any_value(similarity) AS similarity FROM duplicates
        WHERE run_id = $run_id AND doc_id <> canonical_doc_id GROUP BY doc_id, kind
    )
    QUALIFY row_number() OVER (PARTITION BY kind ORDER BY similarity, doc_id) <= 10
    ORDER BY kind = 'exact', row_number() OVER (PARTITION BY kind ORDER BY similarity, doc_id), doc_id LIMIT 20
"""
_LEAST_KEPT = """
    SELECT doc_id, 'kept ' || printf('%.0f', 100 * kept_share) || '%' AS reason
    FROM documents WHERE run_id = $run_id AND kept_share < 1 ORDER BY kept_share, doc_id LIMIT 40
"""
_BY_RULE = f"""
    WITH pool AS (SELECT doc_id FROM documents WHERE run_id = $run_id ORDER BY doc_id LIMIT {_POOL}),
    marks AS (
        SELECT doc_id, rule, count(*) AS n FROM edits SEMI JOIN pool USING (doc_id)
        WHERE rule NOT IN ('headline', 'byline', 'blank_line', 'line_end', 'line_wrap', 'line_hyphen')
            AND NOT starts_with(rule, 'markup')
        GROUP BY doc_id, rule
    ), rules AS (SELECT rule, count(*) AS n_documents FROM marks GROUP BY rule ORDER BY n_documents DESC, rule LIMIT 4)
    SELECT doc_id, rule || ' ×' || n AS reason
    FROM marks INNER JOIN rules USING (rule)
    QUALIFY row_number() OVER (PARTITION BY rule ORDER BY n DESC, doc_id) <= 10
    ORDER BY n_documents DESC, rule, n DESC, doc_id
"""
