"""The pages of the site: Great Expectations' own sections, in a frame of ours (expectations/pages)."""

import logging
import warnings
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from copydesk.expectations.data_docs.sanitise import clean, mask, spell, unmask
from copydesk.expectations.results import warm_up

PAGES = Path(__file__).with_name("templates")
#: Great Expectations' name for what is expected of no column.
_TABLE = "Table-Level Expectations"
_SECTIONS = '{% for section in sections %}{% set section_loop = loop %}{% include "section.j2" %}{% endfor %}'
#: Arguments that say which rows were looked at, not what is expected of them; the label says it instead.
_ROWS = ("batch_id", "row_condition", "condition_parser")


class Body(NamedTuple):
    """What Great Expectations makes of a page: the names of its sections (their ids count from 1), and its HTML."""

    names: list[str]
    html: Markup


def render(template: str, **values: Any) -> str:
    """Render one template of expectations/pages. Raises jinja2.UndefinedError for a value that it lacks."""
    return _environment().get_template(template).render(**values)


def render_results(suite: str, found: dict[str, Any], run: str, at: str) -> Body:
    """Render what was `found` of a suite: a validation result of Great Expectations as a JSON dict."""
    with _quiet():
        from great_expectations.core.expectation_validation_result import (
            expectationSuiteValidationResultSchema,
        )
        from great_expectations.render.renderer import ValidationResultsPageRenderer

        version = found["meta"].get("great_expectations_version")
        outcome = expectationSuiteValidationResultSchema.load(
            {
                "success": found["success"],
                "results": [_masked_result(result) for result in found["results"]],
                "statistics": found["statistics"],
                "suite_name": mask(suite),
                "suite_parameters": {},
                "meta": {
                    "great_expectations_version": mask(version),
                    "run_id": {"run_name": mask(run), "run_time": at},
                },
            }
        )
        document = ValidationResultsPageRenderer().render(outcome)
        document.sections[0].content_blocks[0].subheader = None  # the frame says it
        labels = _labels(found)
        for section in document.sections[1:]:
            block = section.content_blocks[1]
            block.styling["body"]["classes"] = ["table", "results"]
            rows = zip(block.table, labels[section.section_name], strict=True)
            block.table = [_label_row(row, label) for row, label in rows]
        return _render_document(document)


def render_suite(suite: str, found: dict[str, Any]) -> Body:
    """Render what a suite expects, as one of its validation results tells."""
    with _quiet():
        from great_expectations.core import ExpectationSuite
        from great_expectations.render.renderer import ExpectationSuitePageRenderer

        expected = [_masked_result(result)["expectation_config"] for result in found["results"]]
        document = ExpectationSuitePageRenderer().render(
            ExpectationSuite(name=mask(suite), expectations=expected)
        )
        labels = _labels(found)
        overview, *columns = document.sections
        lists = [block for block in overview.content_blocks if hasattr(block, "bullet_list")]
        named = [(_TABLE, block) for block in lists]
        named += [(section.section_name, section.content_blocks[1]) for section in columns]
        for name, block in named:
            points = zip(labels[name], _split_at_rules(block.bullet_list), strict=True)
            block.bullet_list = [[label, *words] for label, words in points]
        return _render_document(document)


def _masked_result(result: dict[str, Any]) -> dict[str, Any]:
    """Return one expectation's result for the renderers; what our labels say is left out."""
    config = result["expectation_config"]
    shown = {
        name: part for name, part in (result["result"] or {}).items() if name != "unexpected_index_query"
    }
    described = {name: mask(config[name]) for name in ("description",) if config.get(name)}
    return {
        "success": result["success"],
        "result": mask(shown),
        "exception_info": mask(result["exception_info"] or {}),
        "meta": {},
        "expectation_config": {
            "type": config["type"],
            "kwargs": mask({name: part for name, part in config["kwargs"].items() if name not in _ROWS}),
            "meta": {},
            **described,
        },
    }


def _labels(found: dict[str, Any]) -> dict[str, list[Any]]:
    """Return what our suites say of each expectation (name, severity, why), by the name of its section."""
    labels = defaultdict(list)
    for result in found["results"]:
        config = result["expectation_config"]
        labels[mask(config["kwargs"].get("column", _TABLE))].append(_label(config))
    return labels


def _label(config: dict[str, Any]) -> Any:
    from great_expectations.render import RenderedStringTemplateContent

    meta = config.get("meta") or {}
    severity = str(meta.get("severity") or config.get("severity") or "")
    parts = {
        "name": meta.get("name"),
        "severity": severity,
        "rows": _say_rows(config["kwargs"].get("row_condition")),
        "because": meta.get("because"),
    }
    parts = {name: mask(str(part)) for name, part in parts.items() if part}
    looks = {
        "name": {"tag": "strong", "classes": ["name"]},
        "severity": {"classes": ["badge", f"severity-{mask(severity)}"]},
        "rows": {"tag": "p"},
        "because": {"tag": "p"},
    }
    return RenderedStringTemplateContent(
        string_template={
            "template": " ".join(f"${name}" for name in parts),
            "params": parts,
            "tag": "div",
            "styling": {"classes": ["label"], "params": {name: looks[name] for name in parts}},
        }
    )


def _say_rows(condition: Any) -> str:
    """Say which rows were looked at, where not all of them were."""
    match condition:
        case None | "":
            return ""
        case {"column": {"name": column}, "operator": operator, "parameter": value}:
            return f"only rows where {column} {operator} {value!r}"
        case _:
            return f"only rows where {condition}"


def _label_row(row: Any, label: Any) -> list[Any]:
    """Put a label before the expectation's words; a row that could not be rendered is not a list but its apology."""
    status, words, *others = row if isinstance(row, list) else ["", row, ""]
    blocks = words if isinstance(words, list) else [words]
    for block in blocks:
        match getattr(block, "header_row", None):
            case ["Sampled Unexpected Values", "Count", *ids]:  # it counts what is shown, not what failed
                block.header_row = ["Sampled Unexpected Values", "Count Shown", *ids]
    return [status, [label, *blocks], *others]


def _split_at_rules(blocks: list[Any]) -> Iterator[list[Any]]:
    """Return the blocks of each expectation: a rule stands after the last of each."""
    words: list[Any] = []
    for block in blocks:
        if getattr(block, "string_template", {}).get("tag") == "hr":
            yield words
            words = []
        else:
            words.append(block)


def _render_document(document: Any) -> Body:
    names = [unmask(section.section_name) for section in document.sections]
    return Body(names, Markup(clean(_sections().render(document.to_json_dict()))))  # noqa: S704  # cleaned


@contextmanager
def _quiet() -> Iterator[None]:
    """Import Great Expectations; keep its deprecations, and the values that it logs with its errors, to itself."""
    warm_up()
    logger = logging.getLogger("great_expectations")
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)


@cache
def _sections() -> Any:
    """Return a template for the sections of a page, with Great Expectations' own filters and templates."""
    from great_expectations.render.view import DefaultJinjaPageView

    return DefaultJinjaPageView().env.from_string(_SECTIONS)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(PAGES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["spell"] = spell
    return environment
