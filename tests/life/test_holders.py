"""Who feeds a store: never two, stopped ones named, also where nothing can be locked and rights are wrong."""

import os
import platform
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tapewatch.core.channel import feed_holder, read_snapshot
from tapewatch.core.clock import elapsed, wall
from tapewatch.core.doctor import Case, Terminal
from tapewatch.core.doctor_store import feed as feed_checks
from tapewatch.core.holder import Holder
from tapewatch.core.launch import FeedKeeper
from tapewatch.core.marks import living_marks, take_mark
from tapewatch.core.paths import Paths, default_paths
from tapewatch.core.store.schema import connect

from ..laboratory import ledger
from ..market import tree
from .lockless import FLOCK
from .market import board
from .nursery import NOBODY, Nursery
from .test_kills import published_after

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked at through /proc")


@pytest.fixture(scope="module")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    with Nursery(tmp_path_factory.mktemp("nursery")) as made:
        yield made


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    found = default_paths(tmp_path / "store")
    found.store.mkdir(mode=0o700)
    return found


def checks(paths: Paths) -> dict[str, tuple[str, str, str | None]]:
    case = Case(paths, board(), (), Terminal({}, None, "utf-8"), wall())
    return {one.name: (one.state, one.finding, one.remedy) for one in feed_checks(case)}


def until_stopped(pid: int, stopped: bool) -> None:
    begun = elapsed()
    while Holder.of(f"pid {pid}, version 1, x").stopped is not stopped:
        assert elapsed() - begun < 30.0
        os.sched_yield()


# -- stopped --------------------------------------------------------------------------------------------


