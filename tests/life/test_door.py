"""Several processes find the same damaged store at once: one sets it aside, all go on with the new one."""

import subprocess
import sys
from pathlib import Path

import pytest

from tapewatch.core.store.bars import load_bars
from tapewatch.core.store.damage import damaged
from tapewatch.core.store.schema import connect

WRITER = """
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from tapewatch.core.bars import Bar
from tapewatch.core.store.bars import save_bars
from tapewatch.core.store.schema import close_whole, connect

path, symbol = Path(sys.argv[1]), sys.argv[2]
print("ready", flush=True)
sys.stdin.readline()
database = connect(path)
bar = Bar(date(2024, 1, 2), 1.0, 2.0, 1.0, 1.5)
save_bars(database, symbol, [bar], source="file", state="final", taken_at=datetime(2024, 1, 3, tzinfo=UTC))
close_whole(database, path)
print("kept", flush=True)
"""


def writer(path: Path, symbol: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), symbol], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


@pytest.mark.parametrize("before", [b"garbage!" * 20_000, None], ids=["damaged", "not there yet"])
def test_what_each_was_told_is_kept_is_there_and_one_file_is_set_aside(tmp_path: Path, before: bytes | None) -> None:
    path = tmp_path / "store" / "tapewatch.db"
    path.parent.mkdir(mode=0o700)
    if before is not None:
        path.write_bytes(before)
    symbols = ("^RUT", "^GSPC", "^DJI")
    writers = [writer(path, symbol) for symbol in symbols]
    for one in writers:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    for one in writers:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    said = [one.communicate(timeout=120)[0] for one in writers]
    assert said == ["kept\n"] * 3
    database = connect(path)
    assert set(load_bars(database)) == set(symbols)
    database.close()
    assert len(damaged(path)) == (before is not None)
