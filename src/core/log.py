"""The log: one file a user and store, appended by the feed and its screens, rotated, never on a terminal of ours.

A line is ``2025-10-17T18:16:30.250Z warning feed[4711] words``: the wall's time in UTC, how bad, who, what. Nothing
stops for the log: a full disk or a file that is not ours to write loses lines, and the next one that is
written says how many.
"""

import contextlib
import faulthandler
import fcntl
import os
import re
import stat
import sys
import threading
from collections.abc import Callable, Generator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from .clock import wall
from .files import open_file

Level = Literal["error", "warning", "info", "debug"]
LEVELS: tuple[Level, ...] = ("error", "warning", "info", "debug")
"""From the worst on; a log of one level takes it and all worse ones."""
LARGEST = 1_000_000
"""Bytes after which the file is put aside as the older one (a megabyte is some ten thousand lines)."""
LONGEST = 2000
"""Characters of a line's words; the rest is counted."""
MOST = 300
"""Lines of one level in a minute; more are counted."""
MINUTE = timedelta(minutes=1)
OFTEN = timedelta(minutes=10)
"""After so long a line that comes again and again is written anew, with its count."""

_NEW_YORK = ZoneInfo("America/New_York")
_LINE = re.compile(r"\S+Z (?:error|warning|info|debug) (\w+)\[\d+\] (.*)")


class Entry(str):
    """Words for the log and how bad they are; an ordinary text is ``info``."""

    __slots__ = ("level",)
    level: Level

    def __new__(cls, text: str, level: Level) -> "Entry":
        """The words at a level."""
        made = super().__new__(cls, text)
        made.level = level
        return made


def error(text: str) -> Entry:
    """Something that should not have happened."""
    return Entry(text, "error")


def warning(text: str) -> Entry:
    """Something that goes wrong and is dealt with."""
    return Entry(text, "warning")


def debug(text: str) -> Entry:
    """Something to be read only while a fault is looked for."""
    return Entry(text, "debug")


class Log:
    """Appends lines to the log file; one object a process.

    Any number of processes may share the file. Whoever finds it large puts it aside under the file's own lock;
    the others notice by its inode and go on in the new one. With `echo` lines also go to standard error, unless
    that is this very file. `market` is the clock of a demo or a replay, told beside the wall's.
    """

    def __init__(
        self,
        path: Path,
        level: str = "info",
        who: str = "feed",
        *,
        echo: bool = False,
        market: Callable[[], datetime] | None = None,
    ) -> None:
        self.path, self.level, self.who, self.echo, self.market = path, level, who, echo, market
        self._handle: int | None = None
        self._guard = threading.RLock()
        self._flood = _Flood()
        self._lost = 0
        self._torn = False
        self._secrets: tuple[str, ...] | None = None

    def __call__(self, text: str) -> None:
        """One line; an :class:`Entry` knows its level."""
        self._take(text if isinstance(text, Entry) else Entry(text, "info"), echo=self.echo)

    def crash(self, problem: BaseException) -> None:
        """Where a bug was, a line of it a line, the sentence last; in the file alone."""
        import traceback

        for line in "".join(traceback.format_exception(problem)).splitlines():
            self._take(error(line), echo=False)

    def _take(self, words: Entry, *, echo: bool) -> None:
        if LEVELS.index(words.level) > LEVELS.index(self.level):
            return
        now = wall()
        with self._guard:
            for one in self._flood.told(words, now):
                self._write(one, now, echo=echo)

    def close(self) -> None:
        """Say what is still counted, and let the file go."""
        with self._guard:
            for one in self._flood.rest():
                self._write(one, wall(), echo=self.echo)
            if self._handle is not None:
                os.close(self._handle)
                self._handle = None

    # -- one line -----------------------------------------------------------------------------------

    def _write(self, words: Entry, now: datetime, *, echo: bool) -> None:
        line = self._line(words, now)
        if echo and not self.is_stderr():
            with contextlib.suppress(OSError, ValueError):
                print(line, file=sys.stderr, flush=True)  # noqa: T201
        if self._lost:
            line = f"{self._line(warning(f'{self._lost:,} lines could not be written'), now)}\n{line}"
        if self._append(f"{line}\n".encode(errors="replace")):
            self._lost = 0
        else:
            self._lost += 1

    def _line(self, words: Entry, now: datetime) -> str:
        from .scrub import proxy_passwords, without_secrets  # here, since most screens never write a line

        beside = f" (market {self.market().astimezone(_NEW_YORK):%Y-%m-%d %H:%M:%S} ET)" if self.market else ""
        if self._secrets is None:
            self._secrets = proxy_passwords(os.environ)
        said = visible(without_secrets(words, self._secrets))
        at = f"{now:%Y-%m-%dT%H:%M:%S}.{now.microsecond // 1000:03}Z"
        return f"{at} {words.level} {self.who}[{os.getpid()}] {said}{beside}"

    def _append(self, content: bytes) -> bool:
        try:
            handle = self._current()
            # one write a line: no reader sees half of one, no writer cuts another's
            whole = b"\n" + content if self._torn else content
            self._torn = os.write(handle, whole) < len(whole)
        except OSError:
            return False
        return not self._torn

    # -- the file -----------------------------------------------------------------------------------

    def _current(self) -> int:
        """The handle of the file that stands at the path now, rotated if it has grown large."""
        handle = self._handle
        if handle is not None and _is_at(handle, self.path) and os.fstat(handle).st_size <= LARGEST:
            return handle
        return self._move(open_log(self.path))

    def _move(self, new: int) -> int:
        """Go on in another file under the same number; so do the standard streams where they were the old one."""
        old = self._handle
        if old is None:
            self._handle = new
            return new
        was = os.fstat(old)
        for number in (1, 2):
            with contextlib.suppress(OSError):
                if os.path.samestat(os.fstat(number), was):
                    os.dup2(new, number)
        os.dup2(new, old, inheritable=False)
        os.close(new)
        return old

    def is_stderr(self) -> bool:
        """Whether this process's standard error is the log: nobody else hears what it says."""
        try:
            return _is_at(2, self.path)
        except OSError:
            return False

    def file_number(self) -> int | None:
        """The number under which the file is open for as long as this object is, None where it cannot be."""
        with self._guard, contextlib.suppress(OSError):
            return self._current()
        return None


