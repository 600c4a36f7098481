"""No room: a full disk and a limit on files are named as what they are, whatever SQLite calls them."""

import os
import resource
import sqlite3
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from tapewatch.core.room import no_room
from tapewatch.core.store.schema import StoreError, connect
from tests.laboratory.ledger import note
from tests.market import trading_days


def disk(monkeypatch: pytest.MonkeyPatch, blocks: int) -> None:
    """A disk with so many blocks of a kilobyte left."""
    left = os.statvfs_result((1024, 1024, 9999, blocks, blocks, 9, 9, 9, 0, 255))

    def found(_: Path) -> os.statvfs_result:
        return left

    monkeypatch.setattr(os, "statvfs", found)


def limit(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    def found(_: int) -> tuple[int, int]:
        return size, size

    monkeypatch.setattr(resource, "getrlimit", found)


def test_a_full_disk_and_a_limit_are_told_apart_from_a_broken_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.db"
    file.write_bytes(b"x" * 5_000_000)
    disk(monkeypatch, 9999)
    assert no_room(file) is None
    limit(monkeypatch, 6_000_000)
    assert no_room(file) is None
    limit(monkeypatch, 5_000_000)
    assert no_room(file) == "no file may be larger than 5,000 kB here (ulimit -f)"
    disk(monkeypatch, 20)
    assert no_room(file) == "no room is left on its disk"
    assert no_room(tmp_path / "gone" / "a.db") is not None


@pytest.mark.parametrize(
    ("blocks", "said"), [(3, "no room is left on its disk (disk I/O error)"), (9999, "disk I/O error")]
)
def test_what_sqlite_calls_an_error_of_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, blocks: int, said: str
) -> None:
    def refused(*_: object) -> None:
        problem = sqlite3.OperationalError("disk I/O error")
        problem.sqlite_errorcode = sqlite3.SQLITE_IOERR_WRITE
        raise problem

    disk(monkeypatch, blocks)
    monkeypatch.setattr("tapewatch.core.store.schema.check_pages", refused)
    with pytest.raises(StoreError) as caught:
        connect(tmp_path / "a.db")
    assert str(caught.value) == f"cannot open {tmp_path / 'a.db'}: {said}"


@pytest.mark.parametrize(("kilobytes", "done"), [(10, "open"), (200, "write")])
def test_an_import_under_a_limit_names_it(tmp_path: Path, kilobytes: int, done: str) -> None:
    lines = [f"{day},1,1,1,1,1" for day in trading_days(7000, date(1990, 1, 1))]
    file = tmp_path / "RUT.csv"
    file.write_text("date,open,high,low,close,volume\n" + "\n".join(lines))
    size = kilobytes * 1024
    ended = subprocess.run(
        [sys.executable, "-m", "tapewatch", "import", str(file), "--store", str(tmp_path / "store")],
        capture_output=True, text=True, check=False, env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)),
    )  # fmt: skip
    assert (ended.returncode, ended.stdout) == (1, "")
    database = tmp_path / "store" / "tapewatch.db"
    named = f"tapewatch: cannot {done} {database}: no file may be larger than {size / 1000:,.0f} kB here (ulimit -f)"
    assert ended.stderr.startswith(named)
    assert len(ended.stderr.splitlines()) == 1
    note("hostile", f"an import where no file may be larger than {kilobytes} kB", count=1)


def mounted(script: str, *folders: Path) -> subprocess.CompletedProcess[str]:
    """A shell script with mounts of its own; skips where the system allows none."""
    for words in (["unshare", "-m"], ["unshare", "-Urm"]):
        try:
            if subprocess.run([*words, "true"], capture_output=True, check=False).returncode == 0:
                break
        except FileNotFoundError:
            continue
    else:
        pytest.skip("no mounts of one's own here")
    return subprocess.run(
        [*words, "sh", "-c", script, "sh", *map(str, folders)],
        capture_output=True, text=True, check=False, timeout=60.0,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "PYTHON": sys.executable},
    )  # fmt: skip


@pytest.mark.parametrize("used", [True, False])
def test_a_feed_of_a_store_on_a_read_only_file_system_says_so(tmp_path: Path, used: bool) -> None:
    store = tmp_path / "store"
    store.mkdir()
    connect(store / "tapewatch.db").close()
    if used:
        (store / "feed.lock").write_text("pid 1")
    ended = mounted(
        'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" || exit 9; "$PYTHON" -m tapewatch feed --store "$1"',
        store,
    )
    if ended.returncode == 9:
        pytest.skip("nothing can be mounted here")
    assert ended.returncode == 1
    said = f"tapewatch: the store folder {store} cannot be written: read-only file system"
    assert ended.stderr.splitlines()[-1] == said


def test_a_feed_on_a_full_disk_names_the_file_that_could_not_be_written(tmp_path: Path) -> None:
    ended = mounted(
        'mount -t tmpfs -o size=64k tmpfs "$1" || exit 9; dd if=/dev/zero of="$1/fill" bs=1k 2>/dev/null;'
        ' "$PYTHON" -m tapewatch feed --store "$1"',
        tmp_path,
    )
    if ended.returncode == 9:
        pytest.skip("nothing can be mounted here")
    assert ended.returncode == 1
    assert str(tmp_path) in ended.stderr.splitlines()[-1]
    assert "No space left on device" in ended.stderr.splitlines()[-1]
