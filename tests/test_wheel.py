"""The wheel in an empty environment, outside the checkout, beside folders that carry the names of ours.

`make wheel-test` runs this; uv builds the source distribution, the wheel from it, and the environments.
"""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]
UV = shutil.which("uv") or str(CHECKOUT / ".uv" / "bin" / "uv")
pytestmark = [pytest.mark.wheel, pytest.mark.timeout(900)]

#: What a new user types first: the core on a frame, then a home.
FRAMES = """
import copydesk, polars as pl
prose = " ".join(["The north pier reopens in May, the board said."] * 5)
texts = ["Skip to content\\nPier to reopen\\n\\n" + prose] * 2
documents, edits = copydesk.clean(pl.DataFrame({"body": texts}), text="body")
assert "Skip to content" not in documents["text"][0], documents
assert "skip_link" in edits["rule"].to_list(), edits
duplicates = copydesk.dedupe(documents)
assert duplicates["kind"].to_list() == ["exact"], duplicates
assert len(copydesk.find_stories(documents)) >= 1
"""
HOME = """
import copydesk
with copydesk.open("home") as warehouse:
    frame = warehouse.sql("SELECT count(*) AS n FROM articles")
assert frame["n"].item() == 20, frame
"""


def run(*command: str | Path, cwd: Path, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run a command without the environment of the tests."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("COPYDESK", "PYTHON"))
    }
    done = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert not check or done.returncode == 0, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the wheel, built from the source distribution."""
    folder = tmp_path_factory.mktemp("dist")
    run(UV, "build", "--quiet", "--out-dir", folder, cwd=CHECKOUT)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def constraints(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the versions of the lock as constraints."""
    file = tmp_path_factory.mktemp("lock") / "constraints.txt"
    run(
        *(
            UV,
            "export",
            "--quiet",
            "--locked",
            "--all-extras",
            "--no-dev",
            "--no-emit-project",
            "--no-hashes",
        ),
        *("--output-file", file),
        cwd=CHECKOUT,
    )
    return file


def install(folder: Path, wheel: Path, constraints: Path, extra: str = "") -> Path:
    """Make an empty environment in `folder`, install the wheel into it and return its bin."""
    base = Path(sys.base_prefix) / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}"
    run(UV, "venv", "--quiet", "--python", base, folder / "env", cwd=folder)
    python = folder / "env" / "bin" / "python"
    run(
        *(UV, "pip", "install", "--quiet", "--python", python, "--constraint", constraints),
        f"copydesk{extra} @ {wheel.as_uri()}",
        cwd=folder,
    )
    return folder / "env" / "bin"


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """Return a working directory whose packages have the names of our folders and fail on import."""
    for name in ("flows", "transforms", "expectations", "warehouse", "seeds", "tests"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(
            "raise RuntimeError('the user's own folder was imported')"
        )
    return tmp_path


def test_the_wheel_holds_the_package_alone(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert {name.split("/")[0] for name in names} == {"copydesk", f"{wheel.stem.split('-cp')[0]}.dist-info"}
    for needed in ("py.typed", "warehouse/migrations/0001_tables.sql", "expectations/suites/clean.yaml",
                   "seeds/line_model/table.npz", "flows/web/templates/proof.html.j2"):  # fmt: skip
        assert f"copydesk/{needed}" in names
    assert sum(name.startswith("copydesk/seeds/articles/") for name in names) >= 25
    assert not [name for name in names if "/tests/" in name or name.endswith((".c", ".pyc"))]


def test_everything_works_in_an_empty_environment(wheel: Path, constraints: Path, hostile: Path) -> None:
    programs = install(hostile, wheel, constraints, "[all]")
    shown = run(programs / "copydesk", "demo", "--home", "home", cwd=hostile).stdout
    assert "share_widget" in shown
    run(programs / "python", "-c", FRAMES + HOME, cwd=hostile)
    audited = run(
        programs / "copydesk", "audit", "--home", "home", cwd=hostile
    )  # exits with 1 if a law is broken
    assert "text follows from edits" in audited.stdout


def test_the_core_works_alone_and_names_what_is_missing(
    wheel: Path, constraints: Path, hostile: Path
) -> None:
    programs = install(hostile, wheel, constraints)
    run(programs / "python", "-c", FRAMES, cwd=hostile)
    installed = run(UV, "pip", "list", "--python", programs / "python", cwd=hostile).stdout
    assert not {"prefect", "great-expectations", "duckdb", "spacy"} & set(installed.split())
    for command in (
        (programs / "copydesk", "demo"),
        (programs / "python", "-c", "import copydesk; copydesk.run(['x'], home='h')"),
    ):
        done = run(*command, cwd=hostile, check=False)
        assert done.returncode != 0
        assert "pip install 'copydesk[" in done.stderr.splitlines()[-1]
