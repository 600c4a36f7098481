"""Only the cells that changed are sent, and the terminal shows what it would show had everything been sent."""

import asyncio
import re
from collections.abc import Callable
from pathlib import Path

import pyte
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tapewatch.core.model.config import ScreenSettings
from tapewatch.tui import sender as sending
from tapewatch.tui.pens import moved, taken_up, turned
from tapewatch.tui.sender import Sender, check
from tapewatch.tui.wire import Wire
from tests.tui.twin import Emulator, Session, seen

COLUMNS, ROWS = 12, 5
WIDE = [*"日本한😀"]
WRITTEN = "abz 0│━▲⣀é日本한😀"
NUMBERS = [
    "0",
    "1",
    "2",
    "4",
    "7",
    "1;31",
    "38;2;1;2;3",
    "38;5;9",
    "92",
    "48;2;9;9;9",
    "48;5;17",
    "41",
    "100",
    "22",
    "39;49",
]

pens = st.lists(st.sampled_from(NUMBERS), max_size=4).map(";".join)
moves = st.tuples(st.integers(1, ROWS), st.integers(1, COLUMNS)).map(lambda at: f"\x1b[{at[0]};{at[1]}H")
texts = st.text(WRITTEN, min_size=1, max_size=COLUMNS)


def piece(parts: tuple[str, str, str]) -> str:
    """As Textual writes: to a place, a pen, a text, the pen put down. No text goes on beyond the last column."""
    move, pen, text = parts
    column = int(move.rpartition(";")[2][:-1])
    room, kept = COLUMNS - column + 1, ""
    for one in text:
        room -= 2 if one in WIDE else 1
        if room < 0:
            break
        kept += one
    return f"{move}\x1b[{pen}m{kept}\x1b[0m"


frames = st.lists(st.lists(st.tuples(moves, pens, texts).map(piece), max_size=4).map("".join), min_size=1, max_size=8)


def looks(emulator: Emulator) -> list[tuple[object, ...]]:
    return [*emulator.cells()]


@settings(max_examples=60, deadline=None)
@given(frames)
def test_whatever_is_written_both_terminals_look_alike(written: list[str]) -> None:
    plain, differed, wire = Emulator(COLUMNS, ROWS), Emulator(COLUMNS, ROWS), Wire(COLUMNS, ROWS)
    for one in written:
        plain.feed(one)
        assert wire.take(one) == ""
        differed.feed(wire.frame())
        assert same(plain, differed)
        assert wire.frame() == ""
    assert wire.lost is None


def same(plain: Emulator, differed: Emulator) -> bool:
    """Cell by cell; the emulator keeps halves of wide signs that were written upon, terminals make them blank."""
    wanted, shown = looks(plain), looks(differed)
    return all(
        one == other or (_is_half(wanted, at) and other[0] == " ")
        for at, (one, other) in enumerate(zip(wanted, shown, strict=True))
    )


def _is_half(cells: list[tuple[object, ...]], at: int) -> bool:
    here, x = cells[at][0], at % COLUMNS
    if here == "":
        return x == 0 or cells[at - 1][0] not in WIDE
    return here in WIDE and (x == COLUMNS - 1 or cells[at + 1][0] != "")


@settings(max_examples=40, deadline=None)
@given(frames, st.integers(0, 7))
def test_frames_that_are_skipped_are_not_missed(written: list[str], taken: int) -> None:
    plain, differed, wire = Emulator(COLUMNS, ROWS), Emulator(COLUMNS, ROWS), Wire(COLUMNS, ROWS)
    for number, one in enumerate(written):
        plain.feed(one)
        wire.take(one)
        if number >= taken:
            differed.feed(wire.frame())
    differed.feed(wire.frame())
    assert same(plain, differed)


@settings(deadline=None)
@given(pens, pens)
def test_the_shortest_turn_of_a_pen_ends_where_the_long_one_does(before: str, after: str) -> None:
    one, other = taken_up("", before), taken_up("", after)
    short, long = pyte.Screen(2, 1), pyte.Screen(2, 1)
    pyte.Stream(short).feed(f"\x1b[{one}m{turned(one, other)}x")
    pyte.Stream(long).feed(f"\x1b[0;{other}mx")
    assert short.buffer[0][0] == long.buffer[0][0]
    assert len(turned(one, other)) <= len(f"\x1b[0;{other}m")


@settings(deadline=None)
@given(st.integers(0, 40), st.integers(0, 20), st.integers(0, 40), st.integers(0, 20), st.booleans())
def test_the_shortest_move_ends_where_the_long_one_does(x: int, y: int, to_x: int, to_y: int, known: bool) -> None:
    screen = pyte.Screen(41, 21)
    screen.cursor.x, screen.cursor.y = x, y
    sent = moved(x if known else None, y, to_x, to_y)
    pyte.Stream(screen).feed(sent)
    assert (screen.cursor.x, screen.cursor.y) == (to_x, to_y)
    assert len(sent) <= len(f"\x1b[{to_y + 1};{to_x + 1}H")


