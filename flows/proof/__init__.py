"""Proof sheets: a document with its edits, entities and copies, in the terminal or as a page."""
