"""Proofs of returns, momentum and levels of one instrument."""

from ...core.model.measures import Momentum
from ...core.model.snapshot import Row, Snapshot
from ..format import NO_DATA, change, number, price, signed, weekday_date
from ..look import Look
from ..text import clean
from ._common import last_input, ratio_words, tone
from ._told import Prover, told
from .proof import Input, Proof

_BEFORE = {
    "day": "the previous session",
    "week": "the previous week",
    "month": "the month before",
    "quarter": "the quarter before",
    "year": "the year before",
}


def to_date(name: str) -> Prover:
    """The return from the last close of the period before."""

    def prove(row: Row, snapshot: Snapshot, look: Look) -> Proof | None:
        value: float | None = getattr(row.returns, name, None)
        quote = row.quote
        if value is None or quote is None or quote.last is None:
            return None
        text = f"{signed(value)} %"
        known = {"day": quote.previous_close, "week": row.week.previous_close if row.week else None}.get(name)
        formula = [f"100 × (last ÷ the last close of {_BEFORE[name]} − 1)"]
        inputs = [last_input(row, quote, look)]
        if known:
            formula.append(ratio_words(quote.last, known))
            inputs.append(Input("close before", price(known), "", True))
        return told(
            row, snapshot, look, f"return of the {name}", text, ("returns", name),
            formula=tuple(formula), inputs=tuple(inputs), tone=tone(text),
        )  # fmt: skip

    return prove


def period(place: int) -> Prover:
    """The change over one of the usual spans."""

    def prove(row: Row, snapshot: Snapshot, look: Look) -> Proof | None:
        if place >= len(row.periods):
            return None
        one = row.periods[place]
        text = f"{signed(one.percent)} %"
        return told(
            row, snapshot, look, f"return of {clean(one.label)}", text, (f"periods[{place}]", "percent"),
            formula=("100 × (the later close ÷ the earlier close − 1); closes only, no dividends",),
            inputs=(Input("from the close of", str(one.start), "", True),
                    Input("to the close of", str(one.end), "", True)),
            tone=tone(text),
        )  # fmt: skip

    return prove


_FORMULAS = {
    "rsi14": ("relative strength index of 14 sessions",
              "100 − 100 ÷ (1 + mean gain ÷ mean loss), means by Wilder: (13 × the one before + the newest) ÷ 14"),
    "macd": ("MACD(12, 26, 9)", "12-session less 26-session exponential average of the closes"),
    "macd_signal": ("MACD signal", "9-session exponential average of MACD(12, 26)"),
    "macd_histogram": ("MACD histogram", "MACD − signal"),
    "sma50": ("50-day average", "the mean of the last 50 closes"),
    "sma200": ("200-day average", "the mean of the last 200 closes"),
    "sma50_slope_percent": ("slope of the 50-day average", "100 × (average ÷ the average 20 sessions ago − 1)"),
    "sma200_slope_percent": ("slope of the 200-day average", "100 × (average ÷ the average 20 sessions ago − 1)"),
    "atr14": ("average true range", "Wilder’s mean of 14 true ranges; a true range is the longest of high − low, "
              "high − previous close, previous close − low"),
    "volatility20": ("volatility of 20 sessions",
                     "standard deviation of the daily log returns × √252, in percent a year"),
    "volatility252": ("volatility of 252 sessions",
                      "standard deviation of the daily log returns × √252, in percent a year"),
}  # fmt: skip


def momentum(name: str) -> Prover:
    """A measure of momentum."""

    def prove(row: Row, snapshot: Snapshot, look: Look) -> Proof | None:
        found = row.momentum
        value: float | None = getattr(found, name, None)
        if found is None or value is None:
            return None
        figure, words = _FORMULAS[name]
        formula = [words]
        if name == "macd_histogram" and found.macd is not None and found.macd_signal is not None:
            minus = f"({number(found.macd_signal, 4)})" if found.macd_signal < 0 else number(found.macd_signal, 4)
            formula.append(f"{number(found.macd, 4)} − {minus} = {number(value, 4)}")
        return told(
            row, snapshot, look, figure, _written(name, value, row), ("momentum", name),
            formula=tuple(formula), inputs=_as_of(found), history=_crossings(name, found),
        )  # fmt: skip

    return prove


