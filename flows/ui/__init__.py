"""The local web UI: pages over the warehouse, for one person on this machine.

It only reads, with one exception: retrying quarantined records, which is a run in a child process.
"""
