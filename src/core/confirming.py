"""What confirms the small caps or does not: ratios, breadth, correlation, the yield and volatility.

Every line stands on final closes of one session. A leg without bars, or without that session's, makes its
line unknown, and the line names it: no older figure takes its place.
"""

from collections.abc import Callable, Mapping
from datetime import date
from math import atanh, sqrt
from typing import Any

import numpy as np
from msgspec.structs import replace

from .analytics import breadth
from .analytics.breadth import Count, Lacking, Panel
from .analytics.periods import after_hole
from .analytics.ranks import percentile_at
from .analytics.relative import (
    AVERAGE,
    SHORT,
    TRACKED,
    WINDOW,
    changes,
    correlation,
    read_ratio,
    track,
    yield_sensitivity,
)
from .analytics.returns import percent, position
from .bars import Bars, Floats
from .model.measures import Confirmation
from .tape import Tape, UnknownError
from .universe import INSTRUMENTS

PANEL = tuple(one.symbol for one in INSTRUMENTS if one.group == "us" or one.role == "sector")
"""Whose breadth is counted: the five US indices and the eleven sector funds."""
SMALL, LARGE, BANKS, YIELD, VOLATILITY = "^RUT", "^GSPC", "KRE", "^TNX", "^VIX"
INSTEAD = {(BANKS, "SPY"): LARGE}
"""What stands in for a reference without bars; the line says so."""
WATCHED_YIELD = 5.0
LONG = 250
BROKEN = -3.0
"""Fisher's z of the short against the long correlation from which on it counts as broken."""
NAMED = 3
"""So many names are told, of more only their number."""


def confirm(bars: Mapping[str, Bars], day: date, short_names: Mapping[str, str]) -> tuple[Confirmation, ...]:
    """Every line as of the last session on or before a day; none without any US index.

    `bars` are final, by symbol; nothing later than `day` is looked at.
    """
    cut = (bars.get(symbol, Bars.empty()).upto(day) for symbol in PANEL)
    ends = [one.day(-1) for one in cut if len(one)]
    if not ends:
        return ()
    tape = Tape(bars, max(ends), short_names)
    panel = tape.panel(PANEL)
    return (
        _ratio(tape, SMALL, LARGE, "small over large"),
        _ratio(tape, BANKS, "SPY", "regional banks"),
        _ratio(tape, "^NDX", LARGE, "large tech"),
        _volatility(tape),
        _rising(tape, panel),
        _above(tape, panel, breadth.SHORT),
        _correlation(tape),
        _yield(tape),
        _above(tape, panel, breadth.LONG),
        _extremes(tape, panel),
        _ratio(tape, "RSP", "SPY", "equal weight"),
        _concentration(tape),
        _ratio(tape, "MAGS", "SPY", "mega-caps"),
        _ratio(tape, "XLY", "XLP", "wants over needs"),
        _ratio(tape, "HYG", "IEF", "credit over notes"),
        _ratio(tape, "IWM", "SPY", "small over large"),
        _ratio(tape, BANKS, "IWM", "banks over small"),
        _banks(tape),
        _sensitivity(tape),
        _tracking(tape, "IWM"),
        _tracking(tape, "VTWO"),
    )


def _told(blank: Confirmation, figures: Callable[[], dict[str, Any]], tape: Tape) -> Confirmation:
    """The line with its figures, or with the reason why there are none."""
    try:
        return replace(blank, as_of=tape.session, **figures())
    except UnknownError as why:
        return replace(blank, as_of=tape.session, state="unknown", reading=str(why))


def _ratio(tape: Tape, ours: str, theirs: str, meaning: str) -> Confirmation:
    other = INSTEAD.get((ours, theirs), theirs) if not tape.has(theirs) else theirs
    stands_in = f"{tape.name(other)} for {tape.name(theirs)}, " if other != theirs else ""

    def figures() -> dict[str, Any]:
        read = read_ratio(tape.pair(ours, other, WINDOW + 1))
        assert read is not None
        return {
            "value": read.index,
            "change20": read.change20,
            "low": read.low,
            "high": read.high,
            "position_percent": read.position_percent,
            "percentile": read.percentile,
            "measures": {
                "close": read.ours,
                "reference_close": read.theirs,
                "ratio": read.ratio,
                "ratio_252_sessions_ago": read.before,
                "slope20_percent": read.slope20,
                "from_sma50_percent": read.from_sma50,
            },
            "reading": f"{stands_in}{_from_average(read.from_sma50)}",
        }

    label = f"{tape.name(ours)} / {tape.name(other)}"
    return _told(Confirmation(key=f"ratio:{ours}/{theirs}", label=label, meaning=meaning, unit="index"), figures, tape)


def _from_average(distance: float) -> str:
    return f"{abs(distance):.2f} % {'over' if distance > 0 else 'under'} SMA {AVERAGE}"


