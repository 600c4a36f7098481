"""The last point of a chart by the row it stands beside: one screen has one last price."""

from collections.abc import Mapping

from msgspec.structs import replace

from ...core.model.chart import Beneath, Candles, Chart, Curve, Mark
from ...core.model.reading import Quote
from ...core.model.snapshot import Row

LIVE = "live"


def with_newest(chart: Chart, row: Row | None) -> Chart:
    """The chart with the row's price as its last point, where that is another one of the same running session.

    The answer may be a publication older than the row, and a blink newer: what the rest of the screen says stands.
    What is counted from the last price follows it as far as the row knows it: averages, oscillators, records.
    """
    quote = row.quote if row is not None else None
    if row is None or quote is None or quote.last is None or not _is_other(chart, quote):
        return chart
    last = _last_point(chart, row, quote.last)
    if last is None:
        return chart
    known = _known(chart, row)
    curves = (_ending(chart.curves[0], last), *(_ending(one, known.get(one.name)) for one in chart.curves[1:]))
    return replace(
        chart,
        curves=curves,
        candles=_reaching(chart.candles, quote, quote.last) if chart.candles else None,
        beneath=tuple(_followed(one, known) for one in chart.beneath),
        marks=tuple(_moved(chart, one, row, last) for one in chart.marks),
        as_of=quote.time,
    )


def _is_other(chart: Chart, quote: Quote) -> bool:
    """Whether both are of one running session, the chart of daily closes, and not of one moment and price."""
    if chart.problem or chart.times or not chart.points or chart.wish.kind not in ("price", "drawdown"):
        return False
    if (chart.state, quote.state) != (LIVE, LIVE) or quote.session != chart.points[-1]:
        return False
    if chart.as_of is None or quote.time is None:
        return False
    return quote.time != chart.as_of or (chart.wish.kind == "price" and quote.last != chart.curves[0].numbers[-1])


def _last_point(chart: Chart, row: Row, last: float) -> float | None:
    """The price, or its distance from the highest close in percent."""
    if chart.wish.kind == "price":
        return last
    return row.record.close.distance_percent if row.record is not None else None


def _known(chart: Chart, row: Row) -> Mapping[str, float | None]:
    """What the row knows at its price, by the names the lines of a chart have."""
    found = row.momentum
    if found is None or found.as_of != chart.points[-1]:
        return {}
    return {
        "SMA 50": found.sma50,
        "SMA 200": found.sma200,
        "RSI 14": found.rsi14,
        "MACD": found.macd,
        "signal": found.macd_signal,
        "macd": found.macd_histogram,
    }


def _ending(curve: Curve, value: float | None) -> Curve:
    """A line with another last value; one that is too short for a value has none."""
    if value is None or curve.numbers[-1] is None:
        return curve
    return replace(curve, numbers=(*curve.numbers[:-1], value))


def _reaching(candles: Candles, quote: Quote, last: float) -> Candles:
    high, low = quote.high or last, quote.low or last
    return replace(
        candles,
        high=(*candles.high[:-1], max(candles.high[-1], high, last)),
        low=(*candles.low[:-1], min(candles.low[-1], low, last)),
    )


def _followed(one: Beneath, known: Mapping[str, float | None]) -> Beneath:
    curves = tuple(_ending(curve, known.get(curve.name)) for curve in one.curves)
    bar = known.get(one.name)
    bars = one.bars if bar is None or not one.bars else (*one.bars[:-1], bar)
    return replace(one, curves=curves, bars=bars)


def _moved(chart: Chart, mark: Mark, row: Row, last: float) -> Mark:
    """A record or the deepest point, where the newer price made one."""
    if mark.name == "deepest" and last < mark.value:
        return replace(mark, value=last, day=chart.points[-1])
    if row.record is None or mark.name != "record high" or row.record.intraday.price <= mark.value:
        return mark
    return replace(mark, value=row.record.intraday.price, day=row.record.intraday.date)