def test_a_stopped_feed_is_named_with_the_remedy_and_stays_the_only_one(
    nursery: Nursery, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[object] = []

    def start(*words: object, **_: object) -> None:
        started.append(words)

    monkeypatch.setattr(subprocess, "Popen", start)
    pid = nursery.feed(paths.store)
    published_after(paths, (0, 0))
    os.kill(pid, signal.SIGSTOP)
    until_stopped(pid, True)
    keeper = FeedKeeper(paths, ["feed"])
    keeper.tend()
    said = f"the feed (pid {pid}) is stopped and feeds nobody: kill -CONT {pid}, or kill -9 {pid}"
    assert (keeper.problem, started) == (said, [])
    state, finding, remedy = checks(paths)["feed"]
    assert (state, remedy) == ("fail", f"kill -CONT {pid}, or kill -9 {pid}")
    assert "is stopped and feeds nobody" in finding
    assert nursery.ended(nursery.feed(paths.store)) == 1
    assert said in nursery.said()
    shown = read_snapshot(paths)
    assert shown is not None
    os.kill(pid, signal.SIGCONT)
    until_stopped(pid, False)
    keeper.tend()
    assert keeper.problem is None
    published_after(paths, shown.version)
    assert checks(paths)["feed"][0] == "ok"
    nursery.kill(pid)
    ledger.note("fault", "feed stopped (SIGSTOP) with the lock", said=said, lost=0, false_fresh=0)


def test_a_feed_outlives_the_shell_it_was_started_from(nursery: Nursery, paths: Paths, tmp_path: Path) -> None:
    """As the screen starts it: in a session of its own, the shell gone without a word."""
    del nursery
    words = ["feed", "--store", str(paths.store), "--demo-rate", "500"]
    program = (
        "import os; from tapewatch.core.launch import FeedKeeper; from tapewatch.core.paths import default_paths; "
        f"FeedKeeper(default_paths({str(paths.store)!r}), {words!r}).tend(); os._exit(0)"
    )
    home = {"HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path / "state")}
    shell = subprocess.Popen([sys.executable, "-c", program], env=os.environ | home, start_new_session=True)
    assert shell.wait(timeout=60) == 0
    begun = elapsed()
    while (holder := feed_holder(paths)) is None:
        assert elapsed() - begun < 60.0
        os.sched_yield()
    pid = Holder.of(holder).pid
    assert pid is not None
    assert os.getsid(pid) == pid != shell.pid
    os.kill(pid, signal.SIGKILL)


# -- without locks --------------------------------------------------------------------------------------


@pytest.mark.skipif(
    platform.machine() not in FLOCK, reason="the number of this machine's system call is not known here"
)
def test_where_nothing_can_be_locked_there_is_still_one_feed_and_the_dead_hold_nothing(
    nursery: Nursery, paths: Paths
) -> None:
    first = nursery.feed_without_locks(paths.store)
    published_after(paths, (0, 0))
    assert [one.name.split(".")[-2] for one in living_marks(paths.feed_lock)] == [str(first)]
    before = len(nursery.said())
    assert nursery.ended(nursery.feed_without_locks(paths.store)) == 0
    assert f"this store has a feed already: pid {first}" in nursery.said()[before:]
    assert checks(paths)["locks"][0] == "warn"
    nursery.kill(first)
    shown = read_snapshot(paths)
    assert shown is not None
    second = nursery.feed_without_locks(paths.store)
    published_after(paths, shown.version)
    nursery.kill(second)
    assert list(living_marks(paths.feed_lock)) == []
    ledger.note("fault", "a file system without locks", said="this store has a feed already", lost=0, false_fresh=0)


def test_of_two_marks_the_earlier_one_wins_and_those_of_the_dead_go(tmp_path: Path) -> None:
    lock = tmp_path / "feed.lock"
    mine = take_mark(lock, alone=True)
    assert mine is not None
    assert list(living_marks(lock)) == [mine]
    parts = mine.name.split(".")
    parent = mine.with_name(".".join([*parts[:-2], str(os.getppid()), "mark"]))
    began = Path(f"/proc/{os.getppid()}/stat").read_text().rsplit(")", 1)[1].split()[19]
    parent.write_text(f"{os.getppid()} {began} {mine.read_text().split()[2]}")
    os.utime(parent, (1.0, 1.0))
    assert take_mark(lock, alone=True) is None
    assert take_mark(lock, alone=False) is not None
    parent.write_text(f"{os.getppid()} {int(began) + 1} {parent.read_text().split()[2]}")
    assert list(living_marks(lock)) == [mine]
    assert not parent.exists()


# -- rights ---------------------------------------------------------------------------------------------


@pytest.fixture
def open_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder that another user can get at."""
    if os.geteuid() != 0:
        pytest.skip("only root can become somebody else")
    place = Path("/var/tmp") / f"tapewatch-rights-{os.getpid()}"
    place.mkdir(mode=0o755)
    yield place
    shutil.rmtree(place)
    del tmp_path_factory


@pytest.mark.parametrize("what", ["folder", "database", "lock"])
def test_what_belongs_to_another_user_is_one_sentence_with_its_path(
    nursery: Nursery, open_house: Path, what: str
) -> None:
    paths = default_paths(open_house / "store")
    paths.store.mkdir(mode=0o755)
    wrong = {"folder": paths.store, "database": paths.database, "lock": paths.feed_lock}[what]
    if what == "database":
        connect(paths.database).close()
    elif what == "lock":
        wrong.touch(mode=0o600)
    if what != "folder":
        os.chown(paths.store, NOBODY, NOBODY)
    before, heard = tree(paths.store), len(nursery.said())
    assert nursery.ended(nursery.run_as_nobody("feed", "--service", "--demo-rate", 9, "--store", paths.store)) == 1
    said = nursery.said()[heard:].strip().splitlines()[-1]
    assert str(wrong) in said or str(paths.feed_lock) in said
    assert "Traceback" not in nursery.said()[heard:]
    assert {key: value for key, value in tree(paths.store).items() if key in before and key != "."} == {
        key: value for key, value in before.items() if key != "."
    }
    ledger.note("fault", f"the {what} of another user", said=said.partition(": ")[2][-80:], exit_code=1, lost=0)


def test_requests_that_cannot_be_taken_do_not_stop_the_feed(nursery: Nursery, paths: Paths) -> None:
    paths.requests.write_text("no folder at all")
    pid = nursery.feed(paths.store)
    published_after(paths, (0, 0))
    nursery.kill(pid)
    assert paths.requests.read_text() == "no folder at all"
