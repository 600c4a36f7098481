"""Who may read and change what: private files are private under any umask, and doctor says what is not."""

import os
import shlex
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from msgspec.structs import replace

from tapewatch.core import channel
from tapewatch.core.channel import ChannelError, make_own, make_private
from tapewatch.core.clock import wall
from tapewatch.core.doctor import Case, Check, Terminal
from tapewatch.core.doctor_rights import rights
from tapewatch.core.locks import Lock
from tapewatch.core.paths import Paths, default_paths
from tapewatch.core.store.schema import connect
from tapewatch.core.universe import default_config
from tests.laboratory.ledger import note
from tests.tui.stage import builders

STRANGER = 65534
SHOWN = {"snapshot.json", "watch.lock", "feed.lock"}


def modes(folder: Path) -> dict[str, int]:
    """Rights of everything in a folder, by its path in it."""
    return {str(one.relative_to(folder)): stat.S_IMODE(one.lstat().st_mode) for one in folder.rglob("*")}


def call(folder: Path, mask: int, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """The program as it is installed, under a umask."""
    places = {f"XDG_{name}_HOME": str(folder / name.lower()) for name in ("CONFIG", "DATA", "STATE", "CACHE")}
    program = f"import os; os.umask({mask}); from tapewatch.__main__ import main; main()"
    return subprocess.run(
        [sys.executable, "-P", "-c", program, *arguments],
        env=os.environ | places | {"HOME": str(folder), "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True, check=False,
    )  # fmt: skip


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    made = default_paths(tmp_path / "store", tmp_path / "config" / "config.toml")
    made = replace(made, state=tmp_path / "state", themes=tmp_path / "config" / "themes")
    for folder in (tmp_path, made.store, made.requests, made.state, made.themes):
        make_private(folder)
    return made


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Path]:
    """The folder, and all on the way to it, open to others as a home on a shared server may be."""
    before = {one: one.stat().st_mode for one in (tmp_path, *tmp_path.parents) if one.stat().st_uid == os.geteuid()}
    for one, mode in before.items():
        one.chmod(mode | 0o055)
    yield tmp_path
    for one, mode in before.items():
        one.chmod(mode)


def found(paths: Paths) -> list[Check]:
    case = Case(paths, default_config(), (), Terminal({}, None, "utf-8"), wall())
    return [one for one in rights(case) if one.state != "ok"]


@pytest.mark.parametrize("mask", [0o000, 0o777])
def test_everything_written_is_private_under_any_umask(tmp_path: Path, mask: int) -> None:
    """Settings, store, database with its companions; every folder that had to be made."""
    (tmp_path / "^RUT.csv").write_text("date,open,high,low,close,volume\n2024-01-12,10,12,9,11,5\n")
    home = tmp_path / "home"
    home.mkdir()
    for arguments in (
        ("config", "init"),
        ("import", str(tmp_path / "^RUT.csv")),
        ("doctor", "--bundle", str(home / "bundle")),
    ):
        said = call(home, mask, *arguments)
        assert b"Traceback" not in said.stderr
    written = modes(home)
    assert {"config/tapewatch/config.toml", "data/tapewatch/tapewatch.db", "bundle"} <= set(written)
    assert {name: oct(mode) for name, mode in written.items() if mode & 0o077} == {}
    assert all(mode & 0o600 == 0o600 for mode in written.values())


@pytest.fixture
def open_mask() -> Iterator[None]:
    """A umask that hides nothing."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("open_mask")
def test_what_a_store_is_made_of_is_private_by_itself(tmp_path: Path) -> None:
    """Without the program's own umask, too: each part is made for its owner."""
    paths = default_paths(tmp_path / "new" / "store")
    with closing(connect(paths.database)) as database:
        database.execute("INSERT INTO requests VALUES (1.0, 'x')")
        make_own(paths.source_cache)
        make_private(paths.requests)
        channel.ask(paths, "refresh")
        channel.publish(paths, builders.overview())
        locks = [Lock(paths.feed_lock, "alone"), Lock(paths.watch_lock, "shared")]
        assert all(one.take() for one in locks)
        written = modes(tmp_path)
        for one in locks:
            one.release()
    assert "new/store/tapewatch.db-wal" in written
    loose = {Path(name).name for name, mode in written.items() if mode & 0o077}
    assert loose == SHOWN - {"snapshot.json"}


@pytest.mark.long
def test_a_store_for_all_shows_its_snapshot_and_locks_alone(tmp_path: Path) -> None:
    store = tmp_path / "shared"
    store.mkdir()
    store.chmod(0o755)
    paths = default_paths(store)
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "tapewatch", "feed", "--store", str(store), "--demo-rate", "195"],
        env=os.environ | {"XDG_STATE_HOME": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as feed:  # fmt: skip
        while not paths.snapshot.exists():
            assert feed.poll() is None
            time.sleep(0.1)
        written = modes(store)
        feed.terminate()
    assert {name for name, mode in written.items() if mode & 0o044} == SHOWN
    assert {name for name, mode in written.items() if mode & 0o022} == set()
    assert "tapewatch.db-wal" in written


# -- strangers -----------------------------------------------------------------------------------------


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make files of another user")
@pytest.mark.parametrize("name", ["snapshot", "feed_lock", "watch_lock"])
def test_what_a_stranger_puts_where_all_may_write_is_not_used(paths: Paths, name: str) -> None:
    channel.publish(paths, builders.overview())
    file: Path = getattr(paths, name)
    file.touch()
    os.chown(file, STRANGER, STRANGER)
    paths.store.chmod(0o1777)
    if name == "snapshot":
        with pytest.raises(ChannelError, match=r"put there by another user \(id 65534\)"):
            channel.read_snapshot(paths)
        return
    lock = Lock(file, "alone")
    assert not lock.take()
    assert lock.problem is not None
    assert "put there by another user" in lock.problem
    paths.store.chmod(0o755)
    assert lock.take()
    lock.release()


def as_stranger(act: Callable[[], None]) -> int:
    """0 where another user can do this, 1 where he is told that he cannot."""
    child = os.fork()
    if child == 0:
        code = 9
        try:
            os.umask(0o077)
            os.setgroups([])
            os.setgid(STRANGER)
            os.setuid(STRANGER)
            act()
            code = 0
        except ChannelError:
            code = 1
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_requests_of_others_come_in_where_the_folder_lets_them(paths: Paths, opened: Path) -> None:
    """And a feed of another account can read them."""
    paths.store.chmod(0o755)
    assert as_stranger(lambda: channel.ask(paths, "refresh")) == 1
    paths.requests.chmod(0o1777)
    assert as_stranger(lambda: channel.ask(paths, "refresh")) == 0
    assert [stat.S_IMODE(one.stat().st_mode) for one in paths.requests.iterdir()] == [0o644]
    assert [one.kind for one in channel.take_requests(paths)] == ["refresh"]
    assert opened.exists()


# -- the library's cache ---------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["loose", "link", "file", "stranger"])
def test_a_cache_that_others_could_fill_is_put_aside_and_made_anew(paths: Paths, tmp_path: Path, how: str) -> None:
    """The library unpickles its cookies: nobody else may have written them."""
    cache = paths.source_cache
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "cookies.db").write_text("planted")
    if how == "link":
        cache.symlink_to(elsewhere)
    elif how == "file":
        cache.write_text("planted")
    else:
        elsewhere.rename(cache)
        cache.chmod(0o777 if how == "loose" else 0o700)
        if how == "stranger":
            if os.geteuid() != 0:
                pytest.skip("only root can make folders of another user")
            os.chown(cache, STRANGER, STRANGER)
    make_own(cache)
    found = cache.lstat()
    assert (stat.S_ISDIR(found.st_mode), stat.S_IMODE(found.st_mode), found.st_uid) == (True, 0o700, os.geteuid())
    assert list(cache.iterdir()) == []
    assert len(list(paths.store.glob("source-cache.refused-*"))) == 1
    make_own(cache)
    assert len(list(paths.store.glob("source-cache.refused-*"))) == 1
    note("hostile", f"cache of the library: {how}", count=1)


