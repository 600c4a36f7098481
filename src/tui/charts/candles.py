"""Candles and bars in cells of half a row: a wick is thin, the body of a rise hollow, that of a fall filled."""

from collections.abc import Sequence

from msgspec import Struct

from .canvas import Canvas
from .scale import Scale

HALVES = 2
_RISE = {
    "..": " ", "w.": "╵", ".w": "╷", "ww": "│", "b.": "╨", ".b": "╥", "bb": "║", "wb": "╥", "bw": "╨",
}  # fmt: skip
_FALL = {
    "..": " ", "w.": "╵", ".w": "╷", "ww": "│", "b.": "╹", ".b": "╻", "bb": "┃", "wb": "╽", "bw": "╿",
}  # fmt: skip
_PLAIN = {True: {"w": "|", "b": "o"}, False: {"w": "|", "b": "#"}}
RANK, BAR_RANK = 6, 1
"""Over averages; bars beneath lie under their lines."""


class Candle(Struct, frozen=True):
    """Open, high, low and close of one or several sessions."""

    open: float
    high: float
    low: float
    close: float

    @property
    def rises(self) -> bool:
        """Whether it closed no lower than it opened."""
        return self.close >= self.open


def together(candles: Sequence[Candle], most: int) -> tuple[list[Candle], int]:
    """At most so many candles, and of how many each is made; the newest is made of what is left over."""
    size = max(1, -(-len(candles) // max(1, most)))
    return [_sum(candles[at : at + size]) for at in range(0, len(candles), size)], size


def _sum(some: Sequence[Candle]) -> Candle:
    return Candle(some[0].open, max(one.high for one in some), min(one.low for one in some), some[-1].close)


def draw_candle(canvas: Canvas, column: int, candle: Candle, scale: Scale) -> None:
    """One candle in a column of cells."""
    style = "bull" if candle.rises else "bear"
    if canvas.ascii_only:
        _plain_candle(canvas, column, candle, scale)
        return
    halves = canvas.rows * HALVES
    top, bottom = scale.row(candle.high, halves), scale.row(candle.low, halves)
    body = sorted((scale.row(candle.open, halves), scale.row(candle.close, halves)))
    kinds = ["b" if body[0] <= at <= body[1] else "w" if top <= at <= bottom else "." for at in range(halves)]
    for row in range(canvas.rows):
        sign = (_RISE if candle.rises else _FALL)["".join(kinds[row * HALVES : row * HALVES + HALVES])]
        if sign != " ":
            canvas.put(column, row, sign, style, RANK)


def _plain_candle(canvas: Canvas, column: int, candle: Candle, scale: Scale) -> None:
    body = sorted((scale.row(candle.open, canvas.rows), scale.row(candle.close, canvas.rows)))
    for row in range(scale.row(candle.high, canvas.rows), scale.row(candle.low, canvas.rows) + 1):
        kind = "b" if body[0] <= row <= body[1] else "w"
        canvas.put(column, row, _PLAIN[candle.rises][kind], "bull" if candle.rises else "bear", RANK)


def draw_bar(canvas: Canvas, column: int, value: float, scale: Scale, style: str) -> None:
    """A bar from zero to a value, half a row fine; a value of its own is never without a bar."""
    zero = min(max(0.0, scale.low), scale.high)
    if canvas.ascii_only:
        rows = sorted((scale.row(zero, canvas.rows), scale.row(value, canvas.rows)))
        for row in range(rows[0], rows[1] + 1):
            canvas.put(column, row, "#", style, BAR_RANK)
        return
    halves = canvas.rows * HALVES
    ends = sorted((scale.row(zero, halves), scale.row(value, halves)))
    for row in range(canvas.rows):
        sides = [ends[0] <= row * HALVES + half <= ends[1] for half in range(HALVES)]
        sign = {(True, True): "█", (True, False): "▀", (False, True): "▄"}.get((sides[0], sides[1]))
        if sign:
            canvas.put(column, row, sign, style, BAR_RANK)
