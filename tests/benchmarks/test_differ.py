"""The ideal differ: what it would send brings the terminal to the next screen, and costs what a hand would count."""

import random

import pyte
import pytest
from benchmarks.differ import Cells, Look, Pen, changed, move, output, picture_of, price, recolour, runs

LETTERS = "abc ─━○日"
STYLES = ("", "\x1b[1m", "\x1b[31m", "\x1b[38;5;196m", "\x1b[48;2;1;2;3m", "\x1b[7;92m", "\x1b[3;4;9m")


def screen(*sent: str, size: tuple[int, int] = (20, 4)) -> pyte.Screen:
    """A terminal after it was given all this."""
    made = pyte.Screen(*size)
    stream = pyte.Stream(made)
    for one in sent:
        stream.feed(one)
    return made


def shown(*sent: str) -> Cells:
    return picture_of(screen(*sent))


def at(row: int, column: int, text: str) -> str:
    return f"\x1b[{row + 1};{column + 1}H{text}"


def test_nothing_changed_costs_nothing() -> None:
    assert price(shown("RUT 2,444.70"), shown("RUT 2,444.70"), Pen()) == 0


def test_one_digit_is_placed_and_written() -> None:
    """`CSI 2;5 H`, a reset because nothing is known of the colours yet, and the digit: 6 + 3 + 1 bytes."""
    before, after = shown(at(1, 0, "RUT 1")), shown(at(1, 0, "RUT 2"))
    pen = Pen()
    assert output(before, after, pen) == "\x1b[2;5H\x1b[m2"
    assert (pen.row, pen.column, pen.look) == (1, 5, Look())


def test_the_next_screen_goes_on_where_the_last_left_the_cursor() -> None:
    first, second, third = (shown(at(1, 0, f"RUT {one}")) for one in ("10", "20", "21"))
    pen = Pen()
    price(first, second, pen)
    assert output(second, third, pen) == "1"


def test_a_short_gap_is_sent_again_and_a_long_one_jumped_over() -> None:
    near = [*runs(shown("1,234"), shown("2,235"), Look())]
    assert ["".join(glyph.text for glyph in run.glyphs) for run in near] == ["2,235"]
    far = [*runs(shown("1 ........ 1"), shown("2 ........ 2"), Look())]
    assert [(run.column, len(run.glyphs)) for run in far] == [(0, 1), (11, 1)]


def test_a_gap_in_another_colour_is_dearer() -> None:
    before, after = (shown(f"{one}\x1b[31mab\x1b[m{one}") for one in "12")
    assert [(run.column, len(run.glyphs)) for run in runs(before, after, Look())] == [(0, 1), (3, 1)]


@pytest.mark.parametrize(
    ("start", "to", "way"),
    [
        ((None, None), (0, 0), "\x1b[H"),
        ((None, None), (4, 0), "\x1b[5H"),
        ((None, None), (0, 6), "\x1b[;7H"),
        ((3, 7), (3, 7), ""),
        ((3, 7), (3, 0), "\r"),
        ((3, 7), (3, 6), "\b"),
        ((3, 7), (3, 8), "\x1b[C"),
        ((3, 70), (3, 10), "\x1b[11G"),
        ((3, 7), (4, 7), "\x1b[B"),
        ((4, 7), (3, 0), "\x1b[A\r"),
        ((3, None), (3, 9), "\x1b[10G"),
    ],
)
def test_the_cursor_takes_its_cheapest_way(start: tuple[int | None, int | None], to: tuple[int, int], way: str) -> None:
    assert len(move(start, to)) <= len(way)
    if start[0] is None or start[1] is None:
        assert move(start, to) == way


@pytest.mark.parametrize(
    ("before", "after", "codes"),
    [
        (Look("red"), Look("red"), ""),
        (Look("red"), Look(), "\x1b[m"),
        (Look(), Look("red"), "\x1b[31m"),
        (Look(), Look("brightred"), "\x1b[91m"),
        (Look("red", "blue"), Look("green", "blue"), "\x1b[32m"),
        (Look(), Look("ff0000"), "\x1b[38;5;196m"),
        (Look(), Look("010203"), "\x1b[38;2;1;2;3m"),
        (Look("red", on=frozenset({"bold"})), Look("red"), "\x1b[22m"),
        (None, Look(), "\x1b[m"),
        (None, Look("red"), "\x1b[0;31m"),
    ],
)
def test_colours_change_by_the_fewest_codes(before: Look | None, after: Look, codes: str) -> None:
    assert recolour(before, after) == codes


@pytest.mark.parametrize("seed", range(40))
def test_what_it_would_send_makes_the_next_screen(seed: int) -> None:
    """Screens drawn at random, with colours and wide characters: a terminal given the output shows the next one."""
    chance, pen = random.Random(seed), Pen()
    terminal = screen("\x1b[2J")
    stream, sent = pyte.Stream(terminal), ["\x1b[2J"]
    for _ in range(6):
        sent.append(drawn(chance))
        before, after = picture_of(terminal), shown(*sent)
        cost = output(before, after, pen)
        stream.feed(cost)
        assert changed(picture_of(terminal), after) == set()


def drawn(chance: random.Random) -> str:
    """A few words somewhere, none of which hits half of a wide character that stays."""
    words: list[str] = []
    for _ in range(chance.randint(1, 5)):
        text = "".join(chance.choice(LETTERS) for _ in range(chance.randint(1, 6)))
        words.append(f"\x1b[{chance.randint(1, 4)};1H\x1b[m\x1b[2K")
        words.append(f"\x1b[{chance.randint(1, 9)}C{chance.choice(STYLES)}{text}\x1b[m")
    return "".join(words)
