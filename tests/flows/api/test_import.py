import subprocess
import sys
from pathlib import Path

import pytest

import copydesk

HEAVY = ("prefect", "great_expectations", "duckdb", "spacy", "sqlalchemy", "pydantic", "pyarrow", "pandas")


def python(code: str) -> str:
    """Run Python code in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize(
    "use",
    [
        "copydesk",
        "dir(copydesk), copydesk.UsageError",
        "copydesk.clean, copydesk.dedupe, copydesk.find_stories",
        "copydesk.tag, copydesk.run, copydesk.open",
    ],
)
def test_nothing_heavy_is_imported(use: str):
    code = f"import sys, copydesk; {use}; print([name for name in {HEAVY} if name in sys.modules])"
    assert python(code) == "[]"


def test_importing_takes_less_than_half_a_second():
    code = "import time; began = time.process_time(); import copydesk; print(time.process_time() - began)"
    assert float(python(code)) < 0.5


def test_importing_imports_no_frame_library():
    assert python("import sys, copydesk; print('polars' in sys.modules)") == "False"


def test_every_name_is_there_and_typed():
    stub = Path(copydesk.__file__).with_suffix(".pyi").read_text()
    typed = {line.split()[-1] for line in stub.splitlines() if " as " in line} | {"__version__"}
    assert typed == set(copydesk.__all__) == set(dir(copydesk))
    assert all(getattr(copydesk, name) is not None for name in copydesk.__all__)


def test_an_unknown_name_is_no_attribute():
    with pytest.raises(AttributeError, match="module 'copydesk' has no attribute 'cleen'"):
        _ = copydesk.cleen


def test_the_core_works_without_what_extras_install():
    """No package of an extra can be imported; a missing one shows as one line that names its extra."""
    python(WITHOUT_EXTRAS)


WITHOUT_EXTRAS = """
import sys

for name in ("prefect great_expectations duckdb spacy thinc sqlalchemy pydantic pyarrow pydantic_settings typer rich "
             "fsspec jinja2 starlette uvicorn threadpoolctl").split():
    sys.modules[name] = None
import copydesk

line = "The harbour office opened its new ledger on the first morning of the month, and eleven captains queued. "
texts = [line * 5, line * 5 + "One more sentence.", "Subscribe to our newsletter"]
cleaned = copydesk.clean(texts)
assert cleaned.documents["lang"].to_list()[0] == "en"
assert copydesk.dedupe(cleaned.documents)["canonical_doc_id"].to_list() == [1]
assert copydesk.find_stories(cleaned.documents)["story_id"].to_list()[:2] == [0, 0]
for call, extra in (
    (lambda: copydesk.tag(texts), "ner"),
    (lambda: copydesk.run("x"), "all"),
    (lambda: copydesk.open(), "pipeline"),
):
    try:
        call()
    except copydesk.MissingExtra as error:
        assert f"pip install 'copydesk[{extra}]'" in str(error), error
        assert len(str(error).splitlines()) == 1, error
    else:
        raise AssertionError(extra)
"""
