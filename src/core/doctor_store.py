"""Checks of the store: folder, snapshot, feed, request budget."""

import os
import pwd
import shutil
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from .. import __version__
from .channel import ChannelError, NewerLayoutError, StrangeError, feed_holder, read_snapshot
from .doctor import Case, Check
from .doctor_bars import market_now
from .holder import Holder
from .marks import living_marks
from .model.snapshot import Health

LEAST_SPACE = 200 * 1024 * 1024
"""Bytes: a full history of the board and its log need far less."""
ANY_WRITE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH
LONG = timedelta(days=5)
"""A snapshot older than this is older than any weekend."""


def folder(case: Case) -> Iterator[Check]:
    """The store's folder: there, whose, who may read it, room on the disk."""
    store = case.paths.store
    if not store.exists():
        remedy = "run `tapewatch` once, or `tapewatch import` with bars of your own"
        yield Check(name="store", state="warn", finding=f"{store} is not there yet", remedy=remedy)
        return
    found = store.stat()
    mode = stat.S_IMODE(found.st_mode)
    finding = f"{store}, owner {_user(found.st_uid)}, rights {mode:04o}"
    if not store.is_dir() or not os.access(store, os.R_OK | os.X_OK):
        remedy = "choose another folder with --store, or ask its owner"
        yield Check(name="store", state="fail", finding=f"{finding}: cannot be read", remedy=remedy)
        return
    if not os.access(store, os.W_OK) or not mode & ANY_WRITE:
        yield _read_only(case, finding, own=found.st_uid == os.geteuid())
    else:
        yield _rights(finding, mode)
    free = shutil.disk_usage(store).free
    if free < LEAST_SPACE:
        said = f"{free / 1024 / 1024:.0f} MB left on its disk"
        yield Check(name="disk", state="fail", finding=said, remedy="make room: a full disk stops the feed")


def _rights(finding: str, mode: int) -> Check:
    if mode & (stat.S_IWGRP | stat.S_IWOTH):
        remedy = "others may change your bars: chmod go-w on the folder"
        return Check(name="store", state="warn", finding=finding, remedy=remedy)
    shared = "; shared, read by others" if mode & stat.S_IROTH else ""
    return Check(name="store", state="ok", finding=finding + shared)


def _read_only(case: Case, finding: str, *, own: bool) -> Check:
    if own:
        remedy = "make it yours to write (chmod u+w), or choose another folder with --store"
        return Check(name="store", state="fail", finding=f"{finding}: cannot be written", remedy=remedy)
    finding += "; not yours to write: its feed must run under another account"
    if feed_holder(case.paths) is not None:
        return Check(name="store", state="ok", finding=finding)
    remedy = "have its owner start the feed, or choose a folder of your own with --store"
    return Check(name="store", state="warn", finding=f"{finding}, and none runs", remedy=remedy)


