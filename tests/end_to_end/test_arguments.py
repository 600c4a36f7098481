"""What is typed behind the command: bytes that are no text, and answers that nothing can be written to."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tapewatch import __version__
from tapewatch.core.channel import publish
from tapewatch.core.model.harmless import MARK
from tapewatch.core.paths import default_paths

from .. import builders
from .said import ERROR, NOTHING, OK, USAGE, Said

FULL = Path("/dev/full")
NAME = os.fsdecode(b"x\xff\xfe")


def process(folder: Path, *arguments: str, out: str = "") -> Said:
    """The command as a process; `out` is a file for its standard output, ``&-`` for none at all."""
    places = {f"XDG_{name}_HOME": str(folder / name.lower()) for name in ("CONFIG", "DATA", "STATE", "CACHE")}
    places |= {"PYTHONPATH": os.pathsep.join(sys.path), "COLUMNS": "100"}
    command = ["sh", "-c", f'exec "$@" {f">{out}" if out else ""}', "sh", sys.executable, "-m", "tapewatch", *arguments]
    done = subprocess.run(
        command, capture_output=True, encoding="utf-8", errors="replace", check=False, env=os.environ | places
    )
    assert "Traceback" not in done.stderr
    return Said(done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize("words", [["fetch", NAME], ["snapshot", "--as-of", NAME], ["study", NAME], [NAME]])
def test_a_word_that_is_no_text_is_repeated_with_marks(tmp_path: Path, words: list[str]) -> None:
    said = process(tmp_path, *words)
    assert (said.code, said.out) == (USAGE, "")
    assert f"'x{MARK}{MARK}'" in said.err


@pytest.mark.skipif(not FULL.exists(), reason="no device that is always full")
@pytest.mark.parametrize("words", [["--help"], ["--version"], ["feed", "--help"], ["config", "path"]])
@pytest.mark.parametrize("buffered", ["", "1"])
def test_help_that_cannot_be_written_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], buffered: str
) -> None:
    monkeypatch.setenv("PYTHONUNBUFFERED", buffered)
    said = process(tmp_path, *words, out=str(FULL))
    assert (said.code, said.err) == (ERROR, "tapewatch: No space left on device\n")
    closed = process(tmp_path, *words, out="&-")
    assert closed.code == ERROR
    assert closed.err.endswith("tapewatch: standard output is closed\n")


def test_help_and_version_are_answers(tmp_path: Path) -> None:
    assert process(tmp_path, "--version") == (OK, f"tapewatch {__version__}\n", "")
    assert process(tmp_path, "--help").out.startswith("usage: tapewatch ")
    assert process(tmp_path, "--nothing").code == USAGE


def test_a_snapshot_without_prices_names_no_date_that_was_not_given(tmp_path: Path) -> None:
    paths = default_paths(tmp_path / "store")
    paths.store.mkdir()
    publish(paths, builders.empty())
    said = process(tmp_path, "snapshot", "--store", str(paths.store))
    wanted = f"tapewatch: no bars yet in {paths.store}; run tapewatch fetch, or import bars\n"
    assert said == (NOTHING, "", wanted)
    dated = process(tmp_path, "snapshot", "--store", str(paths.store), "--as-of", "2025-10-17")
    assert dated == (NOTHING, "", wanted.replace("yet", "up to that date"))
