"""Parameters of a request, validated strictly before they reach a query."""

import re
from contextlib import suppress
from datetime import date

from starlette.exceptions import HTTPException
from starlette.requests import Request

from copydesk.transforms.text.printable import escape_invisible

#: Maximum characters of a parameter, and maximum words of a search.
LONGEST, MOST_WORDS = 300, 16
_ID = re.compile(r"[0-9a-f]{8,64}")
_NUMBER = re.compile(r"[1-9][0-9]{0,5}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WORD = re.compile(r'"([^"]+)"|(\S+)')


def text(request: Request, name: str) -> str:
    """Return a parameter without surrounding spaces, or an empty string. Raises 400 if it is too long."""
    value = request.query_params.get(name, "").strip()
    if len(value) > LONGEST:
        raise HTTPException(
            400, f"“{name}” may have {LONGEST} characters at most; this one has {len(value):,}."
        )
    return value


def typed(request: Request, name: str) -> str:
    """Return the text of a form field without invisible characters. Raises 400 as `text` does."""
    value = re.sub(r"\s", " ", text(request, name))
    return "".join(char for char in value if escape_invisible(char) == char).strip()


def words(request: Request, name: str) -> tuple[str, ...]:
    """Return the distinct words of a search; a phrase in double quotes is one. Raises 400 for too many."""
    found = (phrase or word.strip('"') for phrase, word in _WORD.findall(typed(request, name)))
    kept = tuple(dict.fromkeys(word.strip() for word in found if word.strip()))
    if len(kept) > MOST_WORDS:
        raise HTTPException(400, f"A search may have {MOST_WORDS} words at most; this one has {len(kept)}.")
    return kept


def one_of(request: Request, name: str, known: tuple[str, ...]) -> str:
    """Return a parameter that has a few known values, the first where it is missing. Raises 400 for any other."""
    value = text(request, name) or known[0]
    if value not in known:
        raise HTTPException(400, f"“{name}” is one of: {', '.join(known)}.")
    return value


def page(request: Request) -> int:
    """Return the number of the page that is wanted, from 1. Raises 400 where it is no number."""
    value = text(request, "page") or "1"
    if not _NUMBER.fullmatch(value):
        raise HTTPException(400, "A page has a number from 1 on.")
    return int(value)


def day(request: Request, name: str) -> date | None:
    """Return a day, or None where it is missing. Raises 400 where it is none."""
    value = text(request, name)
    if not value:
        return None
    with suppress(ValueError):  # such as 31 February
        if _DAY.fullmatch(value):
            return date.fromisoformat(value)
    raise HTTPException(400, f"“{name}” is a day, written as 2026-11-24.")


def filter_id(request: Request, name: str) -> str:
    """Return an id by which a list is filtered, or an empty text. Raises 400 where it cannot be one."""
    value = text(request, name)
    if value and not _ID.fullmatch(value):
        raise HTTPException(400, f"“{name}” is an id: small letters a to f and figures.")
    return value


def path_id(request: Request, what: str) -> str:
    """Return the id in the path. Raises 404 where it cannot be one."""
    value = str(request.path_params["id"])
    if not _ID.fullmatch(value):
        raise HTTPException(404, f"There is no such {what}.")
    return value


def is_id(value: str) -> bool:
    """Say whether `value` may be an id of a document."""
    return _ID.fullmatch(value) is not None
