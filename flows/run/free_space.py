"""Whether the disk has room for a run, asked before it starts."""

import shutil

import polars as pl

from copydesk.flows.errors import MachineFailed
from copydesk.flows.io.warehouse import reading
from copydesk.flows.settings import MEGABYTE, Settings
from copydesk.warehouse.queries import run_history

#: Bytes that a home takes at most while a run is in progress: an empty warehouse with its log, and what staging,
#: warehouse and report add per byte of new input. Measured every 50 ms on texts of 2 kB, each of 360 words drawn at
#: random from seeds/articles: 3.9 MB for one text, 10.5 MB for 300 (617 kB), 32.1 MB for 1,200 (2.47 MB); so 3.9 MB and
#: 11.4 bytes per byte.
BASE, PER_BYTE = 8 * MEGABYTE, 12


def check_free_space(settings: Settings, listing: pl.DataFrame) -> None:
    """Raise MachineFailed if the disk of the home has not the room that a run over `listing` needs.

    Files whose uri the warehouse knows count as known: most often nothing of them is loaded again.
    """
    free = shutil.disk_usage(settings.home).free
    if _need(listing) <= free:
        return
    if settings.warehouse.exists():
        with reading(settings) as warehouse:
            listing = run_history.unknown_files(warehouse, listing)
    if (need := _need(listing)) > free:
        raise MachineFailed(
            f"{settings.home} has {free / MEGABYTE:,.0f} MB free, this run may need {need / MEGABYTE:,.0f} MB; "
            "nothing was done: free some space, choose another --home, or run over fewer files at a time"
        )


def _need(listing: pl.DataFrame) -> int:
    return 0 if listing.is_empty() else BASE + PER_BYTE * int(listing["size"].sum())
