"""The data-quality report: one page that loads nothing, written after every run."""
