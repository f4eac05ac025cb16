"""Other tools that tell article from page, each as a function from pages to texts, a text a page.

Text peers see `Page.text`, HTML peers `Page.html`. The packages are the dependency group `peers`; one is imported
when its peer is made: ImportError says how to install them. A page at which a peer raises counts as an empty text.
"""

import html
import importlib
import logging
import re
import warnings
from collections.abc import Callable
from types import ModuleType
from typing import Any

from benchmarks.pages import Page

type Peer = Callable[[Page], str]
_STOPLISTS = {
    "ar": "Arabic", "bg": "Bulgarian", "ca": "Catalan", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek",
    "en": "English", "es": "Spanish", "et": "Estonian", "fa": "Persian", "fi": "Finnish", "fr": "French",
    "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "id": "Indonesian", "it": "Italian",
    "ko": "Korean", "lt": "Lithuanian", "ms": "Malay", "nb": "Norwegian_Bokmal", "nl": "Dutch",
    "no": "Norwegian_Bokmal", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak",
    "sl": "Slovenian", "sr": "Serbian", "sv": "Swedish", "sw": "Swahili", "tr": "Turkish", "uk": "Ukrainian",
    "ur": "Urdu", "vi": "Vietnamese",
}  # fmt: skip
_SENTENCE_END = re.compile(r"[.!?。！？؟।]['\"”’»)\]]*$")


def keep_everything(page: Page) -> str:
    """Return the text unchanged."""
    return page.text


def bte(page: Page) -> str:
    """Keep the run of lines with most text inside and most tags outside (Finn, Kushmerick and Smyth, 2001).

    Plain text has no tags: here the words of lines that do not end as a sentence ends count as tags do.
    """
    lines = [line.strip() for line in page.text.splitlines()]
    best, best_at, total, start = 0, (0, 0), 0, 0
    for at, line in enumerate(lines):
        n_words = len(line.split())
        total += n_words if _SENTENCE_END.search(line) else -n_words
        if total <= 0:
            total, start = 0, at + 1
        elif total > best:
            best, best_at = total, (start, at + 1)
    return "\n".join(lines[slice(*best_at)])


def c4_lines() -> Peer:
    """Return the line rules of C4 (Raffel et al., 2020) in datatrove; the rules that drop whole pages are off."""
    data = _import("datatrove.data")
    rules = _import("datatrove.pipeline.filters").C4QualityFilter(
        remove_citations=False, min_num_sentences=-1, filter_lorem_ipsum=False, filter_curly_bracket=False
    )

    def extract(page: Page) -> str:
        document = data.Document(text=page.text, id=page.name)
        rules.filter(document)
        return str(document.text)

    return extract


def justext_lines() -> Peer:
    """Return jusText (Pomikálek, 2011) with each line as a paragraph; without stop words where it has no list."""
    justext = _import("justext")

    def extract(page: Page) -> str:
        source = "".join(f"<p>{html.escape(line)}</p>" for line in page.text.splitlines() if line.strip())
        name = _STOPLISTS.get(page.lang)
        shares = {} if name else {"stopwords_low": 0, "stopwords_high": 0}
        words = justext.get_stoplist(name) if name else frozenset()
        found = justext.justext(f"<html><body>{source}</body></html>", words, **shares)
        return "\n".join(paragraph.text for paragraph in found if not paragraph.is_boilerplate)

    return extract


def trafilatura(*, favor_precision: bool) -> Peer:
    """Return trafilatura (Barbaresi, 2021) without comments."""
    extract = _import("trafilatura").extract
    return lambda page: (
        extract(page.html, include_comments=False, favor_precision=favor_precision) or "" if page.html else ""
    )


def resiliparse() -> Peer:
    """Return the main-content mode of resiliparse (Bevendorff et al., 2018)."""
    extract = _import("resiliparse.extract.html2text").extract_plain_text
    return lambda page: str(extract(page.html, main_content=True))


def newspaper() -> Peer:
    """Return newspaper4k, given the language, without fetching images."""
    article = _import("newspaper").Article

    def extract(page: Page) -> str:
        found = article(f"http://{page.source}/", language=page.lang, fetch_images=False)
        found.download(input_html=page.html)
        found.parse()
        return str(found.text)

    return extract


def readability() -> Peer:
    """Return readability-lxml, its summary read block by block."""
    document, lxml = _import("readability").Document, _import("lxml.html")

    def extract(page: Page) -> str:
        summary = lxml.fromstring(document(page.html).summary())
        return "\n".join(text.strip() for text in summary.itertext() if text.strip())

    return extract


def boilerpy() -> Peer:
    """Return the article extractor of boilerpipe (Kohlschütter et al., 2010) in Python."""
    extractor = _import("boilerpy3.extractors").ArticleExtractor(raise_on_failure=False)
    return lambda page: str(extractor.get_content(page.html))


#: By name: what makes the peer.
TEXT_PEERS: dict[str, Callable[[], Peer]] = {
    "keep everything": lambda: keep_everything,
    "C4 line rules": c4_lines,
    "BTE on lines": lambda: bte,
    "jusText on lines": justext_lines,
}
HTML_PEERS: dict[str, Callable[[], Peer]] = {
    "trafilatura": lambda: trafilatura(favor_precision=False),
    "trafilatura, precision": lambda: trafilatura(favor_precision=True),
    "resiliparse": resiliparse,
    "newspaper4k": newspaper,
    "readability-lxml": readability,
    "boilerpy3": boilerpy,
}


def run_peer(peer: Peer, pages: list[Page]) -> list[str]:
    """Return the peer's text of every page; empty if the peer raises an error."""
    logging.disable(logging.CRITICAL)  # peers log a traceback a page
    try:
        return [_text_of(peer, page) for page in pages]
    finally:
        logging.disable(logging.NOTSET)


def _text_of(peer: Peer, page: Page) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return peer(page)
        except Exception:  # a peer may raise anything; what it can't read it has not extracted
            return ""


def _import(name: str) -> ModuleType | Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return importlib.import_module(name)
    except ImportError as error:
        raise ImportError(
            f"{name} is not installed; install the peers with: uv sync --group peers"
        ) from error
