"""`python -m tapewatch` and the installed command."""

import os
import sys


def main() -> int:
    """Run the command line; the exit code is the contract's."""
    trust_no_current_folder()
    from .tui.last_frame import SHOWN, show

    try:
        show(sys.argv[1:])
        from .cli import run
        from .core.plainly import speak_plainly
        from .streams import open_closed_streams

        open_closed_streams()
        speak_plainly()
        # what we write is ours alone; what others may read is opened to them by name
        os.umask(0o077)
        return run(sys.argv[1:])
    except KeyboardInterrupt:
        return 130
    finally:
        SHOWN.take_back()


def trust_no_current_folder() -> None:
    """Import nothing from where one happens to stand, as ``python -P`` would: a ``textual.py`` lying there stays there.

    A folder named whole in PYTHONPATH is meant, and so is the one this package is in.
    """
    try:
        here = os.getcwd()
    except OSError:
        here = ""
    named = [one for one in os.environ.get("PYTHONPATH", "").split(os.pathsep) if os.path.isabs(one)]
    meant = {*named, os.path.dirname(os.path.dirname(os.path.abspath(__file__)))} if here else {*named}
    sys.path[:] = [one for one in sys.path if os.path.isabs(one) and (one != here or one in meant)]


if __name__ == "__main__":
    sys.exit(main())
