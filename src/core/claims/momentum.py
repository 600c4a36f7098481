"""Claims of momentum: RSI, MACD and its crosses, golden and death crosses, ATR and volatility."""

from dataclasses import replace

import numpy as np

from ..analytics.momentum import LONG, SHORT, atr, macd, rsi, sma
from ..analytics.momentum_state import WARM_UP
from ..bars import Floats
from ..model.claim import Figure, Part, Reading
from .grammar import form
from .judging import Ask, part, single
from .legs import LackingError, Leg, Stretch
from .relative import LOG_RETURNS, SIMPLE_RETURNS, volatility

OVERBOUGHT, OVERSOLD = 70.0, 30.0
MEANING = {
    "rsi": "RSI(14), Wilder's, of the closes up to the session",
    "atr": "ATR(14), Wilder's, of the bars up to the session",
    "macd": "MACD(12, 26, 9): the histogram is the line less its signal",
}


def _known(ask: Ask, leg: Leg, values: Floats, index: int, name: str) -> float:
    """The value at a session. Raises LackingError where there is none."""
    if index + 1 < WARM_UP:
        ask.say(f"{leg.short} has {index + 1} sessions before it: {name} still remembers where it began")
    value = float(values[index]) if index >= 0 else np.nan
    if np.isnan(value):
        raise LackingError(f"{leg.short} has no {name} on {leg.day(max(0, index))}")
    return value


def strength(ask: Ask) -> list[Part]:
    """The relative strength index."""
    claimed = ask.claimed()
    assert claimed is not None
    if ask.words.get("side"):
        claimed, ask.tolerance = replace(claimed, how=">" if ask.words["side"] == "above" else "<"), ""

    def judge(leg: Leg) -> Part:
        last = ask.stretch(leg).last
        value = _known(ask, leg, rsi(leg.bars.close), last, "RSI")
        figure = leg.figure("RSI(14)", value, "index", last)
        return single(leg, MEANING["rsi"], claimed.holds(value), figure)

    return ask.parts("a", judge)


def stretched(ask: Ask) -> list[Part]:
    """Overbought or oversold on any of the claim's sessions."""
    high = ask.words["state"] == "overbought"

    def judge(leg: Leg) -> Part:
        stretch, values = ask.stretch(leg), rsi(leg.bars.close)
        _known(ask, leg, values, stretch.first, "RSI")
        within = values[stretch.first : stretch.last + 1]
        index = stretch.first + int(np.nanargmax(within) if high else np.nanargmin(within))
        found = float(values[index])
        definition = f"{MEANING['rsi']}; overbought from {OVERBOUGHT:g}, oversold to {OVERSOLD:g}"
        figure = leg.figure("highest RSI(14)" if high else "lowest RSI(14)", found, "index", index)
        return single(leg, definition, found >= OVERBOUGHT if high else found <= OVERSOLD, figure)

    return ask.parts("a", judge)


def average_range(ask: Ask) -> list[Part]:
    """The average true range in points, or in percent of the close."""
    claimed = ask.claimed()
    assert claimed is not None

    def judge(leg: Leg) -> Part:
        last = ask.stretch(leg).last
        value = _known(ask, leg, atr(leg.bars), last, "ATR")
        share = 100.0 * value / leg.close(last)
        figures = (leg.figure("ATR(14)", value, "points", last), leg.figure("ATR(14)", share, "share", last))
        return single(leg, MEANING["atr"], claimed.holds(share if claimed.unit == "%" else value), *figures)

    return ask.parts("a", judge)


def _up(ask: Ask) -> bool:
    return ask.words["way"] in ("up", "bullish", "bullishly", "positive", "above", "golden", "higher")


def macd_crossed(ask: Ask) -> list[Part]:
    """A session on which the histogram changed its sign."""

    def judge(leg: Leg) -> Part:
        stretch, found = ask.stretch(leg), macd(leg.bars.close)
        _known(ask, leg, found.histogram, stretch.first - 1, "MACD")
        at = _crossed(found.histogram, stretch, up=_up(ask))
        index = stretch.last if at is None else at
        figures = (
            leg.figure("histogram before", float(found.histogram[index - 1]), "index", index - 1),
            leg.figure("histogram", float(found.histogram[index]), "index", index),
            leg.figure("MACD", float(found.line[index]), "index", index),
            leg.figure("signal", float(found.signal[index]), "index", index),
        )
        return single(leg, f"{MEANING['macd']}; a cross is its change of sign", at is not None, *figures)

    return ask.parts("a", judge)


