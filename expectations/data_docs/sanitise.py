"""Strings from data on their way through Great Expectations' pages: cut short, masked before, cleaned after.

Its renderers fill $templates and write some values as HTML, some as text. So the characters that mean something to
either are masked by others before, and put back into the parsed page, whose writer escapes each of them once.
What comes out has plain elements and no more: no script, no style, no address.
"""

import re
from functools import cache
from typing import Any

from copydesk.transforms.text.printable import escape_invisible

#: Rows and values kept of what failed, and characters of one value.
_MOST, _LONGEST = 20, 300
_RISKY = "<>&\"'`${}"
#: Linear A: no language that is read, and printable, for Python writes other private characters as escapes in a list.
_MASKS = 0x10600
_MASK = {ord(character): _MASKS + place for place, character in enumerate(_RISKY)}
_UNMASK = {masked: character for character, masked in _MASK.items()}
#: The masks themselves, where a text holds them already.
_HOLDS_MASKS = re.compile(r"[\U00010600-\U0001060f]")
_KEPT = frozenset(
    (
        *("div", "span", "p", "br", "hr", "h1", "h2", "h3", "h4", "ul", "ol", "li", "details", "summary"),
        *("table", "thead", "tbody", "tr", "th", "td", "strong", "em", "b", "code", "pre"),
    )
)
#: Elements whose text is no text.
_CODE = frozenset(("script", "style", "template", "iframe", "noscript", "object", "svg", "math", "title"))
_HEADINGS = {"h5": "h2", "h6": "h3"}
#: Great Expectations says these with icons of a font.
_ICONS = {
    "fa-check-circle": ("yes", "met"),
    "fa-times": ("no", "not met"),
    "fa-exclamation-triangle": ("no", "not checked"),
}


def shorten(value: Any) -> Any:
    """Return a JSON value cut to what a page shows: 20 items a list, 300 characters a string, plain numbers."""
    if isinstance(value, dict):
        return {shorten(str(key)): shorten(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [shorten(part) for part in value[:_MOST]]
    if value is None or isinstance(value, bool | int | float):
        return value
    if hasattr(value, "item"):  # a number of NumPy's
        return value.item()
    text = str(value)
    return text if len(text) <= _LONGEST else f"{text[: 2 * _LONGEST // 3]} … {text[-_LONGEST // 3 :]}"


def spell(text: str) -> str:
    """Spell out control, direction and other characters that a reader would not see, and those that mask others."""
    return _HOLDS_MASKS.sub(lambda match: f"‹U+{ord(match[0]):04X}›", escape_invisible(text))


def mask(value: Any) -> Any:
    """Return a JSON value with the risky characters of all its strings masked; `clean` puts them back."""
    if isinstance(value, dict):
        return {mask(key): mask(part) for key, part in value.items()}
    if isinstance(value, list):
        return [mask(part) for part in value]
    return spell(value).translate(_MASK) if isinstance(value, str) else value


def unmask(text: str) -> str:
    """Put the masked characters back: plain text, not yet HTML."""
    return text.translate(_UNMASK)


def clean(page: str) -> str:
    """Return HTML made by Great Expectations from masked values as plain, complete HTML without scripts."""
    tree = _lxml().fragment_fromstring(page, create_parent="div")
    for link in tree.xpath(".//a[@data-toggle='collapse']"):
        _unfold(tree, link)
    for element in [*tree.iterdescendants()]:
        _clean_element(element)
    for element in tree.iter():
        inside_code = any(up.tag == "code" for up in (element, *element.iterancestors()))
        element.text = _clean_text(element.text, inside_code=inside_code)
        element.tail = _clean_text(element.tail, inside_code=inside_code and element.tag != "code")
    return "".join(_lxml().tostring(child, encoding="unicode") for child in tree)


def _unfold(tree: Any, link: Any) -> None:
    """Turn what a script would unfold into <details>, which needs none."""
    for body in tree.xpath(".//*[@id=$id]", id=link.get("href", "")[1:]):
        details = _lxml().Element("details")
        summary = _lxml().Element("summary")
        summary.text = link.text_content()
        body.addprevious(details)
        details.extend((summary, body))
    holder = link.getparent()
    link.drop_tree()
    if not holder.text_content().strip():
        holder.drop_tree()


def _clean_element(element: Any) -> None:
    """Keep an element, its content, or nothing of it."""
    hidden_head = element.tag == "thead" and "hidden" in element.attrib
    if hidden_head:
        for cell in element.xpath("following-sibling::tbody/tr/td[1]"):
            cell.tag = "th"
            cell.set("scope", "row")
    if hidden_head or not isinstance(element.tag, str) or element.tag in _CODE:
        element.drop_tree()
        return
    classes = element.get("class", "").split()
    if element.tag == "i":
        classes = _say_icon(element, classes)
    element.tag = _HEADINGS.get(element.tag, element.tag)
    if element.tag not in _KEPT:
        element.drop_tag()
        return
    kept = {name: element.get(name) for name in ("id", "scope") if name in element.attrib}
    if not re.fullmatch(r"section-[0-9]+", kept.get("id", "section-0")):
        del kept["id"]
    if element.tag == "th":
        kept.setdefault("scope", "col")
    if classes:
        kept["class"] = " ".join(classes)
    element.attrib.clear()
    element.attrib.update(kept)


def _say_icon(icon: Any, classes: list[str]) -> list[str]:
    """Write a sign in words; return its classes."""
    for name, (look, words) in _ICONS.items():
        if name in classes:
            icon.tag, icon.text = "span", words
            return [look]
    return classes


def _clean_text(text: str | None, *, inside_code: bool) -> str | None:
    """Put the masked characters back and the templates' indentation away."""
    if not text:
        return text
    return unmask(text.strip("\n ") if inside_code else re.sub(r"\s+", " ", text))


@cache
def _lxml() -> Any:
    """Return lxml.html, which has no type hints; trafilatura brings it."""
    from lxml import html

    return html
