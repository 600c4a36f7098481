"""The file for a report: everything that helps, nothing that harms, whatever is broken."""

import errno
import io
import os
import shutil
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path

import pytest

from tapewatch.core import doctor_bundle
from tapewatch.core.bars import Bar
from tapewatch.core.doctor import Terminal, run_doctor
from tapewatch.core.log import LARGEST, Log, older
from tapewatch.core.model.snapshot import Health
from tapewatch.core.paths import Paths
from tapewatch.core.settings import load
from tapewatch.core.store.bars import save_bars
from tapewatch.core.store.schema import connect

from .test_doctor import WIDE, published

WHOLE = {
    "doctor.txt", "doctor.json", "about.txt", "settings.toml", "store.txt", "health.json", "snapshot.json", "log.txt",
    "log-older.txt",
}  # fmt: skip
SETTINGS = """
[feed]
poll = 90.0
[alerts]
webhook = "https://chat.example/in/T0/B0/Zq9secretpath"
smtp_password = "Zq9password"
command = "curl -H 'Authorization: Bearer Zq9bearer' https://jane:Zq9user@desk.example/Zq9path"
"""


@pytest.fixture
def stored(tmp_path: Path) -> Paths:
    """A store with two bars."""
    home = tmp_path / "config"
    places = Paths(tmp_path / "store", tmp_path / "state", home / "config.toml", home / "themes")
    database = connect(places.database)
    bars = [Bar(date(2025, 10, day), 10.0, 12.0, 9.0, 11.0) for day in (15, 16)]
    save_bars(database, "^RUT", bars, source="test", state="final", taken_at=datetime(2025, 10, 17, tzinfo=UTC))
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return places


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "report.zip"


@pytest.fixture
def desk(tmp_path: Path, stored: Paths) -> tuple[Paths, Terminal]:
    """A store, settings, a snapshot and two logs of Jane, who has a proxy with a password."""
    stored.config_file.parent.mkdir(parents=True)
    stored.config_file.write_text(SETTINGS)
    published(stored, Health(source="yahoo", error="time-out"))
    log = Log(stored.log)
    log("x" * 1000)
    log(f"settings {tmp_path}/config/config.toml")
    log.close()
    with stored.log.open("a") as raw:
        raw.write("a library says: GET https://x.example/?crumb=Zq9crumb via Zq9proxy\n")
    older(stored.log).write_text("Set-Cookie: A3=d=Zq9cookie; Path=/\n")
    environment = {"HOME": str(tmp_path), "TERM": "xterm", "HTTPS_PROXY": "http://jane:Zq9proxy@proxy.desk:3128",
                   "AWS_SECRET_ACCESS_KEY": "Zq9aws", "TMUX": "/tmp/tmux-Zq9/default,1,0"}  # fmt: skip
    return stored, Terminal(environment, (120, 40), "utf-8")


def bundled(places: Paths, file: Path, terminal: Terminal = WIDE) -> tuple[int, str, dict[str, str]]:
    """Exit code, what was printed, and the texts of the bundle."""
    config, problems = load(places.config_file)
    out = StringIO()
    code = run_doctor(places, config, problems, out=out, bundle=file, terminal=terminal)
    if not zipfile.is_zipfile(file):
        return code, out.getvalue(), {}
    with zipfile.ZipFile(file) as made:
        return code, out.getvalue(), {name: made.read(name).decode() for name in made.namelist()}


def test_it_holds_what_a_report_needs_and_lists_it(desk: tuple[Paths, Terminal], file: Path) -> None:
    places, terminal = desk
    _, said, inside = bundled(places, file, terminal)
    assert set(inside) == WHOLE
    assert all(name in said for name in WHOLE)
    assert "poll = 90.0" in inside["settings.toml"]
    assert "TERM=xterm" in inside["about.txt"]
    assert "tapewatch 0." in inside["about.txt"]
    assert "time-out" in inside["health.json"]
    assert "2 rows in bars" in inside["store.txt"]
    assert "quick check: ok" in inside["store.txt"]
    assert "x" * 1000 in inside["log.txt"]