def test_a_changed_price_costs_its_digits_and_a_move() -> None:
    wire = Wire(120, 40)
    wire.take("\x1b[5;27H\x1b[38;2;230;237;243;48;2;13;17;23m6,664.01\x1b[0m")
    wire.frame()
    wire.take("\x1b[5;27H\x1b[38;2;230;237;243;48;2;13;17;23m6,664.37\x1b[0m\x1b[1;1H")
    assert wire.frame().endswith("m37")
    wire.take("\x1b[5;27H\x1b[38;2;230;237;243;48;2;13;17;23m6,664.41\x1b[0m\x1b[1;1H")
    assert wire.frame() == "\b\b41"


def test_the_same_again_costs_nothing() -> None:
    wire = Wire(20, 3)
    written = "\x1b[1;1H\x1b[31mhello\x1b[0m\n\x1b[2;1H日本\x1b[1;1H"
    wire.take(written)
    assert wire.frame() != ""
    wire.take(written)
    assert wire.frame() == ""


def test_after_it_was_forgotten_everything_is_sent_again() -> None:
    wire = Wire(20, 3)
    wire.take("\x1b[1;1Hhello")
    first = wire.frame()
    wire.forget()
    assert wire.frame() == first


@pytest.mark.parametrize(
    "sent",
    ["\a", "\x1b]52;c;aGVsbG8=\a", "\x1b]9;words\x1b\\", "\x1b[?1000h", "\x1b[?2048$p", "\x1b[>25u", "\x1b[<u",
     "\x1b[6n", "\x1b[2 q", "\x1b[?1049h", "\x1b]0;title\a"],
)  # fmt: skip
def test_what_is_no_picture_is_sent_as_it_is_and_in_order(sent: str) -> None:
    wire = Wire(20, 3)
    assert wire.take(f"\x1b[1;1Hab{sent}\x1b[2;1Hcd") == sent
    assert wire.lost is None
    assert re.sub(r"\x1b\[[\d;]*[HmG]", "", wire.frame()).split() == ["ab", "cd"]


def test_a_mark_with_nothing_to_stand_on_takes_no_cell() -> None:
    wire = Wire(8, 1)
    wire.take("\x1b[1;1Ha\x1b[31m\u0301bc\x1b[0md")
    assert [text for text, _ in wire.picture()[0]] == [*"abcd    "]


def test_a_link_is_shown_as_its_words() -> None:
    wire = Wire(20, 3)
    assert wire.take("\x1b]8;id=1;https://evil.example\x1b\\words\x1b]8;;\x1b\\") == ""
    assert "words" in wire.frame()


@pytest.mark.parametrize(
    "sent", ["\x1b[2J", "\x1b[K", "\x1b[3S", "\x1b[2;8r", "\x1b7", "\x1bM", "\t", "\x1b[38;9mx", "\x1bc"]
)
def test_what_would_move_cells_in_ways_not_counted_is_not_guessed_at(sent: str) -> None:
    wire = Wire(20, 3)
    wire.take(f"\x1b[1;1Hab{sent}cd")
    assert wire.lost is not None


def test_marks_that_make_a_frame_appear_at_once_are_worth_it_for_large_ones_alone() -> None:
    wire = Wire(80, 24)
    wire.take("\x1b[?2026h" + "\x1b[1;1H" + "x" * 80 + "\x1b[?2026l")
    whole = wire.frame()
    assert whole.startswith("\x1b[?2026h")
    assert whole.endswith("\x1b[?2026l")
    wire.take("\x1b[?2026h\x1b[1;1Hy\x1b[?2026l")
    assert wire.frame() == "\ry"


# -- who sends --------------------------------------------------------------------------------------------


class Line:
    """A terminal that takes what it is given, or does not."""

    def __init__(self, output: str = "cells") -> None:
        self.sent: list[str] = []
        self.idle, self.lost = True, ""
        self.sender = Sender(output, self._gone)
        self.sender.connect((20, 3), self.sent.append, lambda: self.idle)

    def _gone(self, reason: str) -> None:
        self.lost = reason


def test_a_terminal_that_takes_nothing_is_sent_nothing_and_then_the_latest() -> None:
    line = Line()
    line.sender.write("\x1b[1;1H1")
    line.sender.paint()
    line.idle, line.sent[:] = False, []
    for price in "23456789":
        line.sender.write(f"\x1b[1;1H{price}")
        line.sender.paint()
    assert line.sent == []
    assert line.sender.owed
    line.idle = True
    line.sender.paint()
    assert line.sent == ["\r9"]
    assert not line.sender.owed


