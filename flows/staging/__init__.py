"""Staging: what each stage leaves for the next, as Parquet files, so that a killed run can go on."""

from copydesk.flows.staging.folder import Staging, Summary, since
from copydesk.flows.staging.frames import FRAMES, OLD, RECORD, REOPENED, STAGES, Staged

__all__ = ["FRAMES", "OLD", "RECORD", "REOPENED", "STAGES", "Staged", "Staging", "Summary", "since"]
