"""Loading spaCy's named-entity recognisers: once per process, and again when the model changes."""

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from copydesk.flows.errors import UsageError, needing
from copydesk.flows.io.fingerprint import model_version

if TYPE_CHECKING:
    from spacy.language import Language


def load_model(name: str) -> "Language":
    """Return the named-entity recogniser of a spaCy model, given as a package name or a path.

    Of a model whose pipeline has a trained `ner`, only that and the `tok2vec` it listens to are loaded; an
    `entity_ruler` is loaded as it is. Raises UsageError for a model that cannot be loaded or names no entities.
    """
    return _load_model(name, model_version(name))


@lru_cache(maxsize=8)
def _load_model(name: str, _version: str) -> "Language":
    import importlib
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # thinc's own deprecations
        with needing("ner", "tagging"):
            import spacy
            import threadpoolctl  # noqa: F401

        try:
            path = Path(name)
            if not path.exists():
                package = importlib.import_module(name)
                inside = Path(str(package.__file__)).parent
                # spaCy's own packages hold the model in a folder of that name with the version behind.
                path = (
                    Path(package.model_path())
                    if hasattr(package, "model_path")
                    else min(inside.glob(f"{name}-*"))
                )
            config = spacy.util.load_config(path / "config.cfg")
            wanted = _wanted(config["components"])
            model = spacy.load(
                path, exclude=[pipe for pipe in config["nlp"]["pipeline"] if pipe not in wanted]
            )
        except (ImportError, OSError, ValueError, KeyError) as error:
            raise UsageError(
                f"model {name}: {error}; name a spaCy model: an installed package, or a path"
            ) from error
        if model.has_pipe("ner"):
            _speed_up(model)
        return model


def _wanted(components: dict[str, Any]) -> tuple[str, ...]:
    """Return the names of the components that find entities. Raises KeyError for a pipeline without any."""
    if "ner" not in components and "entity_ruler" in components:
        return ("entity_ruler",)
    listens = "Listener" in components["ner"]["model"]["tok2vec"]["@architectures"]
    return ("tok2vec", "ner") if listens else ("ner",)


def _speed_up(model: "Language") -> None:
    """Let the model multiply matrices through NumPy, on one thread: twice the tokens a CPU-second of blis, with the
    same entities (`python -m benchmarks.entities speed`). Batches are what runs side by side; two threads of BLAS cost
    1.6 times the CPU-seconds of one.
    """
    from thinc.api import NumpyOps
    from threadpoolctl import threadpool_limits

    threadpool_limits(1, user_api="blas")
    operations = NumpyOps(use_blis=False)
    for layer in model.get_pipe("ner").model.walk():
        layer.ops = operations
