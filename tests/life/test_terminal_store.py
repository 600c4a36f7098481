"""What becomes of a screen when its store is spoilt, put aside or removed: the last good prices, then the new ones."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tapewatch.core import channel
from tapewatch.core.model.snapshot import Snapshot
from tapewatch.core.paths import default_paths

from .. import builders
from ..laboratory import ledger
from ..tui.stage import changed
from .conftest import House
from .test_terminal_signals import given_back
from .tty import Tty, wait_until

MORE = 60_000_000
"""Bytes a screen may have grown by after all of it."""


def garbage(file: Path) -> None:
    file.write_bytes(b'{"schema": 3, "version": [\xff' * 100)


def huge(file: Path) -> None:
    with file.open("wb") as made:
        made.truncate(500_000_000)


def fifo(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def endless(file: Path) -> None:
    file.unlink()
    file.symlink_to("/dev/zero")


def half(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:20_000])


SPOILT: tuple[Callable[[Path], None], ...] = (garbage, half, huge, fifo, folder, endless)


def priced(price: float, counter: int) -> Snapshot:
    """The close of 17 October with another price of the S&P 500."""
    return changed(builders.overview(counter=2 * counter), "^GSPC", price)


def resident(pid: int) -> int:
    """Bytes of memory a process has now."""
    if not Path(f"/proc/{pid}/statm").exists():
        pytest.skip("what memory a process has is not to be seen here")
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def cleared(file: Path) -> None:
    if file.is_dir() and not file.is_symlink():
        file.rmdir()


def keeps_the_price(tty: Tty, price: str) -> None:
    """Every cell painted anew: the price is still there, and a key was heard."""
    mark = len(tty.raw)
    tty.press("\x0c")
    tty.until(price, since=mark)


def test_whatever_is_put_in_the_snapshots_place_the_last_good_one_stays_until_a_new_one_comes(house: House) -> None:
    with house.shown() as tty:
        before, price = resident(tty.process.pid), "6,664.01"
        for counter, spoil in enumerate(SPOILT, 1):
            spoil(house.paths.snapshot)
            tty.read(lambda: "STORE" in tty.text())
            keeps_the_price(tty, price)
            cleared(house.paths.snapshot)
            channel.publish(house.paths, priced(7000.0 + counter, counter))
            price = f"{7000 + counter:,}.00"
            tty.until(price)
            tty.read(lambda: "STORE" not in tty.text())
            ledger.note(
                "corrupt", f"the snapshot is {spoil.__name__}", what="a screen that watches", said="STORE …", count=1
            )
        assert resident(tty.process.pid) - before < MORE
        tty.press("q")
        assert tty.end() == 0
        given_back(tty, "six kinds of spoilt snapshots")


def test_a_store_begun_anew_is_taken_up_and_counted_as_watched(house: House) -> None:
    """Put aside under a screen: it shows what it had, then what the new one has, and its feed is not left alone."""
    new = default_paths(house.folder / "new")
    new.requests.mkdir(parents=True)
    lock = channel.Lock(new.feed_lock, "alone")
    assert lock.take()
    with house.shown() as tty:
        house.paths.store.rename(house.folder / "aside")
        new.store.rename(house.paths.store)
        keeps_the_price(tty, "6,664.01")
        channel.publish(house.paths, priced(7001.0, 5))
        tty.until("7,001.00")
        wait_until(lambda: tty.take() >= 0 and channel.is_watched(house.paths))
        tty.press("q")
        assert tty.end() == 0
        given_back(tty, "store put aside and begun anew")
    lock.release()
