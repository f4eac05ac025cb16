"""Measurements of copydesk, beside its peers where there are any. Run from the checkout."""

from pathlib import Path

#: The checkout; `../shared/eval` beside it holds the evaluation data.
ROOT = Path(__file__).resolve().parent.parent
