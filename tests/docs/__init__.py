"""Tests of the documentation: its snippets run, its generated pages are complete, its site needs no network."""
