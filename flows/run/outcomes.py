"""Great Expectations' own results of a run, as JSON files beside the reports."""

import json
import shutil
from pathlib import Path
from re import fullmatch

from copydesk.flows.io.files import write_whole
from copydesk.flows.settings import Settings
from copydesk.flows.stages.load import run_id_of
from copydesk.flows.staging.folder import Staging
from copydesk.flows.staging.frames import STAGES

KEPT = (
    20  # runs whose results stay; what they found is in the warehouse too: quality_results, quality_failures
)
#: What versions up to 0.1.0 wrote there: Data Docs as HTML.
_SITE = ("validations", "expectations", "results", "index.html", "site.css")


def write_outcomes(settings: Settings, staging: Staging) -> Path:
    """Write what Great Expectations found after each stage to reports/expectations/RUN/STAGE.json; return RUN's folder.

    Each file has validation results (`to_json_dict()`) by the rows that they are over. Results of the last KEPT runs
    stay; the HTML pages of earlier versions are removed.
    """
    folder = settings.reports / "expectations"
    _remove_site(folder)
    run = folder / run_id_of(staging)
    folder.mkdir(parents=True, exist_ok=True)  # suites that expect nothing leave nothing to write
    for stage in STAGES:
        found = staging.noted(f"{stage}-outcomes")
        if found:
            write_whole(run / f"{stage}.json", json.dumps(found, indent=1, ensure_ascii=False))
        else:
            (run / f"{stage}.json").unlink(missing_ok=True)
    runs = [path for path in folder.iterdir() if path.is_dir() and fullmatch("[0-9a-f]{16,}", path.name)]
    for old in sorted(runs, key=lambda path: (path == run, path.stat().st_mtime))[:-KEPT]:
        shutil.rmtree(old)
    return run


def _remove_site(folder: Path) -> None:
    if (folder / "site.css").is_file():
        for name in _SITE:
            path = folder / name
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
