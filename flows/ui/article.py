"""The clean text of a document, cut into paragraphs and names."""

import re
from typing import NamedTuple

import polars as pl

from copydesk.flows.proof.rows import group_label
from copydesk.transforms.text.printable import escape_invisible

_PARAGRAPH = re.compile(r"\n+")


class TextSpan(NamedTuple):
    """A span of text; with an entity, it is a name, and the first mention of each entity is a link."""

    text: str
    entity_id: str = ""
    name: str = ""
    look: str = ""
    is_first: bool = False


def paragraphs(text: str, mentions: pl.DataFrame) -> list[list[TextSpan]]:
    """Cut `text` at line ends and at `mentions` (start, end, entity_id, name, label, resolved_by; sorted by start).

    A mention that overlaps an earlier one, or a line end, is left out.
    """
    seen: set[str] = set()
    names = iter(mentions.select("start", "end", "entity_id", "name", "label").rows())
    name = next(names, None)
    result, begin = [], 0
    for end, after in [*((m.start(), m.end()) for m in _PARAGRAPH.finditer(text)), (len(text), len(text))]:
        runs, done = [], begin
        while name is not None and name[0] < end:
            start, stop, entity_id, known_as, label = name
            if done <= start < stop <= end:
                runs.append(TextSpan(escape_invisible(text[done:start])))
                runs.append(
                    TextSpan(
                        escape_invisible(text[start:stop]),
                        entity_id,
                        escape_invisible(known_as),
                        group_label(label),
                        entity_id not in seen,
                    )
                )
                seen.add(entity_id)
                done = stop
            name = next(names, None)
        runs.append(TextSpan(escape_invisible(text[done:end])))
        if begin < end:
            result.append([run for run in runs if run.text])
        begin = after
    return result
