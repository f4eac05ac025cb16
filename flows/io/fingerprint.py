"""The fingerprint of a run: every setting that can change its result, the contents of the files they name, the code.

Two runs with equal fingerprints over the same input on the same warehouse give the same tables.
"""

import json
from functools import cache
from hashlib import blake2b
from importlib import metadata, util
from pathlib import Path
from typing import TYPE_CHECKING

from copydesk.flows.shipped import ROOT

if TYPE_CHECKING:
    from copydesk.flows.settings import Settings

#: Settings that say where or how patiently a run works, never what it makes.
OPERATIONAL = frozenset({"home", "wait_seconds", "query_seconds", "query_mb", "query_rows"})
#: The package's files that decide what a run does; data files are covered by the settings that name them.
_CODE = (".py", ".pyx", ".pxd", ".sql", ".yaml", ".toml")

type Value = str | float | bool | dict[str, str] | list[dict[str, str]] | None
type Fingerprint = dict[str, Value]


def fingerprint(settings: "Settings") -> Fingerprint:
    """Return the value of every setting but the OPERATIONAL ones, by name; `code` is the digest of the package.

    A file or folder is its name and the digest of its contents, so the fingerprint is the same wherever it lies; a
    spaCy model is its name and version.
    """
    names = sorted(set(type(settings).model_fields) - OPERATIONAL)
    return {name: _value_of(settings, name) for name in names} | {"code": code_digest()}


def digest(*values: object) -> str:
    """Return a hash of JSON-able `values` in 16 hexadecimal digits."""
    return blake2b(json.dumps(values, sort_keys=True).encode(), digest_size=8).hexdigest()


def digest_of(path: Path) -> str:
    """Return a hash of the contents of a file or of all files below a folder, hidden ones left out; "" if missing."""
    if path.is_dir():
        return _digest_files(path, [file for file in path.rglob("*") if file.is_file()])
    try:
        return blake2b(path.read_bytes(), digest_size=8).hexdigest()
    except OSError:
        return ""


def model_version(name: str) -> str:
    """Return the version of an installed spaCy model, or the digest of the folder or package called `name`."""
    if Path(name).exists():
        return digest_of(Path(name))
    try:
        return metadata.version(name)
    except (metadata.PackageNotFoundError, ValueError):
        found = util.find_spec(name) if name.isidentifier() else None
        return digest_of(Path(found.origin).parent) if found is not None and found.origin else ""


@cache
def code_digest() -> str:
    """Return a hash of the package's code, SQL and suites as they were when this process first asked."""
    found = [
        folder / name
        for folder, _, names in ROOT.walk(follow_symlinks=True)
        for name in names
        if name.endswith(_CODE)
    ]
    return _digest_files(ROOT, found)


def _value_of(settings: "Settings", name: str) -> Value:
    value: object = getattr(settings, name)
    if name == "model":
        return [{"name": Path(model).name, "version": model_version(model)} for model in settings.models()]
    if isinstance(value, Path):
        return {"name": value.name, "digest": digest_of(value)}
    if value is None or isinstance(value, str | float | bool):
        return value
    raise TypeError(f"setting {name}: no fingerprint of {type(value).__name__}")


def _digest_files(folder: Path, files: list[Path]) -> str:
    total = blake2b(digest_size=8)
    for file in sorted(files):
        inside = file.relative_to(folder)
        if not any(part.startswith((".", "__pycache__")) for part in inside.parts):
            content = file.read_bytes()
            total.update(f"{inside.as_posix()}\0{len(content)}\0".encode())
            total.update(content)
    return total.hexdigest()
