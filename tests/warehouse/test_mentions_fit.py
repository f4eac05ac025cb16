"""The check of mentions against their texts: what one substring per mention says, in linear time."""

import random
from pathlib import Path

import duckdb
import pytest

from copydesk.warehouse.audit import CHECKS
from tests.cpu_time import growth

CHECK = Path(CHECKS / "mentions_fit.sql").read_text(encoding="utf-8")


def misplaced(text: str, mentions: list[tuple[int, int, str]]) -> list[int]:
    """Return the starts of the mentions (start, end, surface) that the check finds in one document."""
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE MACRO in_scope(r) AS true; CREATE TABLE entities AS SELECT 'e' AS entity_id"
        )
        connection.execute("CREATE TABLE documents AS SELECT 'a' AS doc_id, 'r' AS run_id, ? AS text", [text])
        connection.execute('CREATE TABLE mentions (doc_id TEXT, start BIGINT, "end" BIGINT, surface TEXT)')
        starts, ends, surfaces = zip(*mentions, strict=True)
        connection.execute(
            "INSERT INTO mentions SELECT 'a', unnest(?), unnest(?), unnest(?)",
            [list(starts), list(ends), list(surfaces)],
        )
        connection.execute("ALTER TABLE mentions ADD COLUMN entity_id TEXT DEFAULT 'e'")
        return sorted(start for _, start, _ in connection.execute(CHECK).fetchall())


def test_only_a_mention_whose_offsets_give_another_surface_is_found() -> None:
    chance = random.Random(7)
    text = "".join(chr(0x100 + number % 991) + "\n"[: number % 7 == 0] for number in range(4_000))
    mentions, wrong = [], []
    for _ in range(2_000):
        start, length = chance.randrange(len(text) - 1), chance.choice([1, 20, 999, 1_000, 1_001, 2_500])
        surface, moved = text[start : start + length], start + chance.randrange(2)
        end = moved + len(surface)
        mentions.append((moved, end, surface))
        if text[moved:end] != surface:
            wrong.append(moved)
    assert misplaced(text, mentions) == sorted(wrong)
    assert 500 < len(wrong) < 1_500


def test_a_mention_beyond_the_text_is_found() -> None:
    assert misplaced("Ann", [(0, 3, "Ann"), (5_000, 5_003, "Ann")]) == [5_000]


@pytest.mark.nightly
def test_linear_time() -> None:
    def run(n: int) -> None:
        names = [f"Änn Whitlock{number:07}" for number in range(n)]
        misplaced(" ".join(names), [(20 * at, 20 * at + 19, name) for at, name in enumerate(names)])

    assert growth(run, small=20_000, large=40_000) < 2.3
