"""What copydesk.transforms.text.hashing makes of a text, read plainly: a second opinion, a word at a time."""

import re
import unicodedata
from dataclasses import dataclass

from copydesk.transforms.text.shingles import MIN_ANCHORS, SCALE

_64 = 2**64 - 1
#: Of the scripts that write no spaces, those that the tests use.
_UNSPACED = ("CJK UNIFIED", "HIRAGANA", "THAI")


@dataclass(frozen=True)
class Reading:
    """A text as the columns of Words and Sample have it."""

    codes: list[int]
    key: int
    numbers: int
    anchors: list[int]
    n_sampled: int


def mix(value: int) -> int:
    """Evensen's mixer, on 64 bits."""
    for factor in (0xD6E8FEB86659FD93, 0xD6E8FEB86659FD93, 1):
        value = (value ^ value >> 32) * factor & _64
    return value


def hash_word(word: bytes) -> int:
    """The hash of a word in lower case: eight bytes at a time, the lowest first."""
    hashed = 0
    for start in range(0, len(word), 8):
        hashed = mix(hashed + int.from_bytes(word[start : start + 8], "little") & _64)
    return hashed


def split(text: str) -> list[bytes]:
    """The words of a text: letters, digits and marks in lower case, 64 bytes at most, some scripts one by one."""
    folded = unicodedata.normalize("NFKC", text.lower()).lower()
    spaced = "".join(
        f" {letter} "
        if unicodedata.name(letter, "").startswith(_UNSPACED)
        else letter
        if unicodedata.category(letter)[0] in "LNM"
        else " "
        for letter in folded
    )
    return [word.encode() for word in spaced.split()]


def read(text: str) -> Reading:
    """A text, read plainly."""
    cut = [word[start : start + 64] for word in split(text) for start in range(0, len(word), 64)]
    hashes = [hash_word(word) for word in cut] + [mix(2)] * 2
    is_number = [bool(re.match(rb"[0-9]", word)) for word in cut] + [False] * 2
    key, power, numbers = 0, 1, 0
    for hashed, digit in zip(hashes, is_number, strict=True):
        power = power * 0x9E3779B97F4A7C15 & _64
        key = key + hashed * power & _64
        numbers |= digit << (hashed >> 58)
    threes = zip(hashes, hashes[1:], hashes[2:], strict=False)
    shingles = sorted(
        {mix((a * 0x9E3779B97F4A7C15 + b * 0xC2B2AE3D27D4EB4F + c) & _64) for a, b, c in threes}
    )
    kept = [value for rank, value in enumerate(shingles) if rank < MIN_ANCHORS or value < 2**64 // SCALE]
    return Reading(
        [hashed >> 32 & ~1 | digit for hashed, digit in zip(hashes, is_number, strict=True)],
        mix(key),
        numbers,
        [value % 2**32 for value in kept],
        sum(value < 2**64 // SCALE for value in shingles),
    )
