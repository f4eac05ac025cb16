"""Loading spaCy's named-entity recognisers, each once per process."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from copydesk.flows.errors import UsageError, needing

if TYPE_CHECKING:
    from spacy.language import Language


@cache
def load_model(name: str) -> "Language":
    """Load the named-entity recogniser of a spaCy model, given as a package or a path.

    Only `ner` is loaded where it has a tok2vec of its own, as in spaCy's models. Raises UsageError when there is none.
    """
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
            listens = "Listener" in config["components"]["ner"]["model"]["tok2vec"]["@architectures"]
            wanted = ("tok2vec", "ner") if listens else ("ner",)
            model = spacy.load(
                path, exclude=[pipe for pipe in config["nlp"]["pipeline"] if pipe not in wanted]
            )
        except (ImportError, OSError, ValueError, KeyError) as error:
            raise UsageError(
                f"model {name}: {error}; name a spaCy model: an installed package, or a path"
            ) from error
        _speed_up(model)
        return model


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
