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
    """Return the page: the functions of `copydesk.__all__`, then what they return, then what they raise."""
    values = {name: getattr(copydesk, name) for name in getattr(copydesk, "__all__", ()) if name[0] != "_"}
    functions = {name: value for name, value in values.items() if inspect.isfunction(value)}
    errors = {
        name: value
        for name, value in values.items()
        if inspect.isclass(value) and issubclass(value, Exception)
    }
    results = {name: value for name, value in values.items() if name not in functions | errors}
    lines = [_HEAD]
    for title, group in (("Functions", functions), ("Results", results), ("Errors", errors)):
        lines += [
            f"## {title}",
            "",
            *(line for name in sorted(group) for line in _section(name, group[name])),
        ]
    return "\n".join(lines)


def _section(name: str, value: Any) -> list[str]:
    """Return the lines of one class or function; methods of a class follow it."""
    is_error = inspect.isclass(value) and issubclass(value, Exception)
    code = [] if is_error else ["```text", *_signature(name, value), "```", ""]
    lines = [f"### {name}", "", *code, _prose(value), ""]
    methods = inspect.getmembers(value, inspect.isfunction) if inspect.isclass(value) else []
    for method, function in methods:
        if not method.startswith("_") and function.__doc__:
            lines += [f"#### {name}.{method}", "", "```text", *_signature(method, function), "```", ""]
            lines += [_prose(function), ""]
    return lines


def _signature(name: str, value: Any) -> list[str]:
    """Return a signature as lines of code: a class with its fields, one parameter per line where it is long."""
    if inspect.isclass(value):
        fields = inspect.get_annotations(value) if hasattr(value, "_fields") else {}
        if dataclasses.is_dataclass(value):
            fields = {field.name: field.type for field in dataclasses.fields(value)}
        return [f"class {name}", *(f"    {field}: {_short(_type(kind))}" for field, kind in fields.items())]
    signature = inspect.signature(value)
    parameters = [_short(str(each)) for each in signature.parameters.values() if each.name != "self"]
    returned = _short(_type(signature.return_annotation))
    one_line = f"{name}({', '.join(parameters)}) -> {returned}"
    if len(one_line) <= 100:
        return [one_line]
    return [f"{name}(", *(f"    {each}," for each in parameters), f") -> {returned}"]


def _type(annotation: Any) -> str:
    return annotation if isinstance(annotation, str) else inspect.formatannotation(annotation)


def _short(text: str) -> str:
    """Return a printed parameter or type without the modules that every reader knows and quotes around types."""
    name, colon, rest = text.partition(": ")
    kind, equals, default = (rest if colon else text).partition(" = ")
    kind = re.sub(r"\b(?:polars|copydesk|pathlib|collections|typing)\.(?:[a-z_]+\.)*(?=[A-Z])", "", kind)
    return f"{name if colon else ''}{colon}{kind.replace(chr(39), '')}{equals}{default}"


def _prose(value: Any) -> str:
    """Return a docstring as Markdown, its reST roles as code."""
    text = textwrap.dedent(inspect.getdoc(value) or "")
    return re.sub(r":\w+:`~?([^`]+)`", r"`\1`", text)
