"""What ends a command: one line for the user and an exit code."""


class CopydeskError(Exception):
    """An end that was foreseen; its text is one line that says what to do next."""

    code = 1


class GateFailed(CopydeskError):
    """A critical expectation or the audit failed."""

    code = 1


class UsageError(CopydeskError):
    """Wrong usage or unreadable input."""

    code = 2


class MissingExtra(CopydeskError, ModuleNotFoundError):
    """What was asked for needs a package that only an extra installs."""

    code = 2


class Busy(CopydeskError):
    """Another run or reader holds the warehouse."""

    code = 3
