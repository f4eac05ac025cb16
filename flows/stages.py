"""The stages, each a plain function: read staged frames, transform, write staged frames.

`*_batch` functions work on one batch and may run anywhere the staging folder can be reached; the others see
the whole run. Nothing here knows Prefect.
"""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from flows.errors import UsageError
from flows.inputs import open_file, source_of
from flows.readers import Record, reader_of
from flows.seeds import load_desk, load_gazetteer
from flows.settings import Settings
from flows.staging import Staging
from flows.store import reading
from transforms.clean import clean, segment
from transforms.contract import LINE_KEYS, RAW, READ, conform, empty
from transforms.decode import doc_id
from transforms.markup import to_views
from transforms.measures import clean_measures, ingest_measures, tag_measures
from transforms.resolve import read_mentions
from transforms.tag import tag
from transforms.template import count_lines, find_evidence, to_keys
from transforms.verdicts import MIN_DOCUMENTS
from warehouse import queries

if TYPE_CHECKING:
    from spacy.language import Language

_RECORD = ["doc_id", "uri", "record"]  # what identifies a record
MEGABYTE = 1_000_000


# ---------------------------------------------------------------- ingest


def ingest_batch(
    settings: Settings, staging: Staging, number: str, files: list[dict[str, Any]]
) -> dict[str, Any]:
    """Read one batch of files (rows of the LISTING) into RAW."""
    rows = [row for file in files for row in read_file(file, settings.max_record_mb * MEGABYTE)]
    raw = conform(pl.DataFrame(rows, schema=RAW, orient="row"), RAW).sort("uri", "record")
    staging.write("ingest", f"raw-{number}", raw)
    staging.write("ingest", f"read-{number}", ingest_measures(raw))
    return {"batch": number, "n_records": len(raw)}


def read_file(file: dict[str, Any], limit: float) -> list[tuple[Any, ...]]:
    """Return the rows of RAW that one file gives: one a record, or one that says why there is none."""
    uri, size = file["uri"], file["size"]
    media_type, read = reader_of(uri)
    if read is None or size > limit:
        fault = "no reader" if read is None else "too long"
        records = [(doc_id(f"{uri} {size}".encode()), Record(0, size, b"", None, None, fault))]
    else:
        try:
            records = [(doc_id(record.data), record) for record in read(open_file(uri))]
        except OSError as error:
            fault = f"unreadable: {error.strerror or error}"
            records = [(doc_id(f"{uri} {size}".encode()), Record(0, size, b"", None, None, fault))]
    return [
        raw_row(file, media_type, number, identity, record)
        for number, (identity, record) in enumerate(records)
    ]


def raw_row(
    file: dict[str, Any], media_type: str, number: int, identity: str, record: Record
) -> tuple[Any, ...]:
    """Return the row of RAW that says what record `number` of a file (a row of the LISTING) is."""
    uri = file["uri"]
    return (
        *(identity, uri, number, source_of(uri), media_type, record.charset, record.start, record.end),
        *(file["modified_at"], None, None, record.text, record.fault),
        record.data if record.fault is not None and record.data else None,
    )


def sift_records(settings: Settings, staging: Staging) -> dict[str, Any]:
    """Set aside what an earlier run has read; stage `read` (every record, with is_known) and measures of the rest.

    What this run takes up again from quarantine (RETRIED) is not known.
    """
    measures = staging.read_all("ingest", "read", {})
    read = measures.select(*_RECORD, "source")
    with reading(settings) as warehouse:
        known = queries.known_records(warehouse, read, staging.read("ingest", "retried"))
    known = known.with_columns(is_known=pl.lit(value=True))
    read = read.join(known, on=_RECORD, how="left").with_columns(pl.col("is_known").fill_null(value=False))
    staging.write("ingest", "read", read.sort("uri", "record"))
    staging.write(
        "ingest", "measures-new", measures.join(read.filter(~pl.col("is_known")), on=_RECORD, how="semi")
    )
    return {"n_records": len(read), "n_known": int(read["is_known"].sum())}


def accept_records(settings: Settings, staging: Staging) -> None:
    """Stage the RECORDS that go on: new, not rejected.

    Of byte-for-byte copies the one with the smallest uri is primary, unless the warehouse has the document.
    """
    read = staging.read("ingest", "read").filter(~pl.col("is_known"))
    records = read.join(staging.read("ingest", "rejected"), on="doc_id", how="anti").sort("uri", "record")
    with reading(settings) as warehouse:
        old = queries.known_documents(warehouse, records["doc_id"].unique())
    first = pl.struct("uri", "record").rank("ordinal").over("doc_id") == 1
    is_primary = first & ~pl.col("doc_id").is_in(old["doc_id"].implode())
    staging.write("ingest", "records", records.select(*_RECORD, is_primary=is_primary))


# ---------------------------------------------------------------- clean


def key_batch(staging: Staging, number: str) -> dict[str, Any]:
    """Note which lines the documents of one batch hold (LINE_KEYS)."""
    raw = _primary(staging, number)
    _, views = to_views(raw)
    keys = to_keys(segment(raw.with_columns(raw_text=views["view"])), raw)
    staging.write("clean", f"keys-{number}", keys)
    return {"batch": number, "n_lines": len(keys)}


