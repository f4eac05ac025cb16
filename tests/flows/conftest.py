"""What tests of this folder share."""

from pathlib import Path

import pytest

from tests.flows.proof import proof_home as build

#: Names of the small articles that tests write (tests.conftest.article).
_PATTERNS = [
    {"label": "PERSON", "pattern": [{"TEXT": "Dana"}, {"TEXT": {"REGEX": "^W(hit|ést)l[oö]ck"}}]},
]


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
