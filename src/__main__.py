"""`python -m tapewatch` and the installed command."""

import sys


def main() -> int:
    """Run the command line; the exit code is the contract's."""
    from .cli import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
