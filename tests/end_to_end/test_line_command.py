"""`tapewatch line` in a status bar: whole parts, honest ages, nothing that acts, and as cheap as a prompt asks."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from tapewatch.core import channel
from tapewatch.core.clock import wall
from tapewatch.core.importing import import_paths
from tapewatch.core.model.snapshot import ClockReading, Hours, Market, Snapshot
from tapewatch.core.paths import default_paths
from tapewatch.core.universe import INSTRUMENTS
from tests import builders

from .said import NOTHING, OK, PARTIAL, USAGE, Command, Said

ROOT = Path(__file__).parents[2]
Line = Callable[..., Said]


@pytest.fixture
def line(command: Command, tmp_path: Path) -> Line:
    """Publish a snapshot and ask for its line."""

    def said(snapshot: Snapshot | None, *arguments: object) -> Said:
        paths = default_paths(tmp_path / "store")
        paths.store.mkdir(exist_ok=True)
        if snapshot is not None:
            channel.publish(paths, snapshot)
        return command("line", "--store", paths.store, *arguments)

    return said


def with_row(snapshot: Snapshot, symbol: str, **changed: object) -> Snapshot:
    rows = tuple(
        msgspec.structs.replace(row, **changed) if row.symbol == symbol else row for row in snapshot.instruments
    )
    return msgspec.structs.replace(snapshot, instruments=rows)


def trading_since(hours: float) -> Snapshot:
    """Prices of so many hours ago in an exchange that has traded ever since."""
    made = wall() - timedelta(hours=hours)
    open_now = Hours(day=made.date(), open=made - timedelta(hours=1), close=wall() + timedelta(hours=2))
    snapshot = builders.live()
    rows = tuple(
        msgspec.structs.replace(row, quote=msgspec.structs.replace(row.quote, time=made, session=made.date()))
        for row in snapshot.instruments
        if row.quote is not None and row.calendar == "XNYS"
    )
    return msgspec.structs.replace(
        snapshot,
        instruments=rows,
        session=made.date(),
        as_of=made,
        clock=ClockReading(now=made, read_at=made),
        markets={"XNYS": Market(state="open", hours=(open_now,))},
    )


def test_after_the_close_it_says_so_with_the_datas_own_time(line: Line) -> None:
    said = line(builders.overview())
    assert said.out == "RUT 2,452.17 −0.60% · SPX 6,664.01 +0.53% · 3 flags · CLOSED 16:15 ET\n"
    assert (said.code, said.err) == (OK, "")


def test_either_spelling_in_the_order_asked_for_and_a_yield_in_basis_points(line: Line) -> None:
    said = line(builders.overview(), "--symbols", "us10y,^RUT,rut")
    assert said.out.startswith("US10Y 4.007 +3.1bp · RUT 2,452.17 −0.60% · 3 flags")


def test_prices_of_two_hours_ago_say_so_and_lose_their_change(line: Line) -> None:
    said = line(trading_since(2.1), "--symbols", "RUT")
    assert "RUT 2,449.05 (2 h 6 min old)" in said.out
    assert "%" not in said.out
    assert said.code == PARTIAL


def test_a_form_of_ones_own_cannot_hide_the_age(line: Line) -> None:
    said = line(trading_since(2.1), "--format", "{RUT.last} {RUT.percent}")
    assert said.out == "2,449.05 (2 h 6 min old) –\n"


def test_fresh_prices_need_no_words(line: Line) -> None:
    said = line(trading_since(0.0), "--symbols", "RUT")
    assert said.out.startswith("RUT 2,449.05 −0.73% · ")
    assert "old" not in said.out


def test_a_held_price_and_one_without_bars_are_named(line: Line) -> None:
    held = with_row(builders.overview(), "^RUT", held="25.19 held: 99 % under the last")
    said = line(held, "--symbols", "RUT,VTWO")
    assert said.out.startswith("RUT 2,452.17 (HELD) −0.60% · VTWO no data · ")
    assert said.code == PARTIAL


def test_a_demo_is_never_taken_for_the_market(line: Line) -> None:
    demo = builders.overview(mode="demo")
    assert line(demo).out.startswith("DEMO · RUT ")
    assert line(demo, "--format", "{RUT.last}").out == "DEMO 2,452.17\n"
    assert line(demo, "--width", "28").out == "DEMO · RUT 2,452.17 −0.60%\n"


@pytest.mark.parametrize("cells", range(10, 80))
def test_parts_go_whole_and_no_number_is_cut(line: Line, cells: int) -> None:
    whole = line(builders.overview()).out.rstrip("\n").split(" · ")
    said = line(builders.overview(), "--width", cells)
    shown = said.out.rstrip("\n")
    assert len(shown) <= cells
    assert not shown or set(shown.split(" · ")) <= set(whole)
    assert (said.code == PARTIAL) == (not shown)


def test_the_second_instrument_goes_first_then_the_time(line: Line) -> None:
    assert line(builders.overview(), "--width", "50").out == "RUT 2,452.17 −0.60% · 3 flags · CLOSED 16:15 ET\n"
    assert line(builders.overview(), "--width", "40").out == "RUT 2,452.17 −0.60% · 3 flags\n"


def test_without_a_store_an_empty_line_and_a_sentence(line: Line) -> None:
    said = line(None)
    assert (said.code, said.out) == (NOTHING, "\n")
    assert said.err.startswith("tapewatch: no data yet in ")
    assert said.err.count("\n") == 1


def test_with_bars_and_no_snapshot_it_says_how_many_and_what_shows_them(line: Line, tmp_path: Path) -> None:
    (tmp_path / "RUT.csv").write_text("date,open,high,low,close\n2026-01-15,1,1,1,1\n2026-01-16,1,1,1,1\n")
    paths = default_paths(tmp_path / "store", tmp_path / "none.toml")
    assert import_paths(paths, [tmp_path], INSTRUMENTS, lambda _: None, wall()) == 0
    said = line(None)
    assert (said.code, said.out) == (NOTHING, "\n")
    shows = "2 bars are stored: tapewatch snapshot shows them"
    assert said.err == f"tapewatch: no snapshot yet in {paths.store}; {shows}\n"
    assert line(None, "--symbols", "RUT").code == NOTHING


def test_a_symbol_nobody_watches_is_wrong_usage_before_there_is_a_snapshot_too(line: Line) -> None:
    said = line(None, "--symbols", "NOPE")
    assert (said.code, said.out) == (USAGE, "")
    assert "'NOPE' is not on the board" in said.err


def test_what_is_not_on_the_board_is_wrong_usage_with_the_nearest(line: Line) -> None:
    said = line(builders.overview(), "--symbols", "RUTT")
    assert (said.code, said.out) == (USAGE, "")
    assert "nearest: RUT" in said.err
    assert line(builders.overview(), "--format", "{RUT.__class__}").code == USAGE
    assert line(builders.overview(), "--width", "0").code == USAGE


def test_tmux_gets_colours_only_when_asked_and_a_name_cannot_make_its_own(line: Line) -> None:
    named = with_row(builders.overview(), "^RUT", short="#[bg=red]")
    assert "#[fg=" not in line(named).out
    said = line(named, "--tmux")
    assert "##[bg=red] 2,452.17 #[fg=red]−0.60%#[default]" in said.out
    assert "#[fg=green]+0.53%#[default]" in said.out


def test_a_name_that_acts_does_nothing(line: Line) -> None:
    named = with_row(builders.overview(), "^RUT", short="R\x1b]0;x\x07\nT")
    said = line(named, "--format", "{RUT}\x1b[2J")
    assert said.out.rstrip("\n").isprintable()
    assert said.out.count("\n") == 1


def test_nothing_is_written_and_nothing_heavy_is_loaded(tmp_path: Path) -> None:
    paths = default_paths(tmp_path / "store")
    paths.store.mkdir()
    channel.publish(paths, builders.overview())
    asked = (
        "import sys; from tapewatch.cli import run; "
        f"run(['line', '--store', {str(paths.store)!r}]); print(*sys.modules)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True, cwd="/",
        env={**os.environ, "PYTHONPATH": str(ROOT / ".editable"), "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    first, _, modules = ran.stdout.partition("\n")
    assert first.startswith("RUT 2,452.17")
    loaded = {name.partition(".")[0] for name in modules.split()}
    heavy = {"pandas", "numpy", "sqlite3", "textual", "rich", "exchange_calendars", "tomllib", "asyncio"}
    assert loaded & heavy == set()
    assert [path.name for path in paths.store.iterdir()] == ["snapshot.json"]


def test_a_terminal_without_the_signs_gets_plain_ones(tmp_path: Path) -> None:
    paths = default_paths(tmp_path / "store")
    paths.store.mkdir()
    channel.publish(paths, builders.overview())
    ran = subprocess.run(
        [sys.executable, "-m", "tapewatch", "line", "--store", str(paths.store)],
        capture_output=True, check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / ".editable"), "PYTHONIOENCODING": "latin-1"},
    )  # fmt: skip
    assert ran.stdout == b"RUT 2,452.17 -0.60% . SPX 6,664.01 +0.53% . 3 flags . CLOSED 16:15 ET\n"
