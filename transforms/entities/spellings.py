"""Latin spellings of one person: the key that they share, and the similarity of two names.

A Cyrillic or Arabic name has many Latin spellings (Zelenskiy, Zelensky, Zelenskyy; Khrenin, Jrenin). Loops here are
over distinct names.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

import polars as pl
from rapidfuzz.distance import JaroWinkler

from copydesk.transforms.entities.sounds import to_consonants, to_sounds

#: Endings of Slavic surnames.
_SLAVIC = re.compile(
    r"(?:[eo]v|[eoy]u|[eoa]va|off|[st]k[iy]+[jy]?|sk[ay]+a|(?:en|ch)k[oa]|[iy]uk|chuk|[oea]v[iy]ch|i[iy]|yy)$"
)
#: Two names with one key are spellings of one person from this similarity on (Jaro-Winkler of their sounds).
LOOSE = 0.77
#: The Jaro-Winkler similarity that is required of a name that is neither Slavic nor Arabic.
STRICT = 0.93
#: Cluster centres per key that a name is compared with: bounds the time if many made-up names share a key.
CENTRES = 64
#: The similarity that is required of single words: "Zelenskiy" is "Zelensky", but "Filin" is not "Fillon".
ALONE = 0.9
_FEMALE = re.compile(r"(?:[oeaiy][vnu]|sk[ao]?y|tsk[ao]?y|sk)a(?:y?a)?$|[au]ya$|aia$")


@dataclass(frozen=True)
class Spellings:
    """Given names: the class of each ("volodymyr" is "vladimir"), and the Slavic or Arabic ones that are not Western
    names too (as "Victor" is).
    """

    classes: dict[str, str]
    eastern: frozenset[str]

    def given(self, word: str) -> str:
        """Return the class of a given name, else its consonants."""
        return self.classes.get(word) or to_consonants(word)

    def surname(self, word: str) -> str:
        """Return the key of a surname or a single word: its class if that is only Arabic or Slavic, else its
        consonants.
        """
        return self.given(word) if word in self.eastern else to_consonants(word)

    def person_key(self, name: str) -> str:
        """Return the key that spellings of a person share: the keys of the first and the last word."""
        words = name.split(" ")
        return (self.given(words[0]) if len(words) > 1 else "-") + " " + self.surname(words[-1])

    def is_eastern(self, name: str) -> bool:
        """Return whether a folded person name is Slavic or Arabic, by its given name or the ending of its surname."""
        words = name.split(" ")
        return words[0] in self.eastern or bool(_SLAVIC.search(words[-1]))

    def similarity(self, one: str, other: str) -> float:
        """Return the similarity of two folded person names as spellings of one, 0 to 1: the lower of given name and
        surname.

        Vowels, and g for h, count for little in a Slavic or Arabic name; in others "Martin" is not "Morton".
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
        similarity = LOOSE + (JaroWinkler.similarity(one, other) - STRICT) / (1 - STRICT) * (1 - LOOSE)
        return max(0.0, similarity)

    def _clash(self, one: list[str], other: list[str]) -> bool:
        """Return whether middle names contradict each other: "George W Bush", "George H W Bush"."""
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
        """Return for each name its cluster, the centre of the cluster and the similarity to the centre.

        Names that share a key are compared with the first CENTRES centres: the longest names first, then in
        alphabetical order, so the result depends on the set of names alone. A Slavic or Arabic cluster is named by
        its key, which does not depend on the spelling that came first; the others by their centre.
        """
        blocks: dict[str, list[str]] = {}
        for name in sorted(set(names), key=lambda name: (-name.count(" "), name)):
            blocks.setdefault(self.person_key(name), []).append(name)
        found: dict[str, tuple[str, str, float]] = {}
        for key, block in blocks.items():
            called: dict[str, str] = {}
            for name in block:
                score, centre = max(
                    ((self.similarity(centre, name), centre) for centre in islice(called, CENTRES)),
                    default=(0.0, name),
                )
                if score < threshold:
                    free = self.is_eastern(name) and f"~{key}" not in called.values()
                    called[name] = f"~{key}" if free else name
                    score, centre = 1.0, name
                found[name] = (called[centre], centre, score)
        return found


def list_given_names(table: pl.DataFrame) -> Spellings:
    """Return the Spellings of a table with one class of given names per row: origin, names, and western (those of the
    names that are Western too, or null); names are separated by "|".
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
