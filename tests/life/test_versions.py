"""Two versions at once, and a package that is replaced while its feed runs."""

import contextlib
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tapewatch import __version__
from tapewatch.core import channel
from tapewatch.core.clock import elapsed
from tapewatch.core.paths import Paths, default_paths
from tapewatch.core.store.damage import damaged
from tapewatch.core.store.schema import VERSION, connect
from tapewatch.tui.look import Look
from tapewatch.tui.message_line import Troubles, message

from ..laboratory import ledger
from ..market import tree
from .market import kept, market, settings
from .nursery import ROOT
from .test_kills import old_store, published_after

Program = Callable[..., subprocess.Popen[str]]


def package(folder: Path, *changes: tuple[str, str, str]) -> Path:
    """The whole program once more in a folder of its own; `changes` are (file, pattern, instead)."""
    shutil.copytree(ROOT / "src", folder / "tapewatch", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "themes", folder / "tapewatch" / "themes")
    for file, pattern, instead in changes:
        path = folder / "tapewatch" / file
        changed, count = re.subn(pattern, instead, path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        assert count == 1, f"{pattern} is not in {file}"
        path.write_text(changed, encoding="utf-8")
    return folder


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    """Runs a program from a folder of its own; what still runs at the end is killed."""
    begun: list[subprocess.Popen[str]] = []
    home = {f"XDG_{name}_HOME": str(tmp_path / name.lower()) for name in ("STATE", "CONFIG", "DATA", "CACHE")}

    def run(folder: Path, *arguments: object) -> subprocess.Popen[str]:
        environment = os.environ | home | {"HOME": str(tmp_path), "PYTHONPATH": str(folder)}
        made = subprocess.Popen(
            [sys.executable, "-m", "tapewatch", *map(str, arguments)], env=environment, text=True, cwd=tmp_path,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip
        begun.append(made)
        return made

    yield run
    for process in begun:
        process.kill()
        process.communicate()


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return default_paths(tmp_path / "store")


def test_a_feed_of_another_version_is_said_on_the_screen(paths: Paths, tmp_path: Path, program: Program) -> None:
    """Upgraded while a feed ran: the new screen reads the old feed and says so."""
    older = package(tmp_path / "older", ("__init__.py", r'^__version__ = ".*"', '__version__ = "0.0.7"'))
    few = settings(tmp_path / "settings.toml")
    program(older, "feed", "--service", "--demo-rate", "9", "--store", paths.store, "--config", few)
    published_after(paths, (0, 0))
    shown = channel.read_snapshot(paths)
    assert shown is not None
    words = "".join(piece.text for piece in message(shown, Look(now=shown.clock.now), Troubles(), 150))
    assert f"the feed is version 0.0.7, this screen {__version__}: quit every screen" in words
    ledger.note("fault", "a feed of another version", said=words.strip(), lost=0, false_fresh=0)


def test_an_older_program_refuses_a_newer_store_and_leaves_it_untouched(
    paths: Paths, tmp_path: Path, program: Program
) -> None:
    older = package(
        tmp_path / "older",
        ("core/store/schema.py", rf"^VERSION = {VERSION}$", f"VERSION = {VERSION - 1}"),
    )
    connect(paths.database).close()
    before = tree(paths.store)
    for words in (("import", tmp_path), ("feed", "--demo-rate", "9"), ("fetch", "RUT")):
        (tmp_path / "^RUT.csv").write_text("date,open,high,low,close,volume\n2025-10-16,1,2,1,2,0\n")
        _, said = (process := program(older, "--store", paths.store, *words)).communicate(timeout=120)
        assert process.returncode == 1
        assert "it belongs to a newer tapewatch and was left untouched" in said
        assert "Traceback" not in said
    after = tree(paths.store)
    assert after["tapewatch.db"] == before["tapewatch.db"]
    assert damaged(paths.database) == ()
    ledger.note("fault", "an older program on a newer store", said="belongs to a newer tapewatch", exit_code=1, lost=0)


def test_a_store_of_the_first_layout_is_brought_up_to_date_with_all_it_holds(paths: Paths) -> None:
    bars = old_store(paths)
    with market(paths) as desk:
        desk.pass_by(2)
        assert desk.database.execute("PRAGMA user_version").fetchone() == (VERSION,)
        found = kept(paths.database).bars
    assert {key: found[key] for key in bars} == bars
    assert damaged(paths.database) == ()


def test_two_programs_that_bring_one_store_up_to_date_at_once_lose_nothing(paths: Paths) -> None:
    bars = old_store(paths)
    words = "import sys, pathlib; from tapewatch.core.store.schema import connect; connect(pathlib.Path(sys.argv[1]))"
    both = [subprocess.Popen([sys.executable, "-c", words, str(paths.database)]) for _ in range(3)]
    assert [one.wait(timeout=60) for one in both] == [0, 0, 0]
    assert damaged(paths.database) == ()
    assert kept(paths.database).bars == bars


def spoil(path: Path) -> None:
    """Write everything of the log back, if the feed lets us, and over the first half of the file."""
    with contextlib.suppress(sqlite3.Error), closing(sqlite3.connect(path, timeout=1.0)) as beside:
        beside.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with contextlib.suppress(FileNotFoundError), path.open("r+b") as file:
        file.write(b"\xa5" * (path.stat().st_size // 2))


def test_a_feed_whose_package_is_replaced_goes_on_to_the_end_of_its_life(
    paths: Paths, tmp_path: Path, program: Program
) -> None:
    """Everything it may need later was imported at its start: sessions, studies, even the mending of its store."""
    place = package(tmp_path / "place")
    feed = program(place, "feed", "--service", "--demo-rate", "800", "--store", paths.store, "--config",
                   settings(tmp_path / "settings.toml"))  # fmt: skip
    published_after(paths, (0, 0))
    shutil.rmtree(place)
    shown = channel.read_snapshot(paths)
    assert shown is not None
    for kind in ("refresh", "reload"):
        channel.ask(paths, kind)
        published_after(paths, shown.version)
    begun = elapsed()
    while not damaged(paths.database):
        spoil(paths.database)
        assert elapsed() - begun < 90.0
        assert feed.poll() is None
    newest = channel.read_snapshot(paths)
    assert newest is not None
    published_after(paths, newest.version)
    feed.send_signal(signal.SIGTERM)
    _, said = feed.communicate(timeout=60)
    assert feed.returncode == 0
    assert "Traceback" not in said
    with closing(connect(paths.database)) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    ledger.note("fault", "the package replaced under the feed", said="nothing: it goes on", exit_code=0, lost=0)
