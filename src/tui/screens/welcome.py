"""What stands on the screen when there is nothing to show: no prices yet, or no room."""

from ...core.model.snapshot import Snapshot
from ..format import price, sign_of
from ..look import Look, has_bars
from ..panes._common import arrow_of, day_change, tone_of
from ..text import Line, Piece, clean, line, pad, wrap
from .plan import LEAST

BAR = 48


def first_start(snapshot: Snapshot | None, look: Look, cells: int, lines: int) -> tuple[Line, ...]:
    """No prices yet: what is being fetched, how far that is, and two other ways."""
    del look
    said = [line(Piece("No prices yet.", "bright bold")), *_progress(snapshot, cells - 8)]
    ways = (
        line(Piece("Meanwhile: ", "muted"), Piece("tapewatch demo", "text"), Piece(" shows a sample market,", "muted")),
        line(Piece("tapewatch import", "text"), Piece(" takes daily bars from CSV files,", "muted")),
        line(Piece("tapewatch doctor", "text"), Piece(" says what stands in the way.", "muted")),
    )
    body = [(*pad(4), *one) for one in (*said, (), *ways)]
    top = max(0, min(3, lines - len(body)))
    return (*([()] * top), *body)


def _progress(snapshot: Snapshot | None, cells: int) -> tuple[Line, ...]:
    if snapshot is None:
        return (line("The feed is starting; this screen fills as soon as it has published."),)
    health = snapshot.health
    loaded, wanted = health.history_loaded
    if not wanted:
        said = f"{health.source} has not answered: {health.error}." if health.error else "The feed is starting."
        return tuple(line(text) for text in wrap(clean(said), cells))
    now = f", {clean(health.loading)}" if health.loading else ""
    filled = round(loaded / wanted * min(BAR, cells))
    bar = line(Piece("━" * filled, "accent"), Piece("·" * (min(BAR, cells) - filled), "range-prev"))
    cause = tuple(line(Piece(text, "fault")) for text in wrap(clean(health.error), cells)) if health.error else ()
    return (line(f"Fetching full history: {loaded} of {wanted}{now}"), bar, *cause)


def too_small(snapshot: Snapshot | None, columns: int, rows: int) -> tuple[Line, ...]:
    """The sentence for a window under the least size, and the first prices."""
    needed = f"tapewatch needs {LEAST[0]} × {LEAST[1]}; this window is {columns} × {rows}."
    mode = (
        (line(Piece(f" {clean(snapshot.mode).upper()} ", "chip-mode")),) if snapshot and snapshot.mode != "live" else ()
    )
    said = [line(Piece(text, "bright bold")) for text in wrap(needed, max(1, columns - 1))]
    kept = [*mode, *said, *_prices(snapshot)]
    return tuple(one for one in kept[:rows] if sum(len(piece.text) for piece in one) <= columns)


def _prices(snapshot: Snapshot | None) -> tuple[Line, ...]:
    if snapshot is None:
        return ()
    return tuple(
        _one(row.short, price(row.quote.last), *day_change(row.quote, row.kind))
        for row in snapshot.instruments
        if row.quote is not None and has_bars(row)
    )


def _one(short: str, last: str, change: str, value: float | None) -> Line:
    sign = sign_of(change)
    tone = "muted" if value is None else tone_of(sign)
    return line(Piece(f"{clean(short)} ", "bright bold"), f"{last} ", Piece(f"{arrow_of(sign)} {change}", tone))
