"""`copydesk` and `python -m copydesk`: the command line, where the extra that it needs is installed."""

import sys

from copydesk.flows.errors import MissingExtra, needing


def main() -> None:
    """Run the command line; without its extra, say in one line what to install and exit with 2."""
    try:
        with needing("all", "the command line"):
            from copydesk.flows.cli.main import main as run
    except MissingExtra as error:
        sys.stderr.write(f"copydesk: {error}\n")
        sys.exit(error.code)
    except KeyboardInterrupt:
        sys.exit(130)  # nothing has begun
    run()


if __name__ == "__main__":
    main()
