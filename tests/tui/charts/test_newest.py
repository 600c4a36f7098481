"""One last price on one screen: a chart that was answered a moment ago ends with the price of its row."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from tapewatch.core.charting import Charts, Material
from tapewatch.core.live import Live
from tapewatch.core.model.chart import Chart, Wish
from tapewatch.core.model.measures import Momentum
from tapewatch.core.model.reading import Quote
from tapewatch.core.model.snapshot import Row
from tapewatch.core.sessions import Calendars
from tapewatch.core.take import History
from tapewatch.tui.charts.axis import POINTER
from tapewatch.tui.charts.drawing import Drawing
from tapewatch.tui.charts.newest import with_newest
from tapewatch.tui.charts.page import chart_lines
from tapewatch.tui.text import plain
from tests import builders

from ...market import eastern, index, scaled, walk

TIME = eastern("2025-10-17 14:20")
BARS = scaled(walk(0, 700), 2.0).upto(builders.THURSDAY)
BEFORE = float(BARS.close[-1])
RUNNING = Live("^RUT", builders.FRIDAY, BEFORE * 1.01, TIME, BEFORE * 1.02, BEFORE * 0.99, open=BEFORE)


def made(kind: str = "price", frame: str = "1y") -> Chart:
    known = Material({"^RUT": History.of(index("^RUT"), BARS)}, {"^RUT": RUNNING}, Calendars(), TIME)
    return Charts().answer(Wish(kind=kind, symbols=("^RUT",), frame=frame), known)


def row(last: float, *, minutes: int = 1, **changes: Any) -> Row:
    one = builders.row("^RUT", last=last, live=True)
    assert one.quote is not None
    quote = replace(one.quote, time=TIME + timedelta(minutes=minutes), high=BEFORE * 1.03, low=BEFORE * 0.99)
    return replace(one, quote=replace(quote, **changes))


def test_the_axis_and_the_head_say_the_same_price_and_time() -> None:
    newer, chart = row(BEFORE * 1.025), made()
    drawn = with_newest(chart, newer)
    assert newer.quote is not None
    last = f"{newer.quote.last:,.2f}"
    found = [plain(one) for one in chart_lines(drawn, newer, Drawing(today=builders.FRIDAY), 78, 20)]
    assert last in found[0]
    assert f"{POINTER}{last}" in "\n".join(found)
    assert "live 14:21 ET, Fri 17 Oct" in found[-1]
    assert (drawn.size, drawn.points) == (chart.size, chart.points)


def test_an_answer_that_is_a_blink_newer_than_the_row_waits_for_it() -> None:
    for minutes in (0, -1):
        drawn = with_newest(made(), row(BEFORE * 1.005, minutes=minutes))
        assert drawn.curves[0].numbers[-1] == BEFORE * 1.005
        assert drawn.as_of == TIME + timedelta(minutes=minutes)


def test_a_candle_reaches_to_the_newer_high_and_what_counts_the_price_follows_it() -> None:
    found = Momentum(as_of=builders.FRIDAY, rsi14=61.0, macd=1.0, macd_signal=2.0, macd_histogram=-1.0, sma50=2000.0)
    drawn = with_newest(made(), replace(row(BEFORE * 1.025), momentum=found))
    assert drawn.candles is not None
    assert drawn.candles.high[-1] == BEFORE * 1.03
    assert drawn.curves[1].numbers[-1] == 2000.0
    beneath = {one.name: one for one in drawn.beneath}
    assert beneath["rsi"].curves[0].numbers[-1] == 61.0
    assert [one.numbers[-1] for one in beneath["macd"].curves] == [1.0, 2.0]
    assert beneath["macd"].bars[-1] == -1.0


def test_a_drawdown_ends_where_the_row_says_it_is() -> None:
    newer = row(BEFORE * 1.025)
    assert newer.record is not None
    drawn = with_newest(made("drawdown"), newer)
    assert drawn.curves[0].numbers[-1] == newer.record.close.distance_percent


@pytest.mark.parametrize(
    "other",
    [
        {"state": "provisional"},
        {"session": builders.THURSDAY},
    ],
)
def test_another_session_or_a_settled_price_changes_nothing(other: dict[str, Any]) -> None:
    chart = made()
    assert with_newest(chart, row(BEFORE * 1.025, **other)) is chart


def test_a_chart_of_final_closes_or_of_five_minutes_stays_as_it_was_answered() -> None:
    final = replace(made(), state="final", as_of=None)
    assert with_newest(final, row(BEFORE * 1.025)) is final
    ended = replace(made(), times=(TIME, TIME))
    assert with_newest(ended, row(BEFORE * 1.025)) is ended
    assert with_newest(final, None) is final


def test_the_answer_that_then_comes_draws_no_other_picture() -> None:
    """What the row has made of the price is what the feed will answer: nothing is painted twice."""
    newer = row(BEFORE * 1.025)
    first = with_newest(made(), newer)
    assert with_newest(first, newer) is first


def test_a_quote_of_a_row_without_one_is_no_price() -> None:
    chart = made()
    assert with_newest(chart, replace(row(1.0), quote=Quote())) is chart