def count_source_lines(settings: Settings, staging: Staging) -> dict[str, Any]:
    """Count the lines of every source over the run and the warehouse's history (SOURCE_LINES).

    A document that this run takes up again was counted by the run whose gate rejected it after clean.
    """
    keys = staging.read_all("clean", "keys", LINE_KEYS)
    with reading(settings) as warehouse:
        history = queries.source_lines(warehouse, keys.select("source", "key").unique())
    counted = staging.read("ingest", "retried").filter(pl.col("stage") != "ingest")
    counts = count_lines(keys.join(counted, on="doc_id", how="anti"), history)
    counts = pl.concat([counts, history.join(counts, on=["source", "key"], how="anti")]).sort("source", "key")
    staging.write("clean", "source_lines", counts)
    return {"n_lines": len(counts), "n_shared": int((counts["n_documents"] >= MIN_DOCUMENTS).sum())}


def clean_batch(settings: Settings, staging: Staging, number: str) -> dict[str, Any]:
    """Clean the primary records of one batch into EDITS and CLEAN."""
    raw = _primary(staging, number)
    keys, counts = staging.read("clean", f"keys-{number}"), staging.read("clean", "source_lines")
    edits, documents = clean(raw, load_desk(settings), find_evidence(keys, counts))
    staging.write("clean", f"edits-{number}", edits)
    staging.write("clean", f"measures-{number}", clean_measures(raw, edits, documents))
    staging.write("clean", f"clean-{number}", documents)
    return {"batch": number, "n_documents": len(documents), "n_edits": len(edits)}


def _primary(staging: Staging, number: str) -> pl.DataFrame:
    """Return the RAW rows of one batch that go on and are no byte-for-byte copies."""
    primary = staging.read("ingest", "records").filter("is_primary")
    return staging.read("ingest", f"raw-{number}").join(primary, on=_RECORD, how="semi")


def cleaned(staging: Staging, number: str) -> pl.DataFrame:
    """Return the CLEAN documents of one batch that passed the gate."""
    rejected = staging.read("clean", "rejected")
    return staging.read("clean", f"clean-{number}").join(rejected, on="doc_id", how="anti")


def articles_of(staging: Staging, number: str) -> pl.DataFrame:
    """Return the CLEAN documents of one batch that were merged into no other."""
    return cleaned(staging, number).join(staging.read("dedupe", "duplicates"), on="doc_id", how="anti")


# ---------------------------------------------------------------- tag


@cache
def load_model(name: str) -> "Language":
    """Load the named-entity recogniser of a spaCy model, given as a package or a path.

    Only `ner` is loaded where it has a tok2vec of its own, as in spaCy's models. Raises UsageError when there is none.
    """
    import importlib
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # thinc's own deprecations
        import spacy

        try:
            path = Path(name)
            if not path.exists():
                package = importlib.import_module(name)
                inside = Path(str(package.__file__)).parent
                # spaCy's own packages hold the model in a folder of that name with the version behind.
                path = (
                    Path(package.model_path())
                    if hasattr(package, "model_path")
                    else min(inside.glob(f"{name}-*"))
                )
            config = spacy.util.load_config(path / "config.cfg")
            listens = "Listener" in config["components"]["ner"]["model"]["tok2vec"]["@architectures"]
            wanted = ("tok2vec", "ner") if listens else ("ner",)
            model = spacy.load(
                path, exclude=[pipe for pipe in config["nlp"]["pipeline"] if pipe not in wanted]
            )
        except (ImportError, OSError, ValueError, KeyError) as error:
            raise UsageError(
                f"model {name}: {error}; name a spaCy model: an installed package, or a path"
            ) from error
        _speed_up(model)
        return model


def _speed_up(model: "Language") -> None:
    """Let the model multiply matrices through NumPy, on one thread: twice the tokens a CPU-second of blis, with the
    same entities (`python -m benchmarks.entities speed`). Batches are what runs side by side; two threads of BLAS cost
    1.6 times the CPU-seconds of one.
    """
    from thinc.api import NumpyOps
    from threadpoolctl import threadpool_limits

    threadpool_limits(1, user_api="blas")
    operations = NumpyOps(use_blis=False)
    for layer in model.get_pipe("ner").model.walk():
        layer.ops = operations


def tag_batch(settings: Settings, staging: Staging, number: str) -> dict[str, Any]:
    """Tag the articles of one batch, each with the model of its language; batch `reopened` are older documents.

    An article in a language without a model stays untagged (documents.tagged_by is null).
    """
    documents = staging.read("dedupe", "reopened") if number == "reopened" else articles_of(staging, number)
    reads, tagged = (
        [empty(READ)],
        [documents.clear().select("doc_id", "text", tagged_by=pl.lit("", pl.String))],
    )
    for name in settings.models() if not documents.is_empty() else ():
        model, gazetteer = load_model(name), load_gazetteer(settings.entities)
        mine = documents.filter(pl.col("lang") == model.lang).select("doc_id", "text", tagged_by=pl.lit(name))
        mine = mine.join(pl.concat(tagged), on="doc_id", how="anti")
        reads.append(read_mentions(tag(mine, model, gazetteer), gazetteer))
        tagged.append(mine)
    read, done = pl.concat(reads), pl.concat(tagged)
    staging.write("tag", f"read-{number}", read)
    staging.write("tag", f"tagged-{number}", done.select("doc_id", "tagged_by"))
    staging.write("tag", f"measures-{number}", tag_measures(done, read))
    return {"batch": number, "n_tagged": len(done), "n_mentions": len(read)}
