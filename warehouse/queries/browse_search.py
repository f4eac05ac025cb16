"""Search of articles by words and filters, for the web UI."""

from datetime import date
from typing import NamedTuple

import duckdb
import polars as pl

from copydesk.warehouse.queries.browse import IS_ARTICLE, rows

#: Characters of a text that are fetched for a snippet.
LONGEST = 200_000


class SearchQuery(NamedTuple):
    """A search: words that must all occur, and filters; an empty filter accepts any value."""

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


def search(
    connection: duckdb.DuckDBPyConnection, query: SearchQuery, *, limit: int, offset: int
) -> tuple[int, pl.DataFrame]:
    """Return how many articles match `query`, and `limit` of them from `offset` on.

    Articles whose headline has all words come first, then the newest. Case and accents are ignored. Columns: doc_id,
    title, source, lang, at, at_from, n_words, n_duplicates, story_id, story (its label, null for a story of one
    article), text (the first LONGEST characters).
    """
    chosen = {name: value for name in _FILTERS if (value := getattr(query, name))}
    folded = [f"lower(strip_accents($w{n}))" for n in range(len(query.words))]
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
        chosen | {f"w{n}": word for n, word in enumerate(query.words)},
    )  # fmt: skip
    return len(found), _listed(connection, found["place"].slice(offset, limit))


def _listed(connection: duckdb.DuckDBPyConnection, places: pl.Series) -> pl.DataFrame:
    """Return the columns that a list of articles shows, of the documents with the rowids `places`, in their order."""
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
