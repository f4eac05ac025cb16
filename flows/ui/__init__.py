"""The browser: pages over the warehouse for one person on this machine.

They only read, but for one thing: the retry of quarantined records, which is a run of its own in a child process.
"""
