"""Bars, gauge, spark and meter against the drawings of the specification, cell by cell."""

import msgspec
import pytest

from tapewatch.core.model.reading import Week
from tapewatch.tui.glyphs import to_ascii, wants_ascii
from tapewatch.tui.text import plain
from tapewatch.tui.widgets.gauge import Gauge, heading, place
from tapewatch.tui.widgets.meter import meter, state_mark, tone
from tapewatch.tui.widgets.range_bar import DayBar, WeekBar
from tapewatch.tui.widgets.spark import spark, spark_ascii, spark_bars
from tests import builders


def week(symbol: str) -> Week:
    found = builders.row(symbol).week
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("symbol", "drawn"),
    [
        ("^RUT", "┴····━┯━━━━━●━━━━━━━━━━━────────"),
        ("^HSI", "──●─────┬─────── ·┴·············"),
        ("^GSPC", "┴━━━━━━━━━┯━━━━━●━━━━━━━━━······"),
        ("^DJI", "━┷━━━┯━━━━━━━━━━●━━━━━━━━━━━····"),
        ("KRE", "──────●────┷━━━┯━━━━━━━━━━━·····"),
    ],
)
def test_the_week_against_the_last(symbol: str, drawn: str) -> None:
    assert plain(WeekBar(week(symbol), "bull", live=False).draw(32)) == drawn


def test_a_live_week_is_hollow_and_ascii_keeps_every_cell() -> None:
    bar = plain(WeekBar(week("^RUT"), "bull", live=True).draw(19))
    assert bar.count("○") == 1
    assert len(to_ascii(bar)) == 19
    assert to_ascii(bar).isascii()


def test_a_week_without_extent_or_history_is_still_drawn() -> None:
    flat = msgspec.structs.replace(week("^RUT"), low=10.0, high=10.0, close=10.0, open=None, previous=None)
    assert plain(WeekBar(flat, "flat", live=False).draw(9)).strip(" ─") == "●"


def test_the_days_range() -> None:
    quote = builders.row("^GSPC").quote
    assert quote is not None
    assert plain(DayBar(quote, "bull").draw(12)) == "────┴────●──"


@pytest.mark.parametrize(
    ("symbol", "drawn"),
    [
        ("^GSPC", "━━━━━━━━━━┿━━━━━━━━━━┿━━━━━━●··┃"),
        ("^DJI", "━━━━━━━━━━┿━━━━━━━━━━┿━━━━━●··╎┃"),
        ("^RUT", "━━━━━━━━━━┿━━━━━━━━━━┿━━●····╎·┃"),
        ("^HSI", "\u2039·········┊··········┊·······╎·┃"),
    ],
)
def test_the_gauge(symbol: str, drawn: str) -> None:
    record = builders.row(symbol).record
    assert record is not None
    below = (record.close.price / record.intraday.price - 1) * 100
    other = below if symbol != "^GSPC" else None
    assert plain(Gauge(record.intraday.distance_percent, other).draw(32)) == drawn


def test_thirds_of_the_gauge() -> None:
    assert [place(distance, 31) for distance in (-20.0, -10.0, -5.0, 0.0)] == [0, 10, 20, 30]
    assert place(-20.01, 31) == -1


def test_at_the_record_the_mark_stands_on_the_line() -> None:
    assert plain(Gauge(0.0).draw(31)).endswith("━●")


def test_the_heading_labels_its_borders() -> None:
    labels = heading(32)
    assert labels.startswith("−20 %")
    assert labels.index("−10") <= 10 <= labels.index("−10") + 2
    assert labels.endswith("0")


def test_a_narrow_heading_keeps_its_numbers_whole() -> None:
    assert heading(16).split() == ["−10", "−5", "0"] or heading(16).split() == ["−20", "%", "−10", "−5", "0"]


def test_spark_has_two_prices_a_cell_and_four_heights() -> None:
    assert spark((0.0, 1.0, 2.0, 3.0), 2) == "⡠⠊"
    assert spark((1.0,), 3) == "   "
    assert spark_bars((0.0, 7.0), 2) == "▁█"
    assert spark_ascii((0.0, 3.0), 3).isascii()


def test_severity_is_a_shape_and_unknown_a_question() -> None:
    shapes = [meter(one).text for one in ("info", "watch", "notable", "rare")]
    assert shapes == ["▁··", "▂··", "▂▅·", "▂▅█"]
    assert [to_ascii(one) for one in shapes] == ["...", "!..", "!!.", "!!!"]
    assert meter("rare", "unknown").text == " ? "
    assert tone("rare", "faded") == "flag-info"


def test_states_are_shapes() -> None:
    states = ("forming", "provisional", "confirmed", "faded", "unknown", "something newer")
    assert "".join(state_mark(one) for one in states) == "○◐●◌??"


@pytest.mark.parametrize(
    ("setting", "environment", "plain_ascii"),
    [
        ("auto", {"LANG": "C"}, True),
        ("auto", {"LANG": "de_DE.UTF-8"}, False),
        ("auto", {"LC_ALL": "POSIX", "LANG": "en_US.UTF-8"}, True),
        ("unicode", {"LANG": "C"}, False),
        ("ascii", {"LANG": "en_US.UTF-8"}, True),
    ],
)
def test_ascii_where_the_locale_knows_nothing_else(
    setting: str, environment: dict[str, str], plain_ascii: bool
) -> None:
    assert wants_ascii(setting, environment) is plain_ascii
