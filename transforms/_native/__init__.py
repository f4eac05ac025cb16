"""Loops that run over the words of texts, compiled to machine code by Cython when the project is installed.

Where a step is a handful of operations on whole columns, NumPy and Polars are as fast. Where each word asks a question
of its own (is it in that table, does it go on from the one before) they need a sort and ten arrays for what a loop
does in nanoseconds: docs/adr/0015-compiled-loops.md has the measures. What the numbers mean stands with the callers,
transforms/text/hashing.py, shingles.py, alignment.py and candidates.py; here are the loops alone, on plain arrays.
"""
