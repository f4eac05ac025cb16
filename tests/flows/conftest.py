"""What tests of this folder share: a stub tagger, homes loaded once and copied, commands in this process."""

import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import COPYDESK, SHIPPED, load, write_article
from tests.flows.proof import proof_home as build

#: Names of the small articles that tests write (tests.conftest.write_article).
_PATTERNS = [
    {"label": "PERSON", "pattern": [{"TEXT": "Dana"}, {"TEXT": {"REGEX": "^W(hit|ést)l[oö]ck"}}]},
]
_LONG_READS = """
- {name: long_reads_only, severity: warning, expect: column_values_to_be_between, column: n_words, min_value: 5000,
   because: we print long reads}
"""


@pytest.fixture(scope="session")
def proof_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home with copies, rejected records, hostile and right-to-left text; for reading only."""
    return build.build(tmp_path_factory.mktemp("proof_home"))


@pytest.fixture(scope="session")
def stub_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an English spaCy model that knows the names of the tests' small articles and loads in no time."""
    import spacy

    model = spacy.blank("en")
    model.add_pipe("entity_ruler").add_patterns(_PATTERNS)
    folder = tmp_path_factory.mktemp("models") / "stub_tagger"
    model.to_disk(folder)
    return folder


@pytest.fixture(scope="module")
def stub_tagger(stub_model: Path) -> Iterator[None]:
    """Let every run of a test module, in this process or another, tag with the stub model."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("COPYDESK_MODEL", str(stub_model))
        yield


@pytest.fixture(scope="session")
def empty_suites(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return suites that expect nothing: Great Expectations is half of the CPU time of a small run."""
    folder = tmp_path_factory.mktemp("suites")
    for suite in Path(SHIPPED["suites"]).glob("*.yaml"):
        (folder / suite.name).touch()
    return folder


@pytest.fixture(scope="module")
def open_gates(empty_suites: Path) -> Iterator[None]:
    """Let every run of a test module pass its gates unchecked: for tests in which no record is to be rejected."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("COPYDESK_SUITES", str(empty_suites))
        yield


@pytest.fixture(scope="session")
def strict_suites(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return suites that reject every article after clean; for reading only."""
    suites = shutil.copytree(SHIPPED["suites"], tmp_path_factory.mktemp("strict") / "suites")
    with (suites / "clean.yaml").open("a") as suite:
        suite.write(_LONG_READS)
    return suites


@pytest.fixture(scope="session")
def _one_article(tmp_path_factory: pytest.TempPathFactory, stub_model: Path) -> Path:
    base = tmp_path_factory.mktemp("one_article")
    (base / "northern-post").mkdir()
    (base / "northern-post" / "a.txt").write_text(write_article(1))
    load(base / "home", base / "northern-post", **SHIPPED | {"model": str(stub_model)})
    return base / "home"


@pytest.fixture
def one_article(_one_article: Path, home: Path) -> Path:
    """Return a home with one article of northern-post, write_article(1)."""
    return shutil.copytree(_one_article, home)


@pytest.fixture(scope="session")
def _all_rejected(tmp_path_factory: pytest.TempPathFactory, stub_model: Path, strict_suites: Path) -> Path:
    base = tmp_path_factory.mktemp("all_rejected")
    load(base / "home", write_articles(base / "metro-wire"), suites=strict_suites, model=str(stub_model))
    return base


@pytest.fixture
def all_rejected(_all_rejected: Path, home: Path) -> Path:
    """Return a home in which the records of `write_articles` are in quarantine, beside the folder they came from."""
    return shutil.copytree(_all_rejected / "home", home)


@pytest.fixture
def rejected_folder(_all_rejected: Path) -> Path:
    """Return the folder that `all_rejected` was loaded from; for reading only."""
    return _all_rejected / "metro-wire"


def write_articles(folder: Path) -> Path:
    """Write three articles, one of them in another encoding, and an empty file into a new folder; return it."""
    folder.mkdir()
    (folder / "a.txt").write_text(write_article(1))
    (folder / "b.txt").write_text(write_article(2))
    (folder / "c.txt").write_bytes(write_article(3).replace("Whitlock", "Wéstlöck").encode("cp1252"))
    (folder / "empty.txt").touch()
    return folder


def kill_process_after(home: Path, stage: str, *arguments: str) -> None:
    """Run the command line in another process and kill it when it has finished `stage`."""
    process = subprocess.Popen(
        [COPYDESK, "--home", str(home), *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        if list((home / "staging").glob(f"*/{stage}.json")):
            break
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL, "the command ended before it could be killed"