def _written(name: str, value: float, row: Row) -> str:
    if name.startswith("macd"):
        return change(value, row.quote.last if row.quote else None)
    if name.endswith("slope_percent"):
        return f"{signed(value)} %"
    if name in ("rsi14", "volatility20", "volatility252"):
        return number(value, 1)
    return price(value)


def _as_of(found: Momentum) -> tuple[Input, ...]:
    words = "the running session is in it" if found.provisional else "final closes alone"
    return (Input("closes to", weekday_date(found.as_of), words, not found.provisional),)


def _crossings(name: str, found: Momentum) -> tuple[str, ...]:
    if name.startswith("macd") and found.macd_crossed is not None:
        return (f"the histogram crossed {clean(found.macd_cross or '')} on {found.macd_crossed}",)
    if name.startswith("sma") and found.sma_crossed is not None:
        return (f"the averages crossed ({clean(found.sma_cross or '')}) on {found.sma_crossed}",)
    return ()


LEVEL_FIELDS = {
    "price": "price", "from": "low", "to": "high", "distance": "distance_percent", "atr": "distance_atr",
}  # fmt: skip
"""Columns of the ladder and what of a level they show."""


def level(place: int, column: str) -> Prover:
    """A level of the ladder: where it is, or how far."""

    def prove(row: Row, snapshot: Snapshot, look: Look) -> Proof | None:
        last = row.quote.last if row.quote else None
        if place >= len(row.levels) or last is None:
            return None
        one = row.levels[place]
        field = {"price": "price", "from": "low", "to": "high", "distance": "distance_percent", "atr": "distance_atr"}[
            column
        ]
        value: float | None = getattr(one, field)
        if value is None or (column in ("from", "to") and one.low == one.high):
            return None
        formula = ["levels within a quarter of an ATR are one; its price is that of the most watched in it"]
        text = price(value)
        if column == "distance":
            text = f"{signed(value)} %"
            formula += ["100 × (level ÷ last − 1)", ratio_words(one.price, last)]
        elif column == "atr":
            text = signed(value, 1)
            formula += ["(level − last) ÷ average true range of 14 sessions", *_ranges(row, one.price, last)]
        prices = [*one.prices, *[None] * (len(one.sources) - len(one.prices))]
        lies = tuple(
            Input(clean(name), price(at) if at is not None else NO_DATA)
            for name, at in zip(one.sources, prices, strict=False)
        )
        steps = tuple(f"{clean(step.state)} on {step.date}" for step in one.trail)
        own = tuple(clean(words) for words in (one.rule, one.series, one.note) if words)
        return told(
            row, snapshot, look, f"level {price(one.price)}", text, (f"levels[{place}]", field),
            formula=tuple(formula), inputs=(last_input(row, row.quote, look), *lies) if row.quote else lies,
            history=(*steps, *own, *_swing(row, place)), tone=tone(text) if column == "distance" else "bright",
        )  # fmt: skip

    return prove


def _ranges(row: Row, at: float, last: float) -> tuple[str, ...]:
    atr = row.momentum.atr14 if row.momentum else None
    return (f"average true range {price(atr)}, {price(abs(at - last))} points away",) if atr else ()


def _swing(row: Row, place: int) -> tuple[str, ...]:
    swing = row.levels[place].swing
    if swing is None:
        return ()
    touches = "touch" if swing.touches == 1 else "touches"
    return (f"swing {clean(swing.side)}: {swing.touches} {touches} from {swing.first} to {swing.last}",)