def _volatility(tape: Tape) -> Confirmation:
    def figures() -> dict[str, Any]:
        closes = tape.of(VOLATILITY, WINDOW + 1).close[-WINDOW - 1 :]
        placed = _placed(closes)
        return {
            **placed,
            "change20": percent(float(closes[-1]), float(closes[-1 - SHORT])),
            "reading": f"{_ordinal(placed['percentile'])} percentile of year",
        }

    label = tape.name(VOLATILITY)
    blank = Confirmation(key=f"level:{VOLATILITY}", label=label, meaning="volatility index", unit="level")
    return _told(blank, figures, tape)


def _placed(values: Floats) -> dict[str, Any]:
    """The last of at least 253 values in its last 252, and ranked among the 252 before."""
    now, window = float(values[-1]), values[-WINDOW:]
    low, high = float(window.min()), float(window.max())
    return {
        "value": now,
        "low": low,
        "high": high,
        "position_percent": position(now, low, high),
        "percentile": percentile_at(values, len(values) - 1, WINDOW, WINDOW),
    }


def _ordinal(value: float) -> str:
    whole = int(value)
    ending = "th" if 10 <= whole % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(whole % 10, "th")
    return f"{whole}{ending}"


def _counted(found: Count | Lacking, tape: Tape) -> Count:
    if isinstance(found, Count):
        return found
    parts = (("no bars of", found.none), (f"no bar of {tape.session} of", found.late), ("too few of", found.short))
    said = [f"{what} {', '.join(map(tape.name, who))}" for what, who in parts if who]
    raise UnknownError(f"panel incomplete: {'; '.join(said)}")


def _share(count: Count) -> dict[str, Any]:
    return {
        "value": float(count.number),
        "of": count.of,
        "low": 0.0,
        "high": float(count.of),
        "position_percent": count.percent,
    }


def _rising(tape: Tape, panel: Panel) -> Confirmation:
    def figures() -> dict[str, Any]:
        count = _counted(breadth.advancing(panel), tape)
        same = count.of - count.number - count.against
        return {
            **_share(count),
            "measures": {"declining": float(count.against), "unchanged": float(same)},
            "reading": f"{count.against} fell, {same} unchanged",
        }

    blank = Confirmation(key="breadth:advancing", label="BREADTH", meaning="rose that day", unit="count")
    return _told(blank, figures, tape)


def _above(tape: Tape, panel: Panel, length: int) -> Confirmation:
    def figures() -> dict[str, Any]:
        count = _counted(breadth.above_average(panel, length), tape)
        before = breadth.above_average(panel, length, SHORT)
        below = [tape.name(one) for one in count.others]
        return {
            **_share(count),
            "change20": count.percent - before.percent if isinstance(before, Count) else None,
            "reading": f"{', '.join(below) if 0 < len(below) <= NAMED else len(below)} below",
        }

    key = f"breadth:above_sma{length}"
    return _told(Confirmation(key=key, label="BREADTH", meaning=f"above SMA {length}", unit="count"), figures, tape)


def _extremes(tape: Tape, panel: Panel) -> Confirmation:
    def figures() -> dict[str, Any]:
        count = _counted(breadth.new_extremes(panel), tape)
        return {
            "value": float(count.net),
            "of": count.of,
            "low": -float(count.of),
            "high": float(count.of),
            "position_percent": position(count.net, -count.of, count.of),
            "measures": {"highs": float(count.number), "lows": float(count.against)},
            "reading": f"{count.number} at highs, {count.against} at lows",
        }

    blank = Confirmation(key="breadth:new_highs_lows", label="BREADTH", meaning="highs − lows, 52 w.", unit="net")
    return _told(blank, figures, tape)


def _correlation(tape: Tape) -> Confirmation:
    def figures() -> dict[str, Any]:
        pair = tape.pair(SMALL, LARGE, LONG + 1)
        short, long = (float(correlation(pair.last(size + 1), size)[-1]) for size in (SHORT, LONG))
        _moved(short, long)
        z = (_fisher(short) - _fisher(long)) / sqrt(1 / (SHORT - 3) + 1 / (LONG - 3))
        verdict = "no break" if z > BROKEN else f"broken, z {z:.2f}"
        return {
            "value": short,
            "measures": {f"correlation{LONG}": long, "z": z},
            "reading": f"{LONG} s.: {long:.2f}, {verdict}",
        }

    blank = Confirmation(
        key=f"correlation:{SMALL}/{LARGE}",
        label="CORR",
        meaning=f"{tape.name(SMALL)}, {tape.name(LARGE)} {SHORT} s.",
        unit="correlation",
    )
    return _told(blank, figures, tape)


def _moved(*found: float) -> None:
    """Raises UnknownError for a correlation with what did not move."""
    if any(map(np.isnan, found)):
        raise UnknownError("a leg has not moved")


