"""Values become cells: each is where its price puts it, in braille, in candles and in ASCII."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewatch.tui.charts.candles import Candle, draw_bar, draw_candle, together
from tapewatch.tui.charts.canvas import BRAILLE, DOTS, Canvas, Pen, columns
from tapewatch.tui.charts.plot import draw_curve
from tapewatch.tui.charts.scale import Scale, scale_of
from tapewatch.tui.text import plain, width

PEN = Pen("accent", 5, "*")
SERIES = st.lists(st.floats(1.0, 1e5), min_size=2, max_size=300)
SIZES = st.tuples(st.integers(4, 120), st.integers(2, 40))
Dots = set[tuple[int, int]]


def drawn(values: list[float | None], size: tuple[int, int], *, ascii_only: bool = False) -> Canvas:
    canvas = Canvas(*size, ascii_only=ascii_only)
    scale = scale_of(values)
    assert scale is not None
    draw_curve(canvas, values, scale, PEN)
    return canvas


def dots(canvas: Canvas) -> Dots:
    """Every dot that is painted, by column and row."""
    found: Dots = set()
    for row, line in enumerate(canvas.lines()):
        for cell, sign in enumerate(plain(line)):
            if canvas.ascii_only:
                found |= {(cell, row)} if sign == "*" else set()
                continue
            bits = ord(sign) - BRAILLE if sign != " " else 0
            marks = ((x, y, DOTS[x][y]) for x in (0, 1) for y in range(4))
            found |= {(2 * cell + x, 4 * row + y) for x, y, bit in marks if bits & bit}
    return found


@given(values=SERIES, size=SIZES, ascii_only=st.booleans())
def test_every_value_is_inside_its_cell(values: list[float], size: tuple[int, int], ascii_only: bool) -> None:
    canvas = drawn([*values], size, ascii_only=ascii_only)
    scale, painted = scale_of(values), dots(canvas)
    assert scale is not None
    for x, value in zip(columns(len(values), canvas.width), values, strict=True):
        assert (x, scale.row(value, canvas.height)) in painted


@given(values=SERIES, size=SIZES, ascii_only=st.booleans())
def test_the_extremes_are_on_the_first_and_the_last_row(
    values: list[float], size: tuple[int, int], ascii_only: bool
) -> None:
    canvas = drawn([*values], size, ascii_only=ascii_only)
    rows = {y for _, y in dots(canvas)}
    if max(values) > min(values):
        assert {0, canvas.height - 1} <= rows


@given(values=SERIES, size=SIZES)
def test_a_line_has_no_gap_however_steep(values: list[float], size: tuple[int, int]) -> None:
    painted = dots(drawn([*values], size))
    by_column = [sorted(y for x, y in painted if x == column) for column in range(2 * size[0])]
    assert all(by_column)
    for before, after in pairwise(by_column):
        assert min(abs(one - other) for one in before for other in after) <= 1


@given(values=SERIES, size=SIZES, ascii_only=st.booleans())
def test_a_canvas_is_exactly_its_size(values: list[float], size: tuple[int, int], ascii_only: bool) -> None:
    lines = drawn([*values], size, ascii_only=ascii_only).lines()
    assert [width(one) for one in lines] == [size[0]] * size[1]
    assert not ascii_only or all(plain(one).isascii() for one in lines)


def test_what_is_not_known_is_not_drawn() -> None:
    painted = dots(drawn([None, None, 1.0, 2.0, None, None], (10, 4)))
    assert {x for x, _ in painted} <= set(range(8, 13))


@given(count=st.integers(1, 2000), wide=st.integers(1, 400))
def test_points_go_from_the_left_end_to_the_right(count: int, wide: int) -> None:
    at = columns(count, wide)
    assert at == sorted(at)
    assert at[-1] == wide - 1
    assert count == 1 or at[0] == 0


def test_of_two_lines_in_a_cell_the_one_of_higher_rank_is_drawn() -> None:
    canvas = Canvas(1, 1)
    canvas.dot(0, 0, Pen("accent", 5))
    canvas.dot(1, 1, Pen("range-new", 2))
    assert canvas.lines()[0][0] == (chr(BRAILLE + 1), "accent")


CANDLES = st.lists(st.floats(1.0, 100.0), min_size=4, max_size=4).map(
    lambda four: Candle(four[0], max(four), min(four), four[1])
)


@given(candle=CANDLES, rows=st.integers(2, 40), ascii_only=st.booleans())
def test_a_candle_reaches_from_its_high_to_its_low(candle: Candle, rows: int, ascii_only: bool) -> None:
    canvas, scale = Canvas(1, rows, ascii_only=ascii_only), Scale(0.0, 101.0)
    draw_candle(canvas, 0, candle, scale)
    filled = [row for row, line in enumerate(canvas.lines()) if plain(line) != " "]
    steps = 1 if ascii_only else 2
    ends = [scale.row(one, rows * steps) // steps for one in (candle.high, candle.low)]
    assert filled == list(range(ends[0], ends[1] + 1))
    styles = {line[0].style for line in canvas.lines() if plain(line) != " "}
    assert styles == {"bull" if candle.close >= candle.open else "bear"}


def test_a_rise_and_a_fall_differ_without_colour() -> None:
    def signs(candle: Candle, *, ascii_only: bool) -> str:
        canvas = Canvas(1, 6, ascii_only=ascii_only)
        draw_candle(canvas, 0, candle, Scale(0.0, 12.0))
        return "".join(plain(line) for line in canvas.lines())

    for ascii_only in (False, True):
        rise, fall = Candle(2.0, 12.0, 0.0, 10.0), Candle(10.0, 12.0, 0.0, 2.0)
        assert signs(rise, ascii_only=ascii_only) != signs(fall, ascii_only=ascii_only)


@given(made=st.lists(CANDLES, min_size=1, max_size=80), most=st.integers(1, 90))
def test_candles_drawn_together_keep_open_close_and_extremes(made: list[Candle], most: int) -> None:
    found, size = together(made, most)
    assert len(found) <= most
    assert (found[0].open, found[-1].close) == (made[0].open, made[-1].close)
    assert max(one.high for one in found) == max(one.high for one in made)
    assert min(one.low for one in found) == min(one.low for one in made)
    assert size == 1 or len(made) > most


@pytest.mark.parametrize("value", [3.0, -2.0, 0.0])
def test_a_bar_stands_on_zero(value: float) -> None:
    canvas, scale = Canvas(1, 6), Scale(-3.0, 3.0)
    draw_bar(canvas, 0, value, scale, "bull")
    filled = [row for row, line in enumerate(canvas.lines()) if plain(line) != " "]
    ends = sorted(scale.row(one, 12) // 2 for one in (0.0, value))
    assert filled == list(range(ends[0], ends[1] + 1))