def _crossed(values: Floats, stretch: Stretch, *, up: bool) -> int | None:
    """The last session of a stretch that went from one side of zero to the other, None where none did."""
    signed = values if up else -values
    now, before = signed[stretch.first : stretch.last + 1], signed[stretch.first - 1 : stretch.last]
    found = np.flatnonzero((now > 0.0) & (before <= 0.0))
    return stretch.first + int(found[-1]) if len(found) else None


def macd_side(ask: Ask) -> list[Part]:
    """The line above or below its signal."""

    def judge(leg: Leg) -> Part:
        last, found = ask.stretch(leg).last, macd(leg.bars.close)
        histogram = _known(ask, leg, found.histogram, last, "MACD")
        figures = (
            leg.figure("histogram", histogram, "index", last),
            leg.figure("MACD", float(found.line[last]), "index", last),
            leg.figure("signal", float(found.signal[last]), "index", last),
        )
        return single(leg, MEANING["macd"], (histogram > 0.0) == _up(ask), *figures)

    return ask.parts("a", judge)


def averages_crossed(ask: Ask) -> list[Part]:
    """The 50-day average crossing the 200-day one: up is golden, down is death."""

    def judge(leg: Leg) -> Part:
        stretch = ask.stretch(leg)
        short, long = sma(leg.bars.close, SHORT), sma(leg.bars.close, LONG)
        if stretch.first < LONG:
            raise LackingError(f"{leg.short} has no {LONG} closes before {leg.day(stretch.first)}")
        at = _crossed(np.asarray(short - long), stretch, up=_up(ask))
        index = stretch.last if at is None else at
        figures: list[Figure] = [
            leg.price(f"{length}-day average{'' if day == index else ' before'}", float(values[day]), day)
            for day in (index - 1, index)
            for length, values in ((SHORT, short), (LONG, long))
        ]
        definition = f"the {SHORT}-day average of closes crosses the {LONG}-day one"
        return single(leg, definition, at is not None, *figures)

    return ask.parts("a", judge)


def volatile(ask: Ask) -> list[Part]:
    """Realised volatility, over the claim's span or the last 252 sessions."""
    claimed = ask.claimed()
    assert claimed is not None

    def judge(leg: Leg) -> Part:
        readings = [
            Reading(definition=definition, holds=claimed.holds(figure.value or 0.0), figures=(figure,), standard=log)
            for log, definition in ((True, LOG_RETURNS), (False, SIMPLE_RETURNS))
            for figure in (volatility(ask, leg, log=log),)
        ]
        return part(leg.short, readings, number=True)

    return ask.parts("a", judge)


_RSI = r"(?:14-day )?rsi ?(?:\(?14\)?)?"
_MACD = r"macd ?(?:\(12, ?26, ?9\))?"
_WAY = r"(?P<way>up|down|bullish|bearish|bullishly|bearishly|positive|negative|higher|lower)"
FORMS = (
    form("RSI", "the RSI of RUT is 63 on 2026-01-08", rf"{{A}} {_RSI} ?(?:(?P<side>above|below) )?{{N}}", strength),
    form("overbought or oversold", "RUT was overbought on 2026-01-09",
         rf"{{A}} (?:{_RSI} )?(?P<state>overbought|oversold)(?: rsi)?", stretched, searches=True),
    form("cross of the MACD", "the MACD of RUT crossed up on 2026-01-07",
         rf"{{A}} (?:(?:made|gave|showed|saw|flashed) )?{_MACD} ?(?:(?:crossed|crosses|turned|made|gave|showed) )?"
         rf"{_WAY}(?: (?:crossover|cross))?", macd_crossed, searches=True),
    form("MACD against its signal", "the MACD of RUT was above its signal on 2026-01-09",
         rf"{{A}} {_MACD} ?(?P<way>above|below|over|under) signal(?: line)?", macd_side),
    form("golden or death cross", "RUT made a golden cross in July 2025",
         r"{A} (?:(?:made|had|saw|showed|formed) )?(?P<way>golden|death) cross", averages_crossed, searches=True),
    form("ATR", "the ATR of RUT was 43.6 on 2025-10-17", r"{A} (?:14-day )?atr ?(?:\(?14\)?)? ?{N}", average_range),
    form("volatility", "the volatility of RUT was 21.6 % a year since 1987-09-10",
         r"{A} (?:realised |realized )?volatility {N}(?: annually)?", volatile),
)  # fmt: skip
