"""The picture a monitor left when it ended, shown while the next one starts: dim, and named for what it is.

Everything here stands on `os` and `sys` alone, because it runs before anything is imported. The file is one
user's, one store's and one terminal's; what is not exactly as it was written is not shown.
"""

import os
import signal
import stat
import sys
import zlib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

BEGIN = "tapewatch last frame 2"
LARGEST = 200_000
"""Bytes: more than a terminal of 500 by 100 cells can hold."""
ENTER, LEAVE = "\x1b[?1049h\x1b[?25l", "\x1b[0m\x1b[?1049l\x1b[?25h"
NAMING = ("--store", "--config", "--view")
"""Options behind which a word stands."""
NO_BREAK = "\u00a0"
LEAVES = (
    signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGTSTP, signal.SIGUSR1, signal.SIGUSR2, signal.SIGALRM,
)  # fmt: skip
"""Signals that end or stop a program that has not come so far as to hear them itself."""


class Shown:
    """Whether a last frame is on the terminal now, so that who takes the terminal over need not clear it."""

    def __init__(self) -> None:
        self.here = False

    def taken_over(self) -> bool:
        """Whether there was one; from now on it is somebody else's picture."""
        was, self.here = self.here, False
        return was

    def take_back(self) -> None:
        """Give the terminal back as it was: the monitor will not come."""
        if self.taken_over():
            _put(LEAVE)


SHOWN = Shown()
"""The one of this process: there is one terminal."""


def show(arguments: "Sequence[str]") -> None:
    """Show the last frame for a command line that opens the monitor on a store; where there is none, nothing."""
    file = picture_of(arguments)
    if file is None or os.environ.get("TERM", "dumb") in ("", "dumb", "unknown"):
        return
    if not (os.isatty(0) and os.isatty(1)):
        return
    try:
        size = os.get_terminal_size(1)
        pen, label, rows = read(file, key_of(size.columns, size.lines))
    except (OSError, ValueError):
        return
    text = "".join(f"\x1b[{y};1H{row}" for y, row in enumerate(rows, 2) if row)
    for one in LEAVES:
        if signal.getsignal(one) is signal.SIG_DFL:
            signal.signal(one, _leave)
    SHOWN.here = True
    # what it is comes first: on a slow line nothing old may stand there unnamed
    head = f"\x1b[1;1H\x1b[0;7m{label.ljust(size.columns)[: size.columns]}"
    _put(f"{ENTER}\x1b[0;2;{pen}m\x1b[2J{head}\x1b[0;2;{pen}m{text}\x1b[0m")


def _leave(number: int, _frame: "FrameType | None") -> None:
    """Give the terminal back first, then do what the signal does to everybody."""
    SHOWN.take_back()
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)


def picture_of(arguments: "Sequence[str]") -> "str | None":
    """Where the picture of a command line is; None for one that opens no monitor on a store.

    A bare one and each view have pictures of their own: none is shown under another command line.
    """
    store = store_of(arguments)
    return None if store is None else file_of(store, layout_of("--bare" in arguments, _named(arguments, "--view")))


def layout_of(bare: bool, view: str) -> str:
    """What of a command line decides how the first picture is laid out; empty for the usual one."""
    return f"{'bare ' if bare else ''}{view.casefold()}".strip()


def _named(arguments: "Sequence[str]", option: str) -> str:
    """The word behind the last option of this name."""
    found = [arguments[at + 1] for at, one in enumerate(arguments[:-1]) if one == option]
    return found[-1] if found else ""


def store_of(arguments: "Sequence[str]") -> "str | None":
    """The store a command line names, else the usual one; None for one that is no monitor on a store."""
    store, rest = _usual(), [one for one in arguments if one != "--bare"]
    while rest:
        if len(rest) < 2 or rest[0] not in NAMING or rest[1].startswith("-"):
            return None
        store = rest[1] if rest[0] == NAMING[0] else store
        rest = rest[2:]
    return _whole(os.path.expanduser(store))


def _usual() -> str:
    return os.path.join(_place("XDG_DATA_HOME", ".local/share"), "tapewatch")


def _place(variable: str, usual: str) -> str:
    """A folder of the user's as the platform has it, without asking the library that knows all platforms."""
    home = os.path.expanduser("~")
    named = os.environ.get(variable, "").strip()
    return named or f"{home}/{'Library/Application Support' if sys.platform == 'darwin' else usual}"


def _whole(path: str) -> str:
    try:
        whole = path if os.path.isabs(path) else os.path.join(os.getcwd(), path)
    except OSError:  # one stands in a folder that is gone
        return path
    return "/" + "/".join(part for part in whole.split("/") if part not in ("", "."))


def file_of(store: str, layout: str = "") -> str:
    """Where the picture of a store in a layout is kept, in the user's folder of states."""
    folder = _place("XDG_STATE_HOME", ".local/state")
    own = f"-{zlib.crc32(os.fsencode(layout)):08x}" if layout else ""
    return os.path.join(folder, "tapewatch", f"last-frame-{zlib.crc32(os.fsencode(store)):08x}{own}")


def begin(rest: str) -> str:
    """The first line: what the file is, and the sum of what follows."""
    return f"{BEGIN} {zlib.crc32(rest.encode()):08x}"


def key_of(columns: int, rows: int) -> str:
    """What a picture depends on besides the market: size, colours and signs of the terminal."""
    names = ("TERM", "COLORTERM", "NO_COLOR", "LC_ALL", "LC_CTYPE", "LANG")
    told = (os.environ.get(name, "") for name in names)
    return " ".join((f"{columns}x{rows}", *("".join(filter(str.isprintable, one)) for one in told)))


def read(path: str, key: str) -> "tuple[str, str, list[str]]":
    """The pen, the words of the first row, the rows after it. OSError or ValueError where there are none for `key`."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        found = os.fstat(handle)
        mine = stat.S_ISREG(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o077
        content = os.read(handle, LARGEST) if mine and found.st_size < LARGEST else b""
    finally:
        os.close(handle)
    first, _, rest = content.decode().partition("\n")
    written, pen, label, *rows = rest.split("\n")
    if (first, written) != (begin(rest), key) or not set(pen) <= set("0123456789;"):
        raise ValueError("it is none of this terminal")
    if not all(one.replace(NO_BREAK, " ").isprintable() for one in (label, *rows)):
        raise ValueError("it holds more than a picture")
    return pen, label, rows


def _put(text: str) -> None:
    try:
        os.write(1, text.encode())
    except OSError:
        SHOWN.here = False