def test_it_holds_no_secret_and_no_name(desk: tuple[Paths, Terminal], file: Path, tmp_path: Path) -> None:
    places, terminal = desk
    _, _, inside = bundled(places, file, terminal)
    found = {name: [line for line in text.splitlines() if "Zq9" in line] for name, text in inside.items()}
    assert {name: lines for name, lines in found.items() if lines} == {}
    named = {name for name, text in inside.items() if str(tmp_path) in text or "jane" in text}
    assert named == set()
    assert "settings ~/config/config.toml" in inside["log.txt"]
    assert "proxy.desk:3128" in inside["about.txt"]


def test_it_is_for_its_owner_and_never_overwrites(stored: Paths, file: Path) -> None:
    code, _, _ = bundled(stored, file)
    assert code == 0
    assert file.stat().st_mode & 0o777 == 0o600
    before = file.read_bytes()
    code, said, _ = bundled(stored, file)
    assert (code, "File exists" in said) == (1, True)
    assert file.read_bytes() == before


def test_it_does_not_go_through_a_link(stored: Paths, file: Path, tmp_path: Path) -> None:
    file.symlink_to(tmp_path / "elsewhere")
    assert bundled(stored, file)[0] == 1
    assert not (tmp_path / "elsewhere").exists()


def test_a_long_log_is_cut_at_a_line(stored: Paths, file: Path) -> None:
    stored.state.mkdir()
    stored.log.write_text("".join(f"line {number:06}\n" for number in range(60_000)))
    _, _, inside = bundled(stored, file)
    lines = inside["log.txt"].splitlines()
    assert lines[-1] == "line 059999"
    assert {len(line) for line in lines} == {11}
    assert len(inside["log.txt"]) <= doctor_bundle.LOG_END


def remove_all(places: Paths) -> None:
    shutil.rmtree(places.store)


def corrupt(places: Paths) -> None:
    places.database.write_bytes(os.urandom(5000))


def cut(places: Paths) -> None:
    whole = places.database.read_bytes()
    places.database.write_bytes(whole[: len(whole) // 2])


def no_snapshot(places: Paths) -> None:
    places.snapshot.write_bytes(b'{"schema": 1, "health": \xff\xfe')


def folders_for_files(places: Paths) -> None:
    for one in (places.snapshot, places.log, places.config_file):
        one.parent.mkdir(parents=True, exist_ok=True)
        one.mkdir()


def broken_settings(places: Paths) -> None:
    places.config_file.parent.mkdir(parents=True)
    places.config_file.write_bytes(b"[feed\npoll = \xff")


def pipes(places: Paths) -> None:
    places.log.parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(places.log)


@pytest.mark.parametrize(
    "damage", [remove_all, corrupt, cut, no_snapshot, folders_for_files, broken_settings, pipes]
)  # fmt: skip
def test_it_is_written_whatever_is_broken(
    stored: Paths, file: Path, damage: Callable[[Paths], None]
) -> None:  # fmt: skip
    damage(stored)
    _, _, inside = bundled(stored, file)
    assert {"doctor.txt", "doctor.json", "about.txt"} <= set(inside)


def test_a_part_that_breaks_says_so_and_the_others_are_there(
    stored: Paths, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    def boom(*_: object) -> str:
        raise MemoryError("too much")

    monkeypatch.setattr(doctor_bundle, "_store", boom)
    _, _, inside = bundled(stored, file)
    assert inside["store.txt"] == "could not be read: MemoryError: too much\n"


def test_a_full_disk_is_one_sentence_and_leaves_nothing(
    stored: Paths, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    class Full(io.BytesIO):
        def write(self, _: object) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    def opened(handle: int, *_: object) -> Full:
        os.close(handle)
        return Full()

    monkeypatch.setattr(os, "fdopen", opened)
    code, said, _ = bundled(stored, file)
    assert code == 1
    assert [line for line in said.splitlines() if "No space left" in line]
    assert "Traceback" not in said
    assert not file.exists()


def test_the_log_is_never_larger_than_what_is_put_in_twice() -> None:
    assert doctor_bundle.LOG_END < LARGEST
