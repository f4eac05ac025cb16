"""Escape control, bidirectional and invisible characters for safe display."""

import re

#: Control characters, bidirectional embeddings, overrides and isolates, invisible characters, tag characters,
#: private-use blocks (one of which keeps stray bytes), noncharacters and surrogates.
_HIDDEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff"
    r"\ue000-\uf8ff\ufdd0-\ufdef\ud800-\udfff\U000e0000-\U000e007f\U000f0000-\U0010ffff]"
)


def escape_invisible(text: str) -> str:
    """Return `text` with such characters escaped, as in ‹U+001B›; a tab becomes four spaces."""
    return _HIDDEN.sub(lambda match: f"‹U+{ord(match[0]):04X}›", text).replace("\t", "    ")
