"""A whole chart at every size: nothing cut inside a number, last value at its height, dates where months begin."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from tapewatch.core.charting import Charts, Material
from tapewatch.core.model.chart import KINDS, Chart, Mark, Wish
from tapewatch.core.model.measures import Level, Period
from tapewatch.core.model.reading import Returns
from tapewatch.core.sessions import Calendars
from tapewatch.core.take import History
from tapewatch.tui.charts.axis import POINTER, Entry, apart
from tapewatch.tui.charts.changes import changes
from tapewatch.tui.charts.dates import day_axis, week_columns
from tapewatch.tui.charts.drawing import Drawing
from tapewatch.tui.charts.figures import dated
from tapewatch.tui.charts.ladder import ladder
from tapewatch.tui.charts.page import chart_geometry, chart_lines
from tapewatch.tui.charts.plot import SEVERAL, pens_of, scale_for
from tapewatch.tui.charts.readout import head, readout
from tapewatch.tui.charts.scale import ROOM
from tapewatch.tui.glyphs import to_ascii
from tapewatch.tui.text import plain, width
from tests import builders

from ...market import eastern, index, scaled, trading_days, walk

SIZES = ((58, 13), (78, 20), (98, 26), (118, 36), (198, 56))
SYMBOLS = {"ratio": ("^RUT", "^GSPC"), "relative": ("^RUT", "^GSPC", "^NDX")}
BARS = {symbol: scaled(walk(seed, 700), 2.0) for seed, symbol in enumerate(("^RUT", "^GSPC", "^NDX"))}
TODAY = BARS["^RUT"].day(-1)


def made(kind: str, frame: str = "1y") -> Chart:
    histories = {symbol: History.of(index(symbol), bars) for symbol, bars in BARS.items()}
    known = Material(histories, {}, Calendars(), eastern("2025-10-17 17:00"))
    return Charts().answer(Wish(kind=kind, symbols=SYMBOLS.get(kind, ("^RUT",)), frame=frame), known)


CHARTS = {kind: made(kind) for kind in KINDS}
PRICE = CHARTS["price"]


def drawings() -> Iterator[Drawing]:
    for candles in (False, True):
        for ascii_only in (False, True):
            for cross in (None, 0, 100):
                yield Drawing(today=TODAY, log=candles, candles=candles, ascii_only=ascii_only, cross=cross)


def text(chart: Chart, cells: int, lines: int, drawing: Drawing | None = None) -> list[str]:
    row = builders.row("^RUT")
    return [plain(one) for one in chart_lines(chart, row, drawing or Drawing(today=TODAY), cells, lines)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("cells", "lines"), SIZES)
def test_a_chart_keeps_to_its_place_and_fills_it(kind: str, cells: int, lines: int) -> None:
    for drawing in drawings():
        found = chart_lines(CHARTS[kind], builders.row("^RUT"), drawing, cells, lines)
        assert len(found) == lines
        assert max(width(one) for one in found) <= cells
        assert not any("…" in plain(one) for one in found)


@pytest.mark.parametrize("kind", KINDS)
def test_in_ascii_every_sign_is_one(kind: str) -> None:
    for drawing in drawings():
        if drawing.ascii_only:
            found = [plain(one) for one in chart_lines(CHARTS[kind], builders.row("^RUT"), drawing, 118, 36)]
            assert all(to_ascii(one).isascii() for one in found)
            assert "?" not in to_ascii("".join(found))


def test_the_last_value_stands_at_its_own_height_with_a_pointer() -> None:
    last = PRICE.curves[0].numbers[-1]
    assert last is not None
    found = text(PRICE, 78, 20)
    line = next(one for one in found if POINTER in one)
    assert line.partition(POINTER)[2].strip() == f"{last:,.2f}"


def far_from_its_averages(frame: str = "1m") -> Chart:
    """The Russell after a rise that has left its 200-day average half a year behind."""
    chart = made("price", frame)
    far = tuple(None if one is None else 0.7 * one for one in chart.curves[2].numbers)
    return replace(chart, curves=(*chart.curves[:2], replace(chart.curves[2], numbers=far)))


@pytest.mark.parametrize("candles", [False, True])
def test_a_price_fills_its_chart_however_far_an_average_lies(candles: bool) -> None:
    chart, drawing = far_from_its_averages(), Drawing(today=TODAY, candles=candles)
    scale = scale_for(chart, drawing)
    assert scale is not None
    assert chart.candles is not None
    drawn = [*chart.curves[0].numbers, *((*chart.candles.high, *chart.candles.low) if candles else ())]
    known = [one for one in drawn if one is not None]
    assert (max(known) - min(known)) / (scale.high - scale.low) > 1 / (1 + 2 * ROOM) - 1e-9


def test_an_average_off_the_scale_is_named_at_the_edge_and_not_drawn_along_it() -> None:
    chart = far_from_its_averages()
    found = chart_lines(chart, None, Drawing(today=TODAY), 78, 20)
    at = chart_geometry(chart, None, Drawing(today=TODAY), 78, 20)
    bottom = found[at.above + at.rows - 1]
    assert plain(bottom).rstrip().endswith("↓SMA 200")
    assert "".join(text for one in found for text, style in one if style == "range-prev") == "↓SMA 200"
    in_ascii = text(chart, 78, 20, Drawing(today=TODAY, ascii_only=True))
    assert to_ascii(in_ascii[at.above + at.rows - 1]).rstrip().endswith("vSMA 200")


@pytest.mark.parametrize("above", [0.0, 400.0])
def test_a_last_price_beside_a_record_leaves_the_record_its_label(above: float) -> None:
    """In a long frame both stand in one row; of the two labels one gives way by a row and none is lost."""
    last = PRICE.curves[0].numbers[-1]
    assert last is not None
    numbers = (*PRICE.curves[0].numbers[:-2], last + above, last)
    marks = (Mark(name="record high", value=last + 1.0, day=TODAY),)
    chart = replace(PRICE, curves=(replace(PRICE.curves[0], numbers=numbers),), candles=None, marks=marks)
    lines = [one for one in text(chart, 78, 20) if POINTER in one or f"{last + 1.0:,.2f}" in one]
    labels = [one.replace(POINTER, " ").split()[-1] for one in lines[-2:]]
    assert labels == [f"{last + 1.0:,.2f}", f"{last:,.2f}"]
    assert POINTER in lines[-1]


def test_several_lines_are_told_apart_by_name_and_not_by_colour_alone() -> None:
    labels = [one.rstrip().rsplit("  ", 1)[-1] for one in text(CHARTS["relative"], 118, 36)]
    assert all(any(name in label for label in labels) for name in ("RUT", "GSPC", "NDX"))


def test_without_colour_each_line_and_its_label_have_one_mark() -> None:
    chart = CHARTS["relative"]
    for ascii_only in (False, True):
        found = text(chart, 118, 36, Drawing(today=TODAY, ascii_only=ascii_only))
        labels = [next(one for one in found if one.rstrip().endswith(f" {name}")).split() for name in chart.names]
        marks = {label[-2] for label in labels}
        assert len(marks) == 3
        plotted = "".join(one[:90] for one in found[1:-3])
        assert all(plotted.count(mark) >= 3 for mark in marks)
        assert not ascii_only or "".join(marks).isascii()


def test_a_symbol_keeps_its_colour_whichever_row_is_selected() -> None:
    one, other = (Wish(kind="relative", symbols=symbols) for symbols in (("^RUT", "^NDX"), ("^NDX", "^RUT")))
    first, second = (pens_of(replace(CHARTS["relative"], wish=wish)) for wish in (one, other))
    assert [pen.style for pen in first] == [pen.style for pen in reversed(second)]
    assert first[0].rank > first[1].rank
    assert not {pen.style for pen in SEVERAL} & {"record", "mode", "bull", "bear", "fault", "stale"}
    assert len({(pen.mark, pen.sign) for pen in SEVERAL}) == len({pen.style for pen in SEVERAL}) == 8


def test_what_the_labels_say_is_not_said_again_beneath() -> None:
    found = text(CHARTS["relative"], 118, 36)
    last = CHARTS["relative"].curves[0].numbers[-1]
    assert last is not None
    assert sum(f"{abs(last):.2f} %" in one for one in found) == 1
    cross = text(CHARTS["relative"], 118, 36, Drawing(today=TODAY, cross=100))
    assert any(one.count(" % ") >= 2 and "GSPC" in one for one in cross)


@pytest.mark.parametrize("kind", ["relative", "drawdown"])
def test_an_axis_of_percent_has_one_format_and_stands_on_its_point(kind: str) -> None:
    chart = CHARTS[kind]
    found = text(chart, 118, 36)
    at = chart_geometry(chart, builders.row("^RUT"), Drawing(today=TODAY), 118, 36)
    labels = [one[at.plot :] for one in found[at.above : at.above + at.rows] if one[at.plot :].strip()]
    assert all(re.match(r".\s*[+−]?\d+\.\d\d %", one) for one in labels)
    assert len({one.index(".") for one in labels}) == 1


def test_every_date_about_a_chart_has_one_format() -> None:
    for kind in ("ratio", "relative", "drawdown"):
        said = "\n".join(text(CHARTS[kind], 118, 36))
        assert not re.search(r"\d{4}-\d\d-\d\d", said)
        assert re.search(r"[A-Z][a-z]{2} \d{1,2} [A-Z][a-z]{2} \d{4}", said)
    assert dated("begins 2024-02-30, not 2024-02-28", TODAY) == "begins 2024-02-30, not Wed 28 Feb 2024"


def test_names_at_the_right_stand_in_the_order_of_their_lines() -> None:
    placed = apart(
        [Entry(3, "a", last=True), Entry(3, "b", last=True), Entry(3, "c"), Entry(9, "d"), Entry(9, "e")], 10
    )
    assert [(one.text, one.row) for one in placed] == [("a", 3), ("b", 4), ("c", 5), ("d", 8), ("e", 9)]
    assert [one.last for one in placed[:2]] == [True, False]


def test_the_crosshair_reads_the_values_of_its_day() -> None:
    at = 100
    found = text(PRICE, 118, 36, Drawing(today=TODAY, cross=at))
    assert PRICE.candles is not None
    value, day = PRICE.curves[0].numbers[at], PRICE.points[at]
    said = next(one for one in found if "close " in one and "  H " in one)
    assert f"close {value:,.2f}" in said
    assert f"H {PRICE.candles.high[at]:,.2f}" in said
    assert f"{day:%a} {day.day} {day:%b}" in said
    rsi = next(one.numbers[at] for part in PRICE.beneath for one in part.curves if one.name == "RSI 14")
    assert any("RSI 14" in one and f"{rsi:.1f}" in one for one in found)


@pytest.mark.parametrize("candles", [False, True])
def test_open_high_and_low_are_read_together_or_not_at_all(candles: bool) -> None:
    drawing = Drawing(today=TODAY, cross=100, candles=candles)
    said = [readout(PRICE, drawing, cells) for cells in range(20, 110)]
    found = [[one for one in plain(line).split() if one in ("O", "H", "L")] for line in said]
    assert {"".join(one) for one in found} == {"", "OHL"}
    assert all(width(line) <= cells for cells, line in zip(range(20, 110), said, strict=True))
    quoted = [plain(head(PRICE, builders.row("^RUT"), cells)).split() for cells in range(40, 110)]
    assert {"".join(one for one in line if one in ("O", "H", "L")) for line in quoted} == {"", "OHL"}


def test_what_stands_beneath_is_dated_as_the_crosshair_is() -> None:
    at = 100
    rsi = next(one.curves[0].numbers[at] for one in PRICE.beneath if one.name == "rsi")
    day = PRICE.points[at]
    found = text(PRICE, 118, 36, Drawing(today=TODAY, cross=at))
    titled = next(one for one in found if "RSI 14" in one)
    assert f"{rsi:.1f} · {day:%a} {day.day} {day:%b}" in titled
    assert "·" not in next(one for one in text(PRICE, 118, 36) if "RSI 14" in one)


def test_a_click_finds_the_point_that_is_drawn_there() -> None:
    at = chart_geometry(PRICE, None, Drawing(today=TODAY), 118, 36)
    assert (at.point_at(0, PRICE.size), at.point_at(at.plot - 1, PRICE.size)) == (0, PRICE.size - 1)
    assert at.point_at(at.plot, PRICE.size) is None
    places = [at.point_at(x, PRICE.size) or 0 for x in range(at.plot)]
    assert places == sorted(places)


def test_without_room_what_is_beneath_goes_first_and_the_chart_stays() -> None:
    drawing = Drawing(today=TODAY)
    found = [chart_geometry(PRICE, None, drawing, 78, lines).beneath for lines in (13, 18, 36)]
    assert [[name for name, _ in one] for one in found] == [[], ["rsi"], ["rsi", "macd"]]


def test_what_is_not_known_is_a_dash() -> None:
    short = replace(PRICE, curves=(*PRICE.curves[:2], replace(PRICE.curves[2], numbers=(None,) * PRICE.size)))
    found = text(short, 118, 36, Drawing(today=TODAY, cross=5))
    assert any("SMA 200 –" in one for one in found)


def test_what_cannot_be_drawn_is_a_sentence() -> None:
    said = "RUT has one bar, 2,452.17 of 2025-10-17: a line needs two"
    assert text(Chart(wish=PRICE.wish, problem=said), 78, 20) == [f"{said}."]


def test_every_chart_says_what_it_is_made_of_and_how_far_it_reaches() -> None:
    for chart in CHARTS.values():
        foot = " ".join(text(chart, 78, 20)[-2:])
        assert "closes" in foot
        day = chart.points[-1]
        assert f"final, {day:%a} {day.day} {day:%b}" in foot


def test_months_stand_under_their_first_session() -> None:
    days = trading_days(252, date(2024, 10, 17))
    axis = day_axis(days, 100)
    assert axis.split() == ["Nov", "Dec", "2025", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep"]
    first = next(at for at, day in enumerate(days) if day.month == 11)
    assert axis.index("Nov") == round(first * 99 / 251)


def test_weeks_begin_where_the_calendar_turns_and_not_over_a_year() -> None:
    assert week_columns(trading_days(15, date(2025, 10, 6)), 29) == (10, 20)
    assert week_columns(trading_days(252), 100) == ()
    # a week of 2020 ends in January: it is one week
    assert week_columns(trading_days(10, date(2020, 12, 28)), 19) == (10,)


def test_years_and_decades_for_long_spans() -> None:
    long = [date(1927, 12, 30) + timedelta(days=30 * at) for at in range(1190)]
    assert day_axis(long, 100).split()[:3] == ["1930", "1940", "1950"]


def level(price: float, last: float, *sources: str) -> Level:
    return Level(price=price, low=price, high=price, sources=sources, distance_points=price - last,
                 distance_percent=100.0 * (price - last) / last, distance_atr=(price - last) / 43.6)  # fmt: skip


def test_the_price_stands_in_its_place_on_the_ladder() -> None:
    last = 2452.17
    levels = (
        level(2541.67, last, "record high", "week high"), level(2500.0, last, "major round number"),
        level(2450.15, last, "pivot P"), level(2400.0, last, "round number"), level(2394.59, last, "last week close"),
    )  # fmt: skip
    found = [plain(one) for one in ladder(replace(builders.row("^RUT"), levels=levels), 40, 10)]
    prices = [one.replace("▸", "").split()[0] for one in found[2:]]
    assert prices == ["2,541.67", "2,500.00", "2,452.17", "2,400.00", "2,394.59"]
    assert "record high +1" in found[2]
    assert "+3.65" in found[2]


def merged(*named: tuple[str, float], last: float = 6670.04) -> Level:
    """A level of several names, each with its price, as the ladder of the feed merges them."""
    (_, first), *_ = named
    found = level(first, last, *(name for name, _ in named))
    return replace(found, prices=tuple(price for _, price in named))


def ladder_lines(*levels: Level, cells: int = 40, last: float = 6670.04) -> list[str]:
    row = replace(builders.row("^GSPC", last=last), levels=levels)
    return [" ".join(plain(one).split()) for one in ladder(row, cells, 12)[2:]]


def test_both_records_of_one_zone_keep_their_names_and_prices() -> None:
    found = ladder_lines(merged(("record close", 6753.72), ("record high", 6764.58)))
    assert found[0].startswith("6,764.58 +1.42")
    assert found[0].endswith("record high")
    assert found[1].startswith("6,753.72 +1.25")
    assert found[1].endswith("record close")
    assert found[2].endswith("last")


def test_a_record_that_another_level_is_named_before_has_a_row_of_its_own() -> None:
    found = ladder_lines(merged(("old record", 6750.0), ("record high", 6764.58), ("week high", 6764.58)))
    assert found[0].startswith("6,764.58")
    assert "record high" in found[0]
    wide = ladder_lines(merged(("old record", 6750.0), ("record high", 6764.58)), cells=58)
    assert wide[0].endswith("record high, old record")


def test_what_lies_at_one_level_is_named_by_the_two_that_are_watched_most() -> None:
    many = level(6600.0, 6670.04, "round number", "50-day average", "swing low")
    assert ladder_lines(many, cells=58)[-1].endswith("round, SMA 50 +1")
    assert ladder_lines(many)[-1].endswith("round +2")
    two = level(6600.0, 6670.04, "round number", "50-day average")
    assert ladder_lines(two)[-1].endswith("round, SMA 50")
    assert ladder_lines(replace(two, sources=("user level", "round number"), note="my floor"))[-1].endswith(
        "my floor +1"
    )


def test_a_wide_screen_gives_the_ladder_more_room() -> None:
    row = replace(builders.row("^RUT"), levels=(level(2500.0, 2452.17, "round number"),))
    at = [chart_geometry(PRICE, row, Drawing(today=TODAY), cells, 36).ladder for cells in (98, 118, 198)]
    assert at[0] == 0 < at[1] < at[2]


def test_changes_stand_under_the_ladder_where_lines_are_left() -> None:
    returns = Returns(week=2.4, month=0.64, quarter=None, year=9.95)
    period = Period(start=date(2024, 10, 17), end=date(2025, 10, 17), label="1 year", percent=-7.51)
    row = replace(builders.row("^RUT"), returns=returns, periods=(period,))
    found = [" ".join(plain(one).split()) for one in changes(row, 40, 12)]
    assert found[2:] == ["week ▲ +2.40 month ▲ +0.64", "YTD ▲ +9.95 1 year ▼ −7.51"]
    assert "spans to 17 Oct, final" in found[1]
    assert changes(row, 40, 5) == []
    assert changes(replace(row, returns=None, periods=()), 40, 12) == []
