"""What stands on the screen when there is nothing to show: no prices yet, or no room."""

from ...core.model.snapshot import Row, Snapshot
from ..chrome import Status, least_header
from ..format import NO_DATA, price, sign_of
from ..look import Look, has_bars, is_old
from ..message_line import Troubles, is_faulty, message
from ..panes._common import arrow_of, day_change, time_cell, tone_of
from ..text import Line, Piece, clean, clip, line, pad, wrap
from ..text import width as width_of
from .plan import least

BAR = 48


SOON = {"demo": "Making the sample market: a moment.", "replay": "Reading the stored bars."}
"""What is on its way where nothing has to be fetched."""


def first_start(snapshot: Snapshot | None, mode: str, cells: int, lines: int) -> tuple[Line, ...]:
    """No prices yet: what is being fetched, how far that is, and two other ways."""
    mode = snapshot.mode if snapshot is not None else mode
    if mode in SOON:
        return (*([()] * min(3, lines - 1)), (*pad(4), Piece(SOON[mode], "bright bold")))
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


def too_small(
    snapshot: Snapshot | None, look: Look, status: Status, troubles: Troubles, columns: int, rows: int
) -> tuple[Line, ...]:
    """A window under the least size: whose prices and of when, the sentence, first prices, what is wrong."""
    wide, high = least(look.choices)
    needed = f"tapewatch needs {wide} × {high}; this window is {columns} × {rows}."
    facts = least_header(snapshot, look, status, columns) if snapshot else ()
    said = [line(Piece(text, "bright bold")) for text in wrap(needed, max(1, columns - 1))]
    last = _wrong(snapshot, look, troubles, columns) if rows > len(facts) + len(said) else ()
    kept = [one for one in (*facts, *said, *_prices(snapshot, look)) if width_of(one) <= columns]
    return (*kept[: max(0, rows - len(last))], *last)


def _wrong(snapshot: Snapshot | None, look: Look, troubles: Troubles, columns: int) -> tuple[Line, ...]:
    if not is_faulty(snapshot, look, troubles):
        return ()
    return (clip(message(snapshot, look, troubles, columns), columns),)


def _prices(snapshot: Snapshot | None, look: Look) -> tuple[Line, ...]:
    if snapshot is None:
        return ()
    return tuple(_one(row, snapshot, look) for row in snapshot.instruments if has_bars(row))


def _one(row: Row, snapshot: Snapshot, look: Look) -> Line:
    if row.quote is None:
        return ()
    if row.official is not None:
        when = time_cell(row, snapshot, look).text
        return line(
            Piece(f"{clean(row.short)} ", "bright bold"),
            f"{price(row.official.last, look.decimals.of(row))} ",
            Piece(when, "text"),
        )
    last = price(row.quote.last, look.decimals.of(row))
    if is_old(row, snapshot):
        when = time_cell(row, snapshot, look).text
        return line(Piece(f"{clean(row.short)} {last} {NO_DATA} ", "stale"), Piece(when, "text"))
    change, value = day_change(row.quote, row.kind)
    sign = sign_of(change)
    tone = "muted" if value is None else tone_of(sign)
    return line(Piece(f"{clean(row.short)} ", "bright bold"), f"{last} ", Piece(f"{arrow_of(sign)} {change}", tone))