# -- doctor ---------------------------------------------------------------------------------------------


def test_doctor_has_nothing_to_say_of_what_is_private(paths: Paths, opened: Path) -> None:
    channel.publish(paths, builders.overview(), 0o644)
    paths.config_file.touch(0o600)
    paths.log.touch(0o600)
    assert opened.exists()
    assert found(paths) == []


@pytest.mark.parametrize(
    ("name", "mode"),
    [
        ("config/config.toml", 0o644), ("state", 0o755), ("state/LOG", 0o640), ("state/LOG.1", 0o666),
        ("store/tapewatch.db", 0o644), ("store/tapewatch.db-wal", 0o604), ("store/source-cache", 0o755),
        ("store/tapewatch.db.damaged-20250101", 0o644), ("config", 0o777), ("config/themes", 0o775),
    ],
)  # fmt: skip
def test_doctor_names_what_is_loose_and_its_remedy_mends_it(paths: Paths, opened: Path, name: str, mode: int) -> None:
    paths.store.chmod(0o755)
    paths.state.chmod(0o711 if "LOG" in name else 0o700)
    one = opened / name.replace("LOG", paths.log.name)
    if one.name == "source-cache":
        one.mkdir()
    elif not one.exists():
        one.touch()
    (one.parent if one.parent != opened else opened).chmod(0o755)
    one.chmod(mode)
    (check,) = [one for one in found(paths) if name.replace("LOG", paths.log.name) in one.finding.split(":")[0]]
    assert check.state == "warn"
    assert f"{mode:04o}" in check.finding
    assert check.remedy is not None
    subprocess.run(shlex.split(check.remedy), check=True)
    assert [left for left in found(paths) if left.finding == check.finding] == []
    assert not stat.S_IMODE(one.stat().st_mode) & 0o022


def test_doctor_names_links_and_files_of_strangers_in_the_store(paths: Paths) -> None:
    paths.snapshot.symlink_to("/etc/passwd")
    if os.geteuid() == 0:
        paths.feed_lock.touch()
        os.chown(paths.feed_lock, STRANGER, STRANGER)
    said = [one.finding for one in found(paths)]
    assert any("snapshot.json is a symbolic link, and not used" in one for one in said)
    assert os.geteuid() != 0 or any("feed.lock is a file of another user (id 65534)" in one for one in said)


def test_doctor_minds_nothing_that_nobody_can_reach(paths: Paths, tmp_path: Path) -> None:
    paths.config_file.touch()
    paths.config_file.chmod(0o666)
    paths.store.chmod(0o755)
    tmp_path.chmod(0o700)
    assert found(paths) == []
