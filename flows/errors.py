"""Expected failures: each is one line for the user and an exit code."""


class CopydeskError(Exception):
    """Base class of expected failures; the message is one line that says what to do."""

    code = 1


class GateFailed(CopydeskError):
    """A critical expectation or the audit failed."""

    code = 1


class UsageError(CopydeskError):
    """Wrong usage or unreadable input."""

    code = 2


class Busy(CopydeskError):
    """Another process holds the home or the warehouse."""

    code = 3
