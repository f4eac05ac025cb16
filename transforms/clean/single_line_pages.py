"""Pages that a scraper wrote on one line, cut into sentences and menus."""

import math
import re
from itertools import pairwise

from copydesk.transforms.text.patterns import CLOSERS

_BOUNDARY = re.compile(rf"(?<=[.!?…]){CLOSERS}\s+(?=[\"“‘«¿¡(\[]*[A-ZÀ-ÞА-ЯЁІЇЄҐ0-9])|(?<=[。！？])")
_ABBREVIATION = re.compile(
    r"(?:\b[A-Z]|\b(?:Mr|Mrs|Ms|Dr|St|Sen|Gov|Rep|Gen|Col|Lt|Sgt|Jr|Sr|No|vs|Inc|Corp|Co|Ltd|Jan|Feb|Mar|Apr|Jun"
    r"|Jul|Aug|Sept|Sep|Oct|Nov|Dec|Prof|Rev|Hon|bzw|ca|Nr))\.\s*$"
)
#: White space before a token is matched only at the start of the line: anywhere else a run of it would take
#: quadratic time.
_TOKEN = re.compile(r"^\s*\S+\s*|\S+\s*")
#: Log odds that a token is prose, by the case of its first letter: 78 % of the words of prose and 25 % of those
#: of menus and headlines start in lower case (dev pages of ../shared/eval/clean, rounded). Halved, because
#: neighbours are correlated.
_LOWER, _UPPER = math.log(0.78 / 0.25) / 2, math.log(0.22 / 0.75) / 2
_SWITCH = 5.0
_MIN_TOKENS = 12


def cut_page(text: str) -> list[str]:
    """Cut one long line into sentences, and these where a menu ends and prose begins; the pieces tile the line."""
    pieces, last = [], 0
    for boundary in _BOUNDARY.finditer(text):
        at = boundary.end()
        if at > last and not _ABBREVIATION.search(text, max(last, boundary.start() - 6), boundary.start()):
            pieces.append(text[last:at])
            last = at
    pieces.append(text[last:])
    return [part for piece in pieces for part in _part_menus(piece)]


def _part_menus(piece: str) -> list[str]:
    """Cut a piece between runs of capitalised words and runs of prose: a Viterbi path over two states."""
    tokens = _TOKEN.findall(piece)
    if len(tokens) < _MIN_TOKENS:
        return [piece] if piece else []
    menu, prose, came = 0.0, 0.0, []
    for token in tokens:
        letter = next((char for char in token.lstrip()[:2] if char.isalpha()), "")
        odds = _LOWER if letter.islower() else _UPPER if letter.isupper() else 0.0
        to_menu, to_prose = prose - _SWITCH > menu, menu - _SWITCH <= prose
        came.append((to_menu, to_prose))
        menu, prose = max(menu, prose - _SWITCH) - odds, max(prose, menu - _SWITCH) + odds
    state, cuts = prose > menu, []
    for place in range(len(tokens) - 1, 0, -1):
        before = bool(came[place][state])
        if before != state:
            first_word = state and place > 1 and tokens[place - 1].lstrip()[:1].isupper()
            cuts.append(place - 1 if first_word else place)  # a sentence begins with a capital
        state = before
    bounds = [0, *sorted(set(cuts)), len(tokens)]
    return ["".join(tokens[low:high]) for low, high in pairwise(bounds) if high > low]
