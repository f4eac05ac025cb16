"""Measures that the gates check, and what is usual for a source."""
