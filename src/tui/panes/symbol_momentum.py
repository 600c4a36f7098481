"""Momentum of one instrument: oscillators, averages with their slopes and crossings, true range, volatility."""

from datetime import date

from ...core.model.measures import Momentum
from ...core.model.snapshot import Row, Snapshot
from ..format import NO_DATA, change, number, price, session_date, signed, weekday_date
from ..look import Look, history_wanting
from ..text import Line, Piece, clean, line
from ..widgets.board import Page
from ..widgets.table import Cell, Column, TableRow
from ._symbol import Block, figure, ink, lines_of, said, said_lines, section, shown, single

NAME = "symbol_momentum"
TITLE = "momentum"

COLUMNS = (
    Column("what", "", 10, 1, align="left", gap=0),
    Column("value", "VALUE", 10, 1, after=4),
    Column("slope", "SLOPE %", 8, 2, after=3),
    Column("crossed", "CROSSED", 14, 3, align="left", gap=2),
)


def rows(row: Row, found: Momentum, snapshot: Snapshot, decimals: int | None = None) -> tuple[TableRow, ...]:
    """A row a measure."""
    style = ink(row, snapshot, "muted" if found.provisional else "text")
    last = row.quote.last if row.quote else None

    def made(key: str, words: str, text: str, slope: float | None = None, crossed: str = "") -> TableRow:
        cells = {"what": Cell(words, "muted"), "value": figure(text, style), "crossed": Cell(crossed, style)}
        if key in ("sma50", "sma200"):
            cells["slope"] = figure(signed(slope), style)
        return single(key, cells)

    def crossing(which: str | None, day: date | None) -> str:
        return f"{clean(which)} {session_date(day, snapshot.session)}" if which and day else NO_DATA

    return (
        made("rsi14", "RSI 14", number(found.rsi14, 1)),
        made("macd", "MACD", change(found.macd, last)),
        made("macd_signal", "signal", change(found.macd_signal, last)),
        made("macd_histogram", "histogram", change(found.macd_histogram, last),
             crossed=crossing(found.macd_cross, found.macd_crossed)),
        made("sma50", "SMA 50", price(found.sma50, decimals), found.sma50_slope_percent),
        made("sma200", "SMA 200", price(found.sma200, decimals), found.sma200_slope_percent,
             crossed=crossing(found.sma_cross, found.sma_crossed)),
        made("atr14", "ATR 14", price(found.atr14)),
        made("volatility20", "vol 20 s", number(found.volatility20, 1)),
        made("volatility252", "vol 252 s", number(found.volatility252, 1)),
    )  # fmt: skip


def reason(row: Row, snapshot: Snapshot) -> str:
    """Why there is none; empty where there is some."""
    if row.momentum is not None:
        return ""
    return history_wanting(snapshot) or row.note or "The history is too short for it."


def need(snapshot: Snapshot, look: Look, cells: int) -> int:
    """Nine rows, heading and title."""
    row = shown(snapshot, look)
    if row is None or row.momentum is None:
        return said_lines(reason(row, snapshot) if row else "", cells)
    return lines_of((Block(COLUMNS, rows(row, row.momentum, snapshot)),))


def page(snapshot: Snapshot, look: Look, cells: int, lines: int) -> Page:
    """The section."""
    del lines
    row = shown(snapshot, look)
    if row is None or row.momentum is None:
        return said(TITLE, reason(row, snapshot) if row else "", cells)
    made = (Block(COLUMNS, rows(row, row.momentum, snapshot, look.decimals.of(row))),)
    return section(NAME, TITLE, made, look, cells, _clauses(row.momentum))


def _clauses(found: Momentum) -> tuple[Line, ...]:
    words = f"as of {weekday_date(found.as_of)}"
    running = " with the running session" if found.provisional else ""
    return (
        line(Piece(words + running, "text")) if running else (),
        line(Piece(words + ("" if not running else ", live"), "text")) if not running else (),
    )
