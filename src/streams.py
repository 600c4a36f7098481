"""Standard input, output and error as they really are: closed, full, a pipe, a terminal that can do little."""

import os
import sys


def open_closed_streams() -> None:
    """Let no file of ours become standard output or error because the caller closed them."""
    for handle in range(3):
        try:
            os.fstat(handle)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


def flush_output() -> None:
    """Write what standard output still holds; a disk that is full refuses it only now."""
    if sys.stdout:
        sys.stdout.flush()


def write_nowhere() -> None:
    """What standard output did not take is lost: do not let the interpreter try again when it ends."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def no_terminal() -> str:
    """Why there is nothing here to show the monitor on, up to what there is instead; empty where there is."""
    if not (sys.stdin and sys.stdin.isatty() and sys.stdout and sys.stdout.isatty()):
        return "the monitor needs a terminal; for a pipe there is"
    kind = os.environ.get("TERM", "")
    if kind in ("", "dumb", "unknown"):
        called = f"TERM is {kind!r}" if kind else "TERM is not set"
        return f"this terminal cannot show the monitor ({called}); there is"
    return ""
