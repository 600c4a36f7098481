"""Charts of one instrument against others: the ratio of two, and the performance of several from one date."""

from collections.abc import Sequence
from functools import reduce

import numpy as np

from .analytics import charted
from .analytics.charted import RatioColumns, Window, plain, spread_points
from .analytics.relative import AVERAGE, WINDOW, Pair, common
from .analytics.returns import position
from .bars import Bars, Days, as_date
from .charting_words import too_short
from .model.chart import STEPS, Beneath, Chart, Curve, Mark, Wish

HUNDRED = 100.0


def ratio_chart(wish: Wish, ours: Bars, theirs: Bars, names: Sequence[str]) -> Chart:
    """A over B on their common sessions, 100 at the first one drawn."""
    pair = common(ours, theirs)
    if len(pair) < 2:
        return Chart(wish=wish, problem=f"{names[0]} and {names[1]} share {_sessions(len(pair))}: a line needs two")
    columns, window = RatioColumns.of(pair), charted.window_of(pair.days, wish.frame)
    scale = HUNDRED / float(columns.ratio[window.ends[0]])
    low, high, last = (scale * float(one[-1]) for one in (columns.low, columns.high, columns.ratio))
    known = len(pair) >= WINDOW
    year = (Mark(name="high of its year", value=high), Mark(name="low of its year", value=low)) if known else ()
    step, begins = STEPS[window.step], pair.day(int(window.ends[0]))
    return Chart(
        wish=wish,
        points=charted.dates(pair.days[window.ends]),
        step=window.step,
        unit="index",
        curves=(
            Curve(name="ratio", numbers=plain(scale * columns.ratio[window.ends])),
            Curve(name=f"SMA {AVERAGE}", numbers=plain(scale * columns.average[window.ends])),
        ),
        beneath=(_spread(pair, window),),
        marks=(Mark(name="start", value=HUNDRED), *year),
        position_percent=position(last, low, high) if known else None,
        basis=f"{step} closes on common sessions, without dividends; {begins} = 100",
        notes=tuple(filter(None, (*_ratio_notes(pair), too_short(wish, pair.day(0), pair.day(-1), "the pair")))),
    )


def _sessions(count: int) -> str:
    return "one session" if count == 1 else "no session"


def _spread(pair: Pair, window: Window) -> Beneath:
    """Ours less theirs from point to point, in percentage points."""
    points = spread_points(pair.ours[window.ends], pair.theirs[window.ends])
    return Beneath(name="spread", bars=plain(points))


def _ratio_notes(pair: Pair) -> tuple[str, ...]:
    if len(pair) >= WINDOW:
        return ()
    return (f"its year's range needs {WINDOW} common sessions, there are {len(pair)}",)


def relative_chart(wish: Wish, histories: Sequence[Bars], names: Sequence[str]) -> Chart:
    """Percent since one date: the beginning of the frame, or the date asked for, or the first they all have."""
    last = max(as_date(bars.days[-1]) for bars in histories)
    asked = wish.since or charted.start_of(wish.frame, last)
    start = charted.common_start([bars.days for bars in histories], asked or as_date(histories[0].days[0]))
    if start >= last:
        return Chart(wish=wish, problem=f"there is no session after {start} to count from it")
    sessions = _union([bars.days for bars in histories])
    window = charted.window_of(sessions, "all" if wish.since else wish.frame, start)
    at = sessions[window.ends]
    curves = (
        Curve(name=name, numbers=plain(charted.rebased(bars.days, bars.close, at, start)))
        for name, bars in zip(names, histories, strict=True)
    )
    late = (too_short(wish, as_date(bars.days[0]), last, name) for name, bars in zip(names, histories, strict=True))
    return Chart(
        wish=wish,
        points=charted.dates(at),
        step=window.step,
        unit="percent",
        curves=tuple(curves),
        marks=(Mark(name="start", value=0.0),),
        basis=f"{STEPS[window.step]} closes, price return in own currency; percent since the close of {start}",
        notes=(*filter(None, late), *_stopped(histories, names, last)),
    )


def _union(columns: Sequence[Days]) -> Days:
    return reduce(np.union1d, columns)


def _stopped(histories: Sequence[Bars], names: Sequence[str], last: object) -> tuple[str, ...]:
    """Whose line ends before the others'."""
    ends = [(name, as_date(bars.days[-1])) for name, bars in zip(names, histories, strict=True)]
    return tuple(f"{name} ends {day}" for name, day in ends if day != last)
