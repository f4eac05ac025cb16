"""Damage to a staging folder: what cannot be believed is discarded, and its stage is done again."""

from copydesk.flows.staging.folder import Staging
from copydesk.flows.staging.frames import STAGES
from copydesk.flows.staging.sealed import is_sound, remove


def discard_damaged(staging: Staging) -> bool:
    """Discard the first stage with a file that is missing, unreadable or altered, and all stages after it.

    A damaged ingest stage is the whole folder: the run starts again. Reads every file. Returns whether anything was
    discarded.
    """
    for number, stage in enumerate(STAGES):
        if _is_whole(staging, stage):
            continue
        if number == 0:
            staging.clear()
        for later in STAGES[number:]:
            _discard(staging, later)
        return True
    return False


def _is_whole(staging: Staging, stage: str) -> bool:
    """Return whether every file of a stage is sound, and a finished stage has all of its files."""
    summary = staging.noted(stage)
    if summary is None and staging.note_path(stage).exists():
        return False
    folder = staging.folder / stage
    if folder.exists() and not folder.is_dir():
        return False
    written = staging.written(stage)
    missing = set(() if summary is None else summary["files"]) - {path.name for path in written}
    return not missing and all(map(is_sound, written))


def _discard(staging: Staging, stage: str) -> None:
    for path in [staging.note_path(stage), *staging.written(stage), staging.folder / stage]:
        remove(path)
