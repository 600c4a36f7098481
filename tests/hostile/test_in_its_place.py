"""What stands in place of the snapshot is named with the remedy that helps: by the doctor, and in the screen's line."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tapewatch.core import channel
from tapewatch.core.channel import LARGEST_SNAPSHOT
from tapewatch.core.data import MarketData
from tapewatch.core.doctor import Case, Check, Terminal
from tapewatch.core.doctor_store import snapshot
from tapewatch.core.paths import Paths, default_paths
from tapewatch.core.universe import default_config
from tapewatch.tui.look import Look
from tapewatch.tui.message_line import Troubles, message
from tapewatch.tui.text import plain
from tests.tui.stage import builders

NOW = datetime(2025, 10, 17, 18, tzinfo=UTC)


def monster(path: Path) -> None:
    path.touch()
    os.truncate(path, LARGEST_SNAPSHOT + 1)


STRANGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "folder": (Path.mkdir, "is a folder"),
    "pipe": (os.mkfifo, "is a pipe"),
    "link": (lambda path: path.symlink_to("/dev/zero"), "is a symbolic link"),
    "monster": (monster, "is larger than 32 MB"),
    "noise": (lambda path: path.write_bytes(b"{"), "cannot be read as a snapshot"),
}


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    made = default_paths(tmp_path / "store", tmp_path / "none.toml")
    made.store.mkdir()
    return made


def checked(paths: Paths) -> Check:
    (check,) = snapshot(Case(paths, default_config(), (), Terminal({}, None, "utf-8"), NOW))
    return check


@pytest.mark.parametrize("kind", STRANGE)
def test_what_stands_there_and_what_to_do(paths: Paths, kind: str) -> None:
    make, words = STRANGE[kind]
    make(paths.snapshot)
    check = checked(paths)
    assert check.finding.startswith(f"{paths.snapshot} {words}")
    assert (check.state, check.remedy) == ("fail", "remove or rename that file, the feed writes it anew")
    screen = MarketData.open(paths, default_config())
    assert screen.latest() is None
    assert screen.trouble is not None
    said = message(builders.empty(), Look(now=NOW), Troubles(trouble=screen.trouble.text), 100)
    assert f"snapshot.json {words}: remove or rename it, the feed" in plain(said)
    # what was asked for helps
    paths.snapshot.rename(paths.store / "aside")
    channel.publish(paths, builders.overview())
    assert screen.latest() is not None
    assert screen.trouble is None
    screen.close()


def test_a_snapshot_of_a_newer_program_is_another_matter(paths: Paths) -> None:
    paths.snapshot.write_text('{"schema": 99}')
    assert checked(paths).remedy == "quit every tapewatch of this store and start the newest one"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_so_is_one_that_may_not_be_read(paths: Paths) -> None:
    paths.snapshot.write_text("{}")
    paths.snapshot.chmod(0)
    assert "ask its owner" in (checked(paths).remedy or "")