def test_what_is_not_understood_is_sent_as_it_is_and_so_is_all_that_follows() -> None:
    line = Line()
    line.sender.write("\x1b[1;1Hab")
    line.sender.paint()
    line.sent.clear()
    line.sender.write("\x1b[2Jcd")
    line.sender.write("\x1b[1;1Hab")
    line.sender.paint()
    assert line.sent == ["\x1b[2Jcd", "\x1b[1;1Hab"]
    assert line.lost == "something unknown was written: '\\x1b[2J'"
    assert not line.sender.cells


def test_who_wants_everything_is_sent_everything() -> None:
    line = Line("stock")
    for _ in range(2):
        line.sender.write("\x1b[1;1Hab")
        line.sender.paint()
    assert line.sent == ["\x1b[1;1Hab"] * 2
    assert line.sender.refused is None


def test_doctor_says_what_is_sent_and_why(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Line().sender.told() == ("ok", "the terminal is sent the cells that changed", None)
    assert Line("stock").sender.told()[:2] == (
        "ok",
        'the terminal is sent everything painted, as output = "stock" asks',
    )
    monkeypatch.setattr(sending, "check", lambda: "a newer library")
    state, finding, remedy = Line().sender.told()
    assert (state, finding) == ("warn", "the terminal is sent everything painted: a newer library")
    assert remedy


def test_the_check_at_the_start_passes_here() -> None:
    assert check() is None


def constantly(answer: object) -> Callable[..., object]:
    """A function that is no longer what it was."""

    def broken(*_: object) -> object:
        return answer

    return broken


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("turned", constantly("\x1b[35m")),
        ("moved", constantly("\x1b[2;2H")),
        ("_alike", constantly(True)),
        ("taken_up", constantly("1;31")),
        ("cell_len", len),
    ],
)
def test_a_wire_that_sends_another_picture_is_not_used(
    monkeypatch: pytest.MonkeyPatch, name: str, broken: object
) -> None:
    """One part after another is broken, as a newer library might break it."""
    monkeypatch.setattr(f"tapewatch.tui.wire.{name}", broken)
    line = Line()
    assert line.sender.refused
    line.sender.write("\x1b[1;1Hab")
    assert line.sent == ["\x1b[1;1Hab"]


def test_a_check_that_fails_itself_is_a_reason_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object) -> Wire:
        raise AttributeError("no such thing any more")

    monkeypatch.setattr(sending, "Wire", none)
    assert Line().sender.refused == "AttributeError: no such thing any more"


# -- the monitor ------------------------------------------------------------------------------------------

LOOKS = (
    ("truecolor", ScreenSettings(glyphs="unicode", theme="graphite")),
    ("256", ScreenSettings(glyphs="unicode", theme="ledger")),
    ("standard", ScreenSettings(glyphs="ascii", theme="ansi")),
)


@pytest.mark.parametrize(("colours", "look"), LOOKS, ids=[one for one, _ in LOOKS])
async def test_a_session_leaves_no_differing_cell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, colours: str, look: ScreenSettings
) -> None:
    """Keys, prices, sizes, modal screens, a line that is behind; after each step both terminals are compared."""
    monkeypatch.setattr("textual.constants.COLOR_SYSTEM", colours)
    counts = await Session(tmp_path, 12, look).run(40)
    assert counts.differing == []
    assert counts.cells > 50_000
    assert min(counts.resizes, counts.modals, counts.snapshots, counts.pauses) > 0
    assert counts.differed_bytes < counts.plain_bytes / 2


@pytest.mark.long
@pytest.mark.parametrize("seed", range(6))
async def test_long_sessions_leave_no_differing_cell(tmp_path: Path, seed: int) -> None:
    counts = await Session(tmp_path, seed).run(500)
    assert counts.differing == []


async def test_without_the_wire_the_monitor_runs_as_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fall-back: the check fails, everything painted is sent, nothing else changes."""
    monkeypatch.setattr(sending, "check", lambda: "a newer library")
    session = Session(tmp_path, 5)
    running = asyncio.create_task(session.monitor.run_async(size=(120, 40), mouse=False))
    await session.settled()
    assert session.monitor.sender.refused == "a newer library"
    for key in ("j", "2", "ctrl+p", "escape"):
        await session.press(key)
        await session.settled()
    plain, sent = session.twin.plain, session.twin.differed
    assert plain.bytes == sent.bytes > 10_000
    assert looks(plain) == looks(sent)
    assert any(cell[0] == "▸" for cell in looks(sent))
    session.monitor.exit(0)
    await running


def test_blanks_of_one_ground_are_one() -> None:
    screen = pyte.Screen(4, 1)
    pyte.Stream(screen).feed("\x1b[31m \x1b[32m \x1b[7m \x1b[0m ")
    cells = [seen(screen.buffer[0][x]) for x in range(4)]
    assert cells[0] == cells[1] == cells[3] != cells[2]
