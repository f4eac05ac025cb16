"""The stages of a run in order, each as its steps: batches side by side, then the whole run, then the gate."""

import time
from collections.abc import Callable
from typing import Any

from copydesk.flows.io.fingerprint import digest
from copydesk.flows.run.runner import Runner
from copydesk.flows.settings import Settings
from copydesk.flows.stages import clean, dedupe, entities, gate, ingest, stories, tag
from copydesk.flows.stages.load import final_records, load_run, passed
from copydesk.flows.staging.folder import Staging, Summary, since
from copydesk.flows.staging.frames import OLD, REOPENED, STAGES

#: The rows of a listing by batch.
type Batches = dict[str, list[dict[str, Any]]]
type ReadBatch = Callable[[Settings, Staging, str, list[dict[str, Any]]], None]


def run_stages(
    settings: Settings,
    staging: Staging,
    batches: Batches,
    read_batch: ReadBatch,
    previous: str | None,
    runner: Runner,
) -> tuple[Summary, ...]:
    """Run every stage that is not done yet, in order; return the summaries of all.

    `read_batch` reads the rows of one batch into RAW; `previous` is the id of the last published run. Raises what a
    stage raises.
    """
    steps: dict[str, Callable[[], Summary]] = {
        "ingest": lambda: _ingest(settings, staging, batches, read_batch, previous, runner),
        "clean": lambda: _clean(settings, staging, list(batches), runner),
        "dedupe": lambda: _dedupe(settings, staging, list(batches), runner),
        "tag": lambda: _tag(settings, staging, list(batches), runner),
        "load": lambda: _load(settings, staging, runner),
    }
    summaries = []
    for stage in STAGES:
        summary = staging.finished(stage) or staging.finish(steps[stage]())
        runner.stage_done(summary)
        summaries.append(summary)
    return tuple(summaries)


def _ingest(
    settings: Settings,
    staging: Staging,
    batches: Batches,
    read_batch: ReadBatch,
    previous: str | None,
    runner: Runner,
) -> Summary:
    began = time.monotonic()
    todo = staging.missing("ingest", "measured", batches)
    runner.map("ingest", read_batch, [(settings, staging, number, batches[number]) for number in todo])
    runner.call("sift", ingest.sift_records, settings, staging)
    runner.call("gate ingest", gate.pass_gate, settings, staging, "ingest")
    runner.call("accept", ingest.accept_records, settings, staging)
    staging.note("identity", {"run_id": _run_id(previous, staging)})
    is_known = staging.read("ingest", "read", columns=["is_known"])["is_known"]
    n_known, n_out = int(is_known.sum()), staging.count("ingest", "records")
    return Summary("ingest", len(is_known), n_out, len(is_known) - n_known - n_out, since(began), n_known)


def _clean(settings: Settings, staging: Staging, batches: list[str], runner: Runner) -> Summary:
    began = time.monotonic()
    todo = staging.missing("clean", "keys", batches)
    runner.map("lines", clean.key_batch, [(staging, number) for number in todo])
    if not staging.has("clean", "source_lines"):
        runner.call("template", clean.count_source_lines, settings, staging)
    todo = staging.missing("clean", "clean", batches)
    runner.map("clean", clean.clean_batch, [(settings, staging, number) for number in todo])
    runner.call("gate clean", gate.pass_gate, settings, staging, "clean")
    n_in, n_out = staging.count("ingest", "records"), len(final_records(staging))
    return Summary("clean", n_in, n_out, n_in - n_out, since(began))


def _dedupe(settings: Settings, staging: Staging, batches: list[str], runner: Runner) -> Summary:
    began = time.monotonic()
    todo = staging.missing("dedupe", "signatures", [*batches, OLD])
    runner.map("sign", dedupe.signature_batch, [(settings, staging, number) for number in todo])
    runner.call("index", dedupe.update_index, settings)
    todo = staging.missing("dedupe", "pairs", dedupe.band_names(staging))
    runner.map("candidates", dedupe.pair_band, [(settings, staging, band) for band in todo])
    runner.call("dedupe", dedupe.dedupe_run, settings, staging)
    runner.call("gate dedupe", gate.pass_gate, settings, staging, "dedupe")
    return passed(staging, "dedupe", began)


def _tag(settings: Settings, staging: Staging, batches: list[str], runner: Runner) -> Summary:
    began = time.monotonic()
    todo = staging.missing("tag", "measures", [*batches, REOPENED])
    runner.map("tag", tag.tag_batch, [(settings, staging, number) for number in todo])
    todo = staging.missing("tag", "terms", [*batches, REOPENED])
    runner.map("describe", stories.describe_batch, [(settings, staging, number) for number in todo])
    runner.call("stories", stories.link_stories, settings, staging)
    runner.call("entities", entities.resolve_entities, settings, staging)
    runner.call("gate tag", gate.pass_gate, settings, staging, "tag")
    return passed(staging, "tag", began)


def _load(settings: Settings, staging: Staging, runner: Runner) -> Summary:
    began = time.monotonic()
    runner.call("load", load_run, settings, staging, began)
    return passed(staging, "load", began)


def _run_id(previous: str | None, staging: Staging) -> str:
    read, retried = (staging.read("ingest", name).write_csv() for name in ("read", "retried"))
    return digest(previous, read, retried, (staging.noted("run") or {})["made_with"])