class _Flood:
    """What keeps a line that comes a thousand times from filling a disk."""

    def __init__(self) -> None:
        self._last: Entry | None = None
        self._since: datetime | None = None
        self._times = 0
        self._minute: dict[Level, tuple[datetime, int]] = {}

    def told(self, words: Entry, now: datetime) -> Generator[Entry, None, None]:
        """What is to be written for one more line."""
        if words == self._last and self._since is not None and now - self._since < OFTEN:
            self._times += 1
            return
        yield from self.rest()
        self._last, self._since = words, now
        begun, count = self._minute.get(words.level, (now, 0))
        if now - begun >= MINUTE or now < begun:
            if count > MOST:
                yield Entry(f"{count - MOST:,} lines of this level left out", words.level)
            begun, count = now, 0
        self._minute[words.level] = begun, count + 1
        if count < MOST:
            yield words

    def rest(self) -> Generator[Entry, None, None]:
        """The count of the line that came again."""
        if self._times and self._last is not None:
            yield Entry(f"the line before came {self._times:,} times more", self._last.level)
        self._times = 0


def visible(text: str) -> str:
    """The text with every control character spelled out, cut to what a line may hold."""
    kept = text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text) - LONGEST:,} characters more)"
    if kept.isprintable():
        return kept
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode("ascii") for one in kept)


# -- the file itself --------------------------------------------------------------------------------------


def older(path: Path) -> Path:
    """Where the log before this one is kept."""
    return path.with_name(f"{path.name}.1")


def open_log(path: Path) -> int:
    """Open the log to append, making its folder; a large one is put aside first. Raises OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = _opened(path)
    if os.fstat(handle).st_size <= LARGEST:
        return handle
    try:
        # whoever has the lock and still finds the file at its path is the one to move it
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if _is_at(handle, path):
            os.replace(path, older(path))
    except OSError:
        return handle
    os.close(handle)
    return _opened(path)


def _opened(path: Path) -> int:
    # no link is followed, and a pipe without a reader does not hold us up
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
    handle = os.open(path, flags, 0o600)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(f"{path} is no file")
    return handle


def _is_at(handle: int, path: Path) -> bool:
    """Whether an open file is the one that stands at a path."""
    with contextlib.suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(handle), os.stat(path, follow_symlinks=False))
    return False


def last_words(path: Path, besides: str = "screen") -> str | None:
    """What the last line says that somebody other than `besides` wrote, None where there is none."""
    try:
        with open_file(path, links=False) as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - 4096))
            lines = file.read().decode(errors="replace").splitlines()
    except OSError:
        return None
    for line in reversed(lines):
        found = _LINE.match(line)
        words = found[2] if found and found[1] != besides else "" if found else line
        if words.strip():
            return words.strip()
    return None


# -- a process that has nobody to speak to ------------------------------------------------------------------


@contextlib.contextmanager
def recorded(log: Log) -> Generator[Log, None, None]:
    """Let what would end in nowhere end in the log: bugs, those of threads, a crash inside a library.

    An exception that leaves the block is written and goes on. A process whose standard error is the log has
    nothing but the log: there the hooks stay until it ends.
    """
    before = sys.excepthook, threading.excepthook, sys.unraisablehook
    number, already = log.file_number(), faulthandler.is_enabled()
    alone = log.is_stderr()
    threading.excepthook = lambda args: _told(log, args.exc_value)
    sys.unraisablehook = lambda args: _told(log, args.exc_value)
    if alone:
        sys.excepthook = lambda _kind, problem, _trace: log.crash(problem)
    if number is not None and not already:
        faulthandler.enable(number)
    try:
        yield log
    except Exception as problem:
        if not alone:
            log.crash(problem)
        raise
    finally:
        if not alone:
            sys.excepthook, threading.excepthook, sys.unraisablehook = before
            if not already:
                faulthandler.disable()
            log.close()


def _told(log: Log, problem: BaseException | None) -> None:
    if problem is not None:
        log.crash(problem)