def _fisher(value: float) -> float:
    """Fisher's transform; two series that move as one are taken for nearly so."""
    return atanh(max(-0.999999, min(0.999999, value)))


def _yield(tape: Tape) -> Confirmation:
    def figures() -> dict[str, Any]:
        closes = tape.of(YIELD, SHORT + 1).close
        level = float(closes[-1])
        left = 100.0 * (WATCHED_YIELD - level)
        placed = _placed(closes) if len(closes) > WINDOW else {"value": level, "note": _hole_words(tape)}
        return {
            **placed,
            "change20": 100.0 * (level - float(closes[-1 - SHORT])),
            "measures": {"threshold": WATCHED_YIELD, "to_threshold_bp": left},
            "reading": f"{abs(left):.1f} bp {'under' if left >= 0 else 'over'} {WATCHED_YIELD:.2f} %",
        }

    blank = Confirmation(key=f"yield:{YIELD}", label=tape.name(YIELD), meaning="10-year yield", unit="yield")
    return _told(blank, figures, tape)


def _hole_words(tape: Tape) -> str:
    bars = tape.recent(YIELD)
    since = after_hole(bars)
    if len(since) == len(bars):
        return f"{len(bars)} of {WINDOW + 1} sessions"
    return f"no bars {bars.day(len(bars) - len(since) - 1).year}–{since.day(0).year % 100:02d}"


def _concentration(tape: Tape) -> Confirmation:
    def figures() -> dict[str, Any]:
        pair = tape.pair("SPY", "RSP", WINDOW + SHORT + 1)
        ours, theirs = changes(pair.ours, SHORT), changes(pair.theirs, SHORT)
        both = float(ours[-1]), float(theirs[-1])
        spread = (ours - theirs)[SHORT:]
        return {
            **_placed(spread),
            "measures": {"SPY": both[0], "RSP": both[1]},
            "reading": f"{SHORT} s.: SPY {both[0]:+.2f} %, RSP {both[1]:+.2f} %",
        }

    blank = Confirmation(
        key="concentration:SPY-RSP", label="SPY − RSP", meaning=f"concentration, {SHORT} s.", unit="points"
    )
    return _told(blank, figures, tape)


def _banks(tape: Tape) -> Confirmation:
    def figures() -> dict[str, Any]:
        closes, whole = tape.of(BANKS, WINDOW + 1).close, tape.whole(BANKS)
        level = float(closes[-1])
        average = percent(level, float(np.mean(closes[-AVERAGE:])))
        # in a hole a higher close may lie
        record = percent(level, float(whole.close.max())) if len(after_hole(whole)) == len(whole) else None
        off = "" if record is None else ", at record" if record == 0 else f", record {record:.2f} %"
        found = {"from_sma50_percent": average} | ({} if record is None else {"record_distance_percent": record})
        return {
            **_placed(closes[-WINDOW - 1 :]),
            "change20": percent(level, float(closes[-1 - SHORT])),
            "measures": found,
            "reading": f"{'over' if average > 0 else 'under'} SMA {AVERAGE}{off}",
        }

    blank = Confirmation(key=f"level:{BANKS}", label=tape.name(BANKS), meaning="regional banks fund", unit="level")
    return _told(blank, figures, tape)


def _sensitivity(tape: Tape) -> Confirmation:
    def figures() -> dict[str, Any]:
        found = yield_sensitivity(tape.pair(SMALL, YIELD, TRACKED + 1))
        assert found is not None
        _moved(found.beta10, found.correlation)
        return {
            "value": found.beta10,
            "measures": {"correlation60": found.correlation, "beta_per_bp": found.beta10 / 10.0},
            "reading": f"{TRACKED} s., correlation {found.correlation:.2f}",
        }

    blank = Confirmation(
        key=f"sensitivity:{SMALL}/{YIELD}",
        label=f"{tape.name(SMALL)} / {tape.name(YIELD)}",
        meaning="% on 10 bp",
        unit="percent",
    )
    return _told(blank, figures, tape)


def _tracking(tape: Tape, fund: str) -> Confirmation:
    def figures() -> dict[str, Any]:
        found = track(tape.pair(fund, SMALL, TRACKED + 1))
        assert found is not None
        _moved(found.correlation)
        return {
            "value": found.correlation,
            "measures": {"fund_percent": found.ours, "index_percent": found.theirs, "difference": found.points},
            "reading": f"{found.points:+.2f} pp in {TRACKED} s., price",
        }

    meaning = f"tracks {tape.name(SMALL)}, {TRACKED} s."
    blank = Confirmation(key=f"tracking:{fund}/{SMALL}", label=tape.name(fund), meaning=meaning, unit="correlation")
    return _told(blank, figures, tape)
