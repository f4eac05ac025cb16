"""docs/reference/python-api.md: every public name of `import copydesk`, from its docstring and signature."""

import dataclasses
import inspect
import re
import textwrap
from typing import Any

import copydesk

_HEAD = """# Python API

Written by `make docs` from the docstrings of the package `copydesk`. Importing it loads neither Prefect nor Great
Expectations nor DuckDB. The tutorial [In a notebook](../tutorial/notebook.md) walks through it.
"""


def api_page() -> str:
    """Return the page: one section per name in `copydesk.__all__`, in that order."""
    names = [name for name in getattr(copydesk, "__all__", ()) if not name.startswith("_")]
    return "\n".join([_HEAD, *(section for name in names for section in _section(name))])


def _section(name: str) -> list[str]:
    value = getattr(copydesk, name)
    kind = "class " if inspect.isclass(value) else ""
    lines = [f"## {name}", "", "```text", *_signature(f"{kind}{name}", value), "```", "", _prose(value), ""]
    for method, function in inspect.getmembers(value, inspect.isfunction) if kind else ():
        if not method.startswith("_") and function.__doc__:
            lines += [f"### {name}.{method}", "", "```text", *_signature(method, function), "```", ""]
            lines += [_prose(function), ""]
    return lines


def _signature(name: str, value: Any) -> list[str]:
    """Return a signature as lines of code, one parameter per line where it is long."""
    if dataclasses.is_dataclass(value):
        return [
            name,
            *(f"    {field.name}: {_short(str(field.type))}" for field in dataclasses.fields(value)),
        ]
    if inspect.isclass(value):
        return [name]
    signature = inspect.signature(value)
    one_line = f"{name}{_short(str(signature))}"
    if len(one_line) <= 100:
        return [one_line]
    returned = f" -> {_short(inspect.formatannotation(signature.return_annotation))}"
    parameters = [_short(str(each)) for each in signature.parameters.values()]
    first_keyword = next(
        (i for i, each in enumerate(signature.parameters.values()) if each.kind is each.KEYWORD_ONLY), None
    )
    if first_keyword is not None:
        parameters.insert(first_keyword, "*")
    return [f"{name}(", *(f"    {each}," for each in parameters), f"){returned}"]


def _short(text: str) -> str:
    """Return a printed type without the modules that every reader knows."""
    text = re.sub(r"<class '([^']+)'>", r"\1", text)
    text = re.sub(
        r"\b(?:polars\.[a-z_.]*|copydesk\.[a-z_.]+|pathlib\.|collections\.abc\.|typing\.)(?=[A-Z])", "", text
    )
    return text.replace("'", "")


def _prose(value: Any) -> str:
    """Return a docstring as Markdown, its reST roles as code."""
    text = textwrap.dedent(inspect.getdoc(value) or "")
    return re.sub(r":\w+:`~?([^`]+)`", r"`\1`", text)
