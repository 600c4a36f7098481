"""The recap of each finished week into a folder of the user's, once, and again only when its figures have changed."""

import contextlib
import hashlib
import os
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import msgspec

from .channel import UNREADABLE, write_atomically
from .clock import now_on
from .files import read_file
from .log import warning
from .model.recap import Recap
from .model.snapshot import Snapshot
from .new_file import write_new
from .paths import Paths

RecapText = Callable[[Recap], str]
"""A recap as the text of its file."""

LOADING = timedelta(hours=1)
"""How long after its start a feed waits for histories that are still to come."""
NOON = time(12, tzinfo=UTC)
"""From this time of the day after the last session a week is told with what there is of it."""
KEPT = 20
"""Weeks of which is remembered what was written."""
LARGEST = 1_000_000


class Written(msgspec.Struct, frozen=True):
    """What was written of a week: the file, the sums of its text and of the figures it tells, of how many rows."""

    name: str
    text: str
    figures: str
    rows: int


class Ledger(msgspec.Struct, frozen=True):
    """What was written, by the week's Monday, and why the last try failed (None: it did not)."""

    weeks: dict[str, Written] = {}
    problem: str | None = None


def ledger(paths: Paths) -> Ledger:
    """What a store's feeds have written; empty where nothing can be read."""
    try:
        return msgspec.json.decode(read_file(paths.recaps, LARGEST, links=False), type=Ledger)
    except (OSError, *UNREADABLE):
        return Ledger()


def folder_problem(folder: str) -> str | None:
    """Why nothing can be written into a folder, None where it seems possible."""
    path = os.path.expanduser(folder)
    if not os.path.isdir(path):
        return f"the folder {path} is not there"
    return None if os.access(path, os.W_OK | os.X_OK) else f"the folder {path} cannot be written"


class RecapKeeper:
    """Writes recaps for one feed; with an empty `folder` or without a `text` it does nothing."""

    def __init__(
        self, folder: str, paths: Paths, text: RecapText | None, log: Callable[[str], None], mode: int = 0o600
    ) -> None:
        self._folder = Path(os.path.expanduser(folder)) if folder and text else None
        self._paths, self._text, self._log, self._mode = paths, text, log, mode
        self._ledger = ledger(paths) if self._folder else Ledger()

    def keep(self, snapshot: Snapshot) -> None:
        """Write the recap of a week that is over, unless its figures were written before.

        A failure is one sentence in the log and in `doctor`, and is tried again with the next snapshot.
        """
        recap = snapshot.recap
        if self._folder is None or self._text is None or recap is None or not is_settled(snapshot, recap):
            return
        before, figures = self._ledger.weeks.get(recap.monday.isoformat()), _figures(recap)
        # on Monday an exchange further east has a new week already, and leaves the old one
        if before is not None and (before.figures == figures or len(recap.by_index) < before.rows):
            return
        try:
            self._note(recap.monday, self._write(self._folder, recap, before, figures))
        except OSError as problem:
            self._fail(f"the recap of {recap.monday} was not written: {self._why(problem)}")

    def _write(self, folder: Path, recap: Recap, before: Written | None, figures: str) -> Written:
        assert self._text is not None
        content = self._text(recap).encode(errors="replace")
        name = f"tapewatch-recap-{recap.monday}.md"
        if before is not None and _sum_of(folder / before.name) == before.text:
            write_atomically(folder / before.name, content, self._mode)
            name = before.name
        elif _sum_of(folder / name) != _sum(content):
            name = write_new(folder / name, content, self._mode).name
        return Written(name, _sum(content), figures, len(recap.by_index))

    def _note(self, monday: date, written: Written) -> None:
        assert self._folder is not None
        weeks = dict(sorted((self._ledger.weeks | {monday.isoformat(): written}).items())[-KEPT:])
        self._remember(Ledger(weeks))
        self._log(f"the recap of {monday} is written to {self._folder / written.name}")

    def _why(self, problem: OSError) -> str:
        return folder_problem(str(self._folder)) or f"{self._folder}: {problem.strerror or problem}"

    def _fail(self, sentence: str) -> None:
        if sentence != self._ledger.problem:
            self._log(warning(sentence))
            self._remember(Ledger(self._ledger.weeks, sentence))

    def _remember(self, ledger: Ledger) -> None:
        self._ledger = ledger
        with contextlib.suppress(OSError):  # then this feed alone remembers it
            write_atomically(self._paths.recaps, msgspec.json.encode(ledger))


def is_settled(snapshot: Snapshot, recap: Recap) -> bool:
    """Whether a week is over and what is told of it will stay so.

    All instruments have all sessions of it, or it is noon (UTC) of the day after the last session; and the feed has
    the histories it wants, or has run for an hour.
    """
    if not recap.final:
        return False
    now = now_on(snapshot.clock)
    loaded, wanted = snapshot.health.history_loaded
    started = snapshot.producer.started if snapshot.producer else now
    if loaded < wanted and now - started < LOADING:
        return False
    complete = not recap.missing and all(one.sessions >= one.expected for one in recap.by_index)
    return complete or now >= datetime.combine(recap.as_of + timedelta(days=1), NOON)


def _figures(recap: Recap) -> str:
    """The sum of what final bars alone decide; words about flags and levels may move with the next session."""
    return _sum(msgspec.json.encode((recap.symbol, recap.by_index, recap.by_session, recap.records, recap.missing)))


def _sum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _sum_of(path: Path) -> str | None:
    """The sum of a file, None where it is none that can be read."""
    try:
        return _sum(read_file(path, LARGEST, links=False))
    except OSError:
        return None
