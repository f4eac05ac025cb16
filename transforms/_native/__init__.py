"""Loops over the words of texts, compiled to machine code by Cython when the project is installed.

A step that is a few operations on whole columns is as fast in NumPy and Polars. A step with a look-up per word (is it
in a table, does it continue the word before) needs a sort and ten arrays there, and nanoseconds in a loop:
docs/adr/0015-compiled-loops.md has the measures. The callers (transforms/text/hashing.py,
transforms/dedupe/alignment.py, candidates.py and index_lookup.py) say what the numbers mean; here are the loops
alone, on plain arrays.
"""
