"""Latin spellings of one name: the keys under which they meet, and the test that they are one person.

A Cyrillic or Arabic name has many Latin spellings (Zelenskiy, Zelensky, Zelenskyy; Khrenin, Jrenin). Two forms of a
word: `plain` keeps the vowels, one letter a sound; `bones` keeps the consonants alone and takes g for h. Loops here
are over distinct words, once each.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

import polars as pl
from rapidfuzz.distance import JaroWinkler

#: (pattern, replacement), in order. Capitals stand for one sound: S sh, C ch, Z zh, T ts.
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
#: Endings of Slavic surnames.
_SLAVIC = re.compile(
    r"(?:[eo]v|[eoy]u|[eoa]va|off|[st]k[iy]+[jy]?|sk[ay]+a|(?:en|ch)k[oa]|[iy]uk|chuk|[oea]v[iy]ch|i[iy]|yy)$"
)
#: Two names of one key are spellings of one person from this likeness on (Jaro-Winkler of their sounds).
LOOSE = 0.77
#: The Jaro-Winkler similarity that counts as much where a name is neither Slavic nor Arabic.
STRICT = 0.93
#: So many centres of one key are compared: bounds the time where a list of made-up names shares a key.
CENTRES = 64
#: The likeness that a name alone needs: "Zelenskiy" is "Zelensky", but "Filin" is not "Fillon".
ALONE = 0.9
_DOUBLE = re.compile(r"(.)\1+")
_FEMALE = re.compile(r"(?:[oeaiy][vnu]|sk[ao]?y|tsk[ao]?y|sk)a(?:y?a)?$|[au]ya$|aia$")


@lru_cache(1 << 17)
def to_sounds(word: str) -> str:
    """Return one letter a sound for a folded Latin word; other scripts come back as they are."""
    for pattern, sound in _SOUNDS:
        word = pattern.sub(sound, word)
    return _DOUBLE.sub(r"\1", word)


@lru_cache(1 << 17)
def to_consonants(word: str) -> str:
    """Return the consonants of a folded word, g for h; `@` stands for a vowel in front."""
    sounds = to_sounds(word)
    rest = re.sub(r"[aeiou]", "", sounds).replace("h", "g")
    return ("@" if sounds[:1] in "aeiou" else "") + rest


@dataclass(frozen=True)
class Spellings:
    """What is known of given names: the class of each ("volodymyr" is "vladimir"), and those that are Slavic or Arabic
    and no Western names as well ("Victor").
    """

    classes: dict[str, str]
    eastern: frozenset[str]

    def given(self, word: str) -> str:
        """Return the class of a given name, else its bones."""
        return self.classes.get(word) or to_consonants(word)

    def surname(self, word: str) -> str:
        """Return the key of a surname or of a name alone: its class where that is Arabic or Slavic only, else its
        bones.
        """
        return self.given(word) if word in self.eastern else to_consonants(word)

    def person_key(self, name: str) -> str:
        """Return the key under which spellings of a person meet: the classes of the first and the last word."""
        words = name.split(" ")
        return (self.given(words[0]) if len(words) > 1 else "-") + " " + self.surname(words[-1])

    def is_eastern(self, name: str) -> bool:
        """Say whether a folded person name is Slavic or Arabic, by its given name or the ending of its surname."""
        words = name.split(" ")
        return words[0] in self.eastern or bool(_SLAVIC.search(words[-1]))

    def likeness(self, one: str, other: str) -> float:
        """Return how far two folded person names are spellings of one (0 to 1): the worse of given name and surname.

        Vowels and g or h count for little where a name is Slavic or Arabic, by its given name or its ending; elsewhere
        "Martin" is not "Morton".
        """
        first, second = one.split(" "), other.split(" ")
        if (len(first) == 1) != (len(second) == 1) or self._clash(first[1:-1], second[1:-1]):
            return 0.0
        loose = self.is_eastern(one) or self.is_eastern(other)
        if len(first) == 1:
            eastern = self.is_eastern(one) and self.is_eastern(other)
            score = self._alike(one, other, self.surname, loose=loose) if eastern else float(one == other)
            return score if score >= ALONE else 0.0
        return min(
            self._alike(first[0], second[0], self.given, loose=loose),
            self._alike(first[-1], second[-1], self.surname, loose=loose),
        )

    def _alike(self, one: str, other: str, key: Callable[[str], str], *, loose: bool) -> float:
        if one == other or (one in self.classes and other in self.classes and key(one) == key(other)):
            return 1.0
        if bool(_FEMALE.search(one)) != bool(_FEMALE.search(other)):
            return 0.0
        if loose:
            return JaroWinkler.similarity(
                to_sounds(one).replace("g", "h"), to_sounds(other).replace("g", "h")
            )
        likeness = LOOSE + (JaroWinkler.similarity(one, other) - STRICT) / (1 - STRICT) * (1 - LOOSE)
        return max(0.0, likeness)

    def _clash(self, one: list[str], other: list[str]) -> bool:
        """Say whether middle names contradict each other: "George W Bush", "George H W Bush"."""
        if not one or not other:
            return False
        shorter, longer = sorted((one, other), key=len)
        return not all(any(self._may_be(a, b) for b in longer) for a in shorter) or (
            len(one) != len(other) and all(len(word) == 1 for word in one + other)
        )

    def _may_be(self, one: str, other: str) -> bool:
        is_initial = len(one) == 1 or len(other) == 1
        return one[0] == other[0] and (is_initial or self.given(one) == self.given(other))

    def cluster(self, names: list[str], threshold: float = LOOSE) -> dict[str, tuple[str, str, float]]:
        """Return for each name the cluster, the cluster's centre and the likeness to it.

        Names that share a key are compared with the first CENTRES centres. Centres are the longer names first, then in
        the order of the alphabet: the result depends on the set of names alone. A Slavic or Arabic cluster is called by
        its key, which is the same whatever spelling came first; the others by their centre.
        """
        blocks: dict[str, list[str]] = {}
        for name in sorted(set(names), key=lambda name: (-name.count(" "), name)):
            blocks.setdefault(self.person_key(name), []).append(name)
        found: dict[str, tuple[str, str, float]] = {}
        for key, block in blocks.items():
            called: dict[str, str] = {}
            for name in block:
                score, centre = max(
                    ((self.likeness(centre, name), centre) for centre in islice(called, CENTRES)),
                    default=(0.0, name),
                )
                if score < threshold:
                    free = self.is_eastern(name) and f"~{key}" not in called.values()
                    called[name] = f"~{key}" if free else name
                    score, centre = 1.0, name
                found[name] = (called[centre], centre, score)
        return found


def list_given_names(table: pl.DataFrame) -> Spellings:
    """Return what is known of given names, from rows of origin, western (those that are Western too, or null) and names
    (of one class), divided by "|".
    """
    rows = table.select("origin", pl.col("western").fill_null(""), "names").rows()
    classes = {name: names.split("|")[0] for _, _, names in rows for name in names.split("|")}
    eastern = {
        name
        for origin, western, names in rows
        if origin != "western"
        for name in names.split("|")
        if name not in western.split("|")
    }
    return Spellings(classes, frozenset(eastern))
