"""Entity mentions: who and where, with offsets into the clean text.

The model reads paragraphs; then names are trimmed, matched again, and labelled per name (label_vote). The loops over
paragraphs and documents are the model's and the matcher's: spaCy takes strings and returns objects.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from copydesk.transforms.entities import label_vote
from copydesk.transforms.entities.gazetteer import Gazetteer
from copydesk.transforms.entities.gazetteer_match import match_gazetteer
from copydesk.transforms.entities.mention_labels import label_mentions
from copydesk.transforms.entities.span_trim import trim_spans
from copydesk.transforms.text.lines import to_lines

if TYPE_CHECKING:
    from spacy.language import Language

#: OntoNotes labels of names; dates, amounts and ordinals are not entities here.
LABELS = ("PERSON", "NORP", "FAC", "ORG", "GPE", "LOC", "PRODUCT", "EVENT", "WORK_OF_ART", "LAW")
#: The four labels of models trained on Wikipedia or CoNLL, and what they are here.
_OTHER_LABELS = {"PER": "PERSON", "MISC": "EVENT"}
#: The language whose words and lists the evidence of copydesk.transforms.entities.label_vote is made of.
_WEIGHED = "en"
#: Code points of text given to the model at a time, and texts in a batch: bounds memory (32 x 4,000 code points are
#: some 26,000 tokens); the model looks four words to either side.
PIECE, BATCH = 4_000, 32
_SPAN: dict[str, type[pl.DataType]] = {
    "piece": pl.String, "from": pl.Int64, "surface": pl.String, "label": pl.String
}  # fmt: skip
#: What the tokenizer cuts off a Korean or Arabic name.
_HYPHENATED = re.compile(r"(?<=\w)-[a-z]+\b")
#: Straight apostrophes; a space for what has no width: joiners, direction marks, byte order marks, soft hyphens.
_PLAIN = dict.fromkeys(map(ord, "’‘ʼ"), "'") | dict.fromkeys(
    (0xAD, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A)), " "
)
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*\s+(?=[\"'“‘«(]?[^\W\d_a-z])|[。！？]|\n")
_MARKUP = re.compile(r"</?[A-Za-z][^<>]{0,500}>|&(?:[a-z]{2,6}|#\d{1,5});")


def tag(documents: pl.DataFrame, model: "Language", gazetteer: Gazetteer) -> pl.DataFrame:
    """Tag documents (doc_id, text) with a spaCy pipeline that has an `ner`; return doc_id, start, end, surface, label,
    and the number of the sentence. In English labels are weighed; in other languages they are the model's.

    Text is read a paragraph at a time, and a paragraph that occurs twice is read once. Spans do not overlap, and for
    every one `text[start:end] == surface`.
    """
    words = gazetteer.words
    found = trim_spans(recognise(documents, model), words)
    if model.lang == _WEIGHED:
        found = match_gazetteer(documents, found, gazetteer.index, words.no_name)
        kinds = label_vote.vote(label_vote.gather_evidence(found, gazetteer.labels, words), gazetteer.weights)
        found = label_mentions(found, kinds, gazetteer.labels)
    end = pl.col("start") + pl.col("surface").str.len_chars().cast(pl.Int64)
    mentions = found.select("doc_id", "start", "surface", "label", end=end).sort("doc_id", "start")
    return number_sentences(documents, mentions.select("doc_id", "start", "end", "surface", "label"))


def number_sentences(documents: pl.DataFrame, mentions: pl.DataFrame) -> pl.DataFrame:
    """Add sentence, the number of the sentence of its document in which each mention begins.

    A loop over documents: Polars finds matches, not where they stand.
    """
    ends = {
        doc_id: np.array([match.end() for match in _SENTENCE_END.finditer(text)], np.int64)
        for doc_id, text in documents.select("doc_id", "text").iter_rows()
    }
    parts = [
        part.with_columns(
            sentence=pl.Series(np.searchsorted(ends[doc_id], part["start"].to_numpy(), "right"))
        )
        for (doc_id,), part in mentions.group_by("doc_id", maintain_order=True)
    ]
    return pl.concat(parts) if parts else mentions.with_columns(sentence=pl.lit(None, pl.Int64))


def recognise(documents: pl.DataFrame, model: "Language") -> pl.DataFrame:
    """Return what the model alone finds in documents: doc_id, start, surface, label, and whether they use capitals."""
    pieces = _pieces(documents)
    cased = documents.select("doc_id", cased=pl.col("text").str.contains(r"\p{Lu}"))
    distinct = pieces["piece"].unique(maintain_order=True).to_list()
    found = pl.DataFrame(_recognise(distinct, model), schema=_SPAN, orient="row")
    return (
        pieces.join(found, on="piece")
        .join(cased, on="doc_id")
        .select("doc_id", "surface", "label", "cased", start=pl.col("start") + pl.col("from"))
        .sort("doc_id", "start")
    )


def _pieces(documents: pl.DataFrame) -> pl.DataFrame:
    """Cut texts into paragraphs, and paragraphs over PIECE code points at a space; return doc_id, start, piece."""
    lines = to_lines(documents.select("doc_id", raw_text="text")).filter(
        pl.col("text").str.contains(r"\p{L}")
    )
    long = pl.col("text").str.len_chars() > PIECE
    rows = [
        (doc_id, start + at, piece)
        for doc_id, start, text in lines.filter(long).select("doc_id", "start", "text").iter_rows()
        for at, piece in _cut(text)
    ]
    whole = lines.filter(~long).select("doc_id", "start", piece=pl.col("text").str.strip_chars_end("\r\n"))
    return pl.concat([whole, pl.DataFrame(rows, schema=whole.schema, orient="row")])


def _cut(text: str) -> Iterator[tuple[int, str]]:
    """Cut at the end of a sentence, else at a space, else anywhere."""
    at = 0
    while at < len(text):
        end = len(text)
        if at + PIECE < end:
            breaks = (text.rfind(mark, at + PIECE // 2, at + PIECE) + len(mark) for mark in (". ", " "))
            end = next((found for found in breaks if found > at + PIECE // 2), at + PIECE)
        yield at, text[at:end]
        at = end


def _recognise(texts: list[str], model: "Language") -> Iterator[tuple[str, int, str, str]]:
    with model.memory_zone():  # else the vocabulary keeps every word ever seen
        views = map(_view, texts)
        for text, document in zip(texts, model.pipe(views, batch_size=BATCH), strict=True):
            for entity in document.ents:
                label = _OTHER_LABELS.get(entity.label_, entity.label_)
                if label in LABELS:
                    start, end = entity.start_char, entity.end_char
                    if label == "PERSON" and (rest := _HYPHENATED.match(text, end)):
                        end = rest.end()  # Moon Jae-in
                    yield text, start, text[start:end], label


def _view(text: str) -> str:
    """Return the text as the model reads it, of equal length.

    Apostrophes are straight, markup and marks without width are spaces; capitals are lower case, which the
    model reads better: F on capitals 65.9 against 56.2, in title case 48.7 (Reuters-2020
    in capitals, the plain model).
    """
    text = text.translate(_PLAIN)
    if "<" in text or "&" in text:
        text = _MARKUP.sub(lambda tag: " " * len(tag.group()), text)
    return text.lower() if text.isupper() and len(text.lower()) == len(text) else text