def _user(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def snapshot(case: Case) -> Iterator[Check]:
    """What the screens show: how old, by whom, and what its feed says of the source."""
    try:
        found = read_snapshot(case.paths)
    except ChannelError as fault:
        yield _unreadable(fault)
        return
    if found is None:
        return
    taken = found.clock.read_at or found.clock.now
    by = found.producer
    finding = f"published {_age(case.now - taken)} ago, data of {found.as_of or 'no time'}"
    finding += "" if found.mode == "live" else f" on the clock of a {found.mode}"
    other = by is not None and by.version != __version__
    if by is not None:
        finding += f", by version {by.version}, pid {by.pid}, with {by.config or 'default settings'}"
    remedy: str | None = None
    if other:
        remedy = f"this is {__version__}: quit the screens of that feed and start again"
    elif found.mode == "live" and case.now - taken > LONG:
        remedy = "run `tapewatch` to bring it up to date"
    yield Check(name="snapshot", state="warn" if remedy else "ok", finding=finding, remedy=remedy)
    yield from _source(found.health, market_now(case))


def _unreadable(fault: ChannelError) -> Check:
    finding, remedy = str(fault), "ask its owner for the right to read it, or choose another folder with --store"
    if isinstance(fault, StrangeError):
        finding, remedy = fault.what, "remove or rename that file, the feed writes it anew"
    elif isinstance(fault, NewerLayoutError):
        remedy = "quit every tapewatch of this store and start the newest one"
    return Check(name="snapshot", state="fail", finding=finding, remedy=remedy)


def _source(health: Health, now: datetime) -> Iterator[Check]:
    if health.error:
        again = f"; next try {health.next_try:%H:%M:%S %Z}" if health.next_try else ""
        said = f"{health.source}: {health.error} ({health.attempts} in a row){again}"
        yield Check(name="source", state="warn", finding=said, remedy="nothing: the feed tries again by itself")
    elif health.last_success:
        said = f"{health.source}: last answer {_age(now - health.last_success)} ago"
        yield Check(name="source", state="ok", finding=said)


def feed(case: Case) -> Iterator[Check]:
    """Who feeds this store, with which settings, and what other feeds share this address."""
    holder = feed_holder(case.paths) if case.paths.store.is_dir() else None
    yield _holder(holder)
    if any(living_marks(case.paths.feed_lock)) or any(living_marks(case.paths.watch_lock)):
        finding = "this file system has no locks: processes are counted by files of theirs (.mark)"
        remedy = "use the store from one machine alone, or choose a folder on a disk of this one with --store"
        yield Check(name="locks", state="warn", finding=finding, remedy=remedy)
    ours = case.config.path or "default settings"
    if holder is not None and f", {ours}," not in holder:
        yield Check(
            name="feed", state="warn", finding=f"it does not use the settings of this call ({ours})",
            remedy="instruments, rules and [feed] are those of the feed; end it to change them",
        )  # fmt: skip
    count = len(running_feeds(case.processes))
    if count > 1:
        yield Check(
            name="feeds", state="warn", finding=f"{count} feeds run on this machine and share its address",
            remedy="share one store: `tapewatch feed --service --store DIR`, and --store DIR for all",
        )  # fmt: skip


def _holder(note: str | None) -> Check:
    if note is None:
        return Check(name="feed", state="ok", finding="none runs; a screen starts one")
    problem = Holder.of(note).problem
    if problem is None:
        return Check(name="feed", state="ok", finding=note)
    finding, _, remedy = problem.partition(": ")
    return Check(name="feed", state="fail", finding=f"{note}; {finding}", remedy=remedy)


def running_feeds(processes: Path) -> tuple[int, ...]:
    """Ids of the processes of this machine that are feeds of live prices (where the system lists them)."""
    found: list[int] = []
    try:
        folders = [one for one in processes.iterdir() if one.name.isdigit()]
    except OSError:
        return ()
    for one in folders:
        try:
            words = (one / "cmdline").read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue
        program = any(Path(word).name == "tapewatch" for word in words[:4])
        if program and "feed" in words and not {"--demo-rate", "--replay-of"} & set(words):
            found.append(int(one.name))
    return tuple(sorted(found))


def budget(case: Case) -> Iterator[Check]:
    """Requests spent in the last hour, and a pause if the service asked for one."""
    from .store.budget import Budget
    from .store.schema import StoreError, reading

    if not case.paths.database.exists():
        return
    settings = case.config.feed
    try:
        with reading(case.paths.database) as opened:
            kept = Budget(opened, settings.budget, settings.burst)
            spent, pause = kept.spent_last_hour(case.now), kept.paused(case.now)
    except StoreError:
        return
    finding = f"{spent} of {settings.budget} requests in the last hour"
    if pause is None:
        yield Check(name="budget", state="ok", finding=finding)
        return
    until = pause.until.astimezone(UTC)
    finding += f"; nothing is sent until {until:%Y-%m-%d %H:%M} UTC: {pause.why or 'the service asked for it'}"
    remedy = "wait: asking again would prolong it"
    yield Check(name="budget", state="warn", finding=finding, remedy=remedy)


def _age(passed: timedelta) -> str:
    seconds = max(0, int(passed.total_seconds()))
    for size, word in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {word}"
    return f"{seconds} s"
