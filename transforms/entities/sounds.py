"""The sounds and the consonants of a word in Latin letters: what its spellings have in common."""

import re
from functools import lru_cache

#: Patterns and their replacements, in order. Capitals are single sounds: S sh, C ch, Z zh, T ts.
_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"shch|schtsch|szcz|sch|sh", "S"),
        (r"^j(?=[^aeiouy])", "kh"),  # Jrenin, the Spanish Khrenin
        (r"dh", "d"),
        (r"ck(?=[iy]+$)", "Tk"),  # Polish -cki
        (r"tch|ch|cz|c(?=[eiy]|uk$)", "C"),
        (r"dzh|dj(?=[aeiou])|zh", "Z"),
        (r"dz(?=[ieym])|dz$", "d"),  # Belarusian soft d
        (r"ts(?=[i])", "t"),  # Belarusian soft t
        (r"ts|tz", "T"),
        (r"kh|gh", "h"),
        (r"ph", "f"),
        (r"x", "ks"),
        (r"ck|c|q", "k"),
        (r"w", "v"),
        (r"(?<=[aeo])u(?=$|[^aeiouy])", "v"),  # Belarusian short u: -ou, -au for -ov
        (r"(?<=[aeo])f+$", "v"),  # -off for -ov
        (r"^[yji](?=[aeou])", ""),  # Yevgeny, Jevgeni, Evgeni
        (r"[yj]", "i"),
        (r"i(?=[aeou])|(?<=[aeou])i(?=[aeou])", ""),  # ia, io, ie, iu: the letter after a soft consonant
        (r"i+$", "i"),
        (r"o", "a"),  # unstressed o
    )
)


_DOUBLE = re.compile(r"(.)\1+")


@lru_cache(1 << 17)
def to_sounds(word: str) -> str:
    """Return a folded Latin word with one letter per sound; words of other scripts are returned unchanged."""
    for pattern, sound in _SOUNDS:
        word = pattern.sub(sound, word)
    return _DOUBLE.sub(r"\1", word)


@lru_cache(1 << 17)
def to_consonants(word: str) -> str:
    """Return the consonants of a folded word, with g for h; `@` is a vowel at the beginning."""
    sounds = to_sounds(word)
    rest = re.sub(r"[aeiou]", "", sounds).replace("h", "g")
    return ("@" if sounds[:1] in "aeiou" else "") + rest
