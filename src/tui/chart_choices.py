"""What a reader chooses of a chart, and the steps from one choice to the next."""

from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from ..core.model.chart import FRAMES, KINDS, MOST_SYMBOLS, Chart, Wish
from ..core.model.snapshot import Row, Snapshot

CLOSES = FRAMES[1:]
"""The frames of everything that is made of daily closes."""


class ChartChoice(Struct, frozen=True):
    """Kind and frame, log scale, candles, what a ratio is taken against, the date performance is counted from.

    `cross` is the point under the crosshair, as its date or time is written; None while there is none.
    """

    kind: str = "price"
    frame: str = "1y"
    log: bool = False
    candles: bool = False
    against: str | None = None
    since: date | None = None
    cross: str | None = None


def frames_of(kind: str) -> tuple[str, ...]:
    """The frames of a kind, from the shortest."""
    return FRAMES if kind == "price" else CLOSES


def turn_frame(now: ChartChoice, steps: int, *, around: bool) -> ChartChoice:
    """A longer frame or a shorter one; `around`: after the longest the shortest."""
    frames = frames_of(now.kind)
    at = (frames.index(now.frame) if now.frame in frames else 0) + steps
    at = at % len(frames) if around else min(len(frames) - 1, max(0, at))
    return replace(now, frame=frames[at], since=None, cross=None)


def turn_kind(now: ChartChoice) -> ChartChoice:
    """Price, ratio, relative performance, drawdown, and price again."""
    kind = KINDS[(KINDS.index(now.kind) + 1) % len(KINDS)]
    frame = now.frame if now.frame in frames_of(kind) else CLOSES[0]
    return replace(now, kind=kind, frame=frame, since=None, cross=None)


def next_against(now: ChartChoice, symbol: str | None, snapshot: Snapshot) -> ChartChoice:
    """The ratio to the next instrument of the board; from another kind first the ratio as it was."""
    others = [row.symbol for row in snapshot.instruments if _has_percent(row) and row.symbol != symbol]
    if not others:
        return now
    turned = now if now.kind == "ratio" else replace(now, kind="ratio", frame=_of_closes(now.frame), since=None)
    current = against_of(now, symbol, snapshot)
    moved = others[(others.index(current) + 1) % len(others)] if current in others else others[0]
    return replace(turned, against=moved if now.kind == "ratio" else current, cross=None)


def _of_closes(frame: str) -> str:
    return frame if frame in CLOSES else CLOSES[0]


def against_of(now: ChartChoice, symbol: str | None, snapshot: Snapshot) -> str | None:
    """What the ratio is taken against: as chosen, or else the first of the board that is not the symbol itself."""
    symbols = [row.symbol for row in snapshot.instruments if _has_percent(row) and row.symbol != symbol]
    return now.against if now.against in symbols else next(iter(symbols), None)


def _has_percent(row: Row) -> bool:
    return row.kind != "yield" and row.quote is not None


def wish_of(now: ChartChoice, symbol: str, snapshot: Snapshot) -> Wish:
    """What to ask the feed for: the selected symbol first, with its group where performance is compared."""
    symbols: tuple[str, ...] = (symbol,)
    if now.kind == "ratio":
        against = against_of(now, symbol, snapshot)
        symbols = (symbol, against) if against is not None else (symbol,)
    elif now.kind == "relative":
        symbols = (symbol, *_peers(symbol, snapshot))[:MOST_SYMBOLS]
    since = now.since if now.kind == "relative" else None
    return Wish(kind=now.kind, symbols=symbols, frame=now.frame, since=since)


def _peers(symbol: str, snapshot: Snapshot) -> tuple[str, ...]:
    """The others of its group that have prices; of one that is alone in it the first group."""
    own = snapshot.row(symbol)
    groups = (own.group if own else "", next((row.group for row in snapshot.instruments), ""))
    for group in groups:
        rows = [row for row in snapshot.instruments if row.group == group and _has_percent(row)]
        found = tuple(row.symbol for row in rows if row.symbol != symbol)
        if found:
            return found
    return ()


# -- the crosshair ----------------------------------------------------------------------------------------


def key_of(chart: Chart, at: int) -> str:
    """The name of a point that stays its own when others come after it."""
    return (chart.times[at] if chart.times else chart.points[at]).isoformat()


def place_of(chart: Chart, key: str | None) -> int | None:
    """Where the point of that name stands; where it is gone, the next one after it or the last."""
    if key is None or not chart.size:
        return None
    keys = [one.isoformat() for one in (chart.times or chart.points)]
    if key in keys:
        return keys.index(key)
    return next((at for at, one in enumerate(keys) if one > key), len(keys) - 1)


def move_cross(now: ChartChoice, chart: Chart, steps: int) -> ChartChoice:
    """The crosshair so many points on; the first step puts it on the newest point."""
    here = place_of(chart, now.cross)
    if here is None:
        return put_cross(now, chart, chart.size - 1)
    return put_cross(now, chart, here + steps)


def put_cross(now: ChartChoice, chart: Chart, at: int) -> ChartChoice:
    """The crosshair on a point, within the chart."""
    return replace(now, cross=key_of(chart, min(chart.size - 1, max(0, at)))) if chart.size else now


def since_cross(now: ChartChoice, chart: Chart) -> ChartChoice | None:
    """Relative performance from the session under the crosshair; None without one, or in a running session."""
    at = place_of(chart, now.cross)
    if at is None or chart.times:
        return None
    return replace(now, kind="relative", since=chart.points[at], frame=_of_closes(now.frame), cross=None)
