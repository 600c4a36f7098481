"""Charts in the monitor: asked for, shown, followed, read by keys and mouse, and one sentence where none comes."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from textual.pilot import Pilot

from tapewatch.core import channel
from tapewatch.core.answers import answer_path
from tapewatch.core.charting import Material
from tapewatch.core.charting_feed import Clerk
from tapewatch.core.live import Live
from tapewatch.core.model.chart import Wish
from tapewatch.core.model.config import ScreenSettings
from tapewatch.core.model.snapshot import Snapshot
from tapewatch.core.sessions import Calendars
from tapewatch.core.take import History
from tapewatch.tui import charting
from tapewatch.tui.chart_choices import ChartChoice, next_against, turn_frame, turn_kind, wish_of
from tapewatch.tui.charts.axis import POINTER
from tapewatch.tui.charts.plot import CROSS
from tests.tui.stage import SIZES, Stage, builders, changed, stage

from ..market import eastern, index, walk

BARS = {symbol: walk(seed, 500) for seed, symbol in enumerate(("^GSPC", "^DJI", "^IXIC", "^NDX", "^RUT"))}
MATERIAL = Material(
    {symbol: History.of(index(symbol), bars) for symbol, bars in BARS.items()},
    {},
    Calendars(),
    eastern("2025-10-17 17:00"),
)
LAST = f"{BARS['^RUT'].close[-1]:,.2f}"


class Feed:
    """A feed that hears when told to, and remembers what it was asked."""

    def __init__(self, seen: Stage) -> None:
        self.seen, self.clerk = seen, Clerk(seen.paths)
        self.wishes: list[Wish] = []

    def hear(self, material: Material = MATERIAL) -> None:
        asked = channel.take_requests(self.seen.paths)
        self.wishes += [one.chart for one in asked if one.chart is not None]
        self.clerk.serve(asked, lambda: material)
        self.seen.monitor.attend()


async def opened(seen: Stage, pilot: Pilot[Any], *keys: str) -> Feed:
    """The chart of the Russell, as its feed has answered it."""
    feed = Feed(seen)
    seen.monitor.choose(replace(seen.monitor.choices, selected="^RUT"))
    await pilot.press("c", *keys)
    feed.hear()
    await pilot.pause()
    return feed


def chart_text(seen: Stage) -> str:
    return "\n".join(seen.pane("chart"))


async def test_c_shows_the_chart_of_the_row_under_the_cursor(tmp_path: Path) -> None:
    seen = stage(tmp_path, builders.overview())
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        seen.monitor.choose(replace(seen.monitor.choices, selected="^RUT"))
        await pilot.press("c")
        await pilot.pause()
        assert "Asking the feed for the series of RUT." in chart_text(seen)
        feed = Feed(seen)
        feed.hear()
        await pilot.pause()
        assert feed.wishes == [Wish(kind="price", symbols=("^RUT",), frame="1y")]
        assert f"{POINTER}{LAST}" in chart_text(seen)
        assert "1 year · SMA 50 · SMA 200" in seen.pane("chart")[0]
        assert "daily closes, price return" in chart_text(seen)
        await pilot.press("escape")
        await pilot.pause()
        assert seen.monitor.choices.screen == "overview"
        assert seen.monitor.is_running


@pytest.mark.parametrize("size", SIZES)
async def test_a_chart_fills_every_size_and_cuts_no_number(tmp_path: Path, size: tuple[int, int]) -> None:
    seen = stage(tmp_path, builders.overview())
    async with seen.monitor.run_test(size=size) as pilot:
        await opened(seen, pilot)
        lines = seen.pane("chart")
        assert f"{POINTER}{LAST}" in "\n".join(lines)
        assert not any("…" in line for line in lines)
        assert "final" in "".join(lines[-3:])


async def test_frames_kinds_and_looks_turn_by_keys(tmp_path: Path) -> None:
    seen = stage(tmp_path, builders.overview())
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        feed = await opened(seen, pilot)
        for keys, wanted in (
            ("t", Wish(kind="price", symbols=("^RUT",), frame="5y")),
            ("<<", Wish(kind="price", symbols=("^RUT",), frame="ytd")),
            ("m", Wish(kind="ratio", symbols=("^RUT", "^GSPC"), frame="ytd")),
            ("x", Wish(kind="ratio", symbols=("^RUT", "^DJI"), frame="ytd")),
            ("m", Wish(kind="relative", symbols=("^RUT", "^GSPC", "^DJI", "^IXIC", "^NDX"), frame="ytd")),
            ("m", Wish(kind="drawdown", symbols=("^RUT",), frame="ytd")),
        ):
            await pilot.press(*keys)
            feed.hear()
            await pilot.pause()
            assert feed.wishes[-1] == wanted
        assert "below the highest close" in chart_text(seen)
        asked = len(feed.wishes)
        await pilot.press("v", "L")
        await pilot.pause()
        assert (seen.monitor.choices.chart.candles, seen.monitor.choices.chart.log) == (True, True)
        feed.hear()
        assert len(feed.wishes) == asked


async def test_candles_and_the_log_scale_are_drawn(tmp_path: Path) -> None:
    seen = stage(tmp_path, builders.overview())
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await opened(seen, pilot, "<", "<", "<")
        line = chart_text(seen)
        await pilot.press("v")
        await pilot.pause()
        assert chart_text(seen) != line
        assert any(sign in chart_text(seen) for sign in "┃╽╿║╥")
        await pilot.press("v", "L")
        await pilot.pause()
        assert "log scale" in chart_text(seen)


async def test_the_crosshair_moves_by_keys_and_esc_takes_it_away_first(tmp_path: Path) -> None:
    seen = stage(tmp_path, builders.overview())
    bars = BARS["^RUT"]
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await opened(seen, pilot)
        await pilot.press("left", "left", "h")
        await pilot.pause()
        assert f"close {bars.close[-3]:,.2f}" in chart_text(seen)
        assert CROSS in chart_text(seen)
        await pilot.press("right", "shift+left")
        await pilot.pause()
        assert f"close {bars.close[-12]:,.2f}" in chart_text(seen)
        await pilot.press("escape")
        await pilot.pause()
        assert seen.monitor.choices.screen == "chart"
        assert CROSS not in chart_text(seen)
        await pilot.press("escape")
        assert seen.monitor.choices.screen == "overview"


async def test_a_click_puts_the_crosshair_there(tmp_path: Path) -> None:
    seen = stage(tmp_path, builders.overview())
    bars = BARS["^RUT"]
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await opened(seen, pilot)
        await pilot.click("#chart", offset=(0, 8))
        await pilot.pause()
        first = bars.upto(bars.day(-1).replace(year=bars.day(-1).year - 1)).close[-1]
        assert f"close {first:,.2f}" in chart_text(seen)
        await pilot.click("#chart", offset=(117, 8))
        await pilot.pause()
        assert f"close {first:,.2f}" in chart_text(seen)


async def test_the_last_price_is_proved_and_a_click_beside_the_proof_moves_nothing(tmp_path: Path) -> None:
    seen = stage(tmp_path, builders.overview())
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await opened(seen, pilot)
        await pilot.press("enter")
        await pilot.pause()
        assert "2,452.17" in seen.monitor.desk.proof_text
        await pilot.click("#chart", offset=(10, 8))
        await pilot.pause()
        assert seen.monitor.choices.chart.cross is None
        await pilot.press("escape")
        await pilot.pause()
        assert seen.monitor.choices.screen == "chart"


async def test_performance_is_counted_from_the_crosshair(tmp_path: Path) -> None:
    seen = stage(tmp_path, builders.overview())
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        feed = await opened(seen, pilot)
        await pilot.press("o")
        await pilot.pause()
        assert "Put the crosshair on a session first" in seen.text()
        await pilot.press("left", "left", "left", "o")
        feed.hear()
        await pilot.pause()
        day = BARS["^RUT"].day(-3)
        assert (feed.wishes[-1].kind, feed.wishes[-1].since) == ("relative", day)
        assert f"since {day:%a} {day.day} {day:%b} {day.year}" in seen.pane("chart")[0]


async def test_rows_turn_the_chart_to_the_next_instrument(tmp_path: Path) -> None:
    seen = stage(tmp_path, builders.overview())
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        feed = await opened(seen, pilot)
        await pilot.press("k")
        feed.hear()
        await pilot.pause()
        assert feed.wishes[-1].symbols == ("^NDX",)
        assert "NDX  Nasdaq 100" in chart_text(seen)


async def test_an_open_chart_follows_the_price_and_asks_for_nothing_else(tmp_path: Path) -> None:
    snapshot = builders.live()
    seen = stage(tmp_path, snapshot)
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        feed = await opened(seen, pilot)
        asked = len(feed.wishes)
        elsewhere = changed(snapshot, "^GSPC", 6700.0)
        seen.publish(elsewhere)
        feed.hear()
        assert len(feed.wishes) == asked
        seen.publish(changed(elsewhere, "^RUT", 2450.0))
        feed.hear()
        assert len(feed.wishes) == asked + 1
        await pilot.press("1")
        seen.publish(changed(changed(elsewhere, "^RUT", 2450.0), "^RUT", 2451.0))
        feed.hear()
        assert len(feed.wishes) == asked + 1


async def test_a_quiet_market_rests_with_its_chart_open(tmp_path: Path) -> None:
    seen = stage(tmp_path, builders.overview())
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        seen.monitor.choose(replace(seen.monitor.choices, selected="^RUT"))
        await pilot.press("c")
        seen.monitor.tick()
        assert not seen.monitor.resting()
        Feed(seen).hear()
        await pilot.pause()
        seen.monitor.tick()
        assert seen.monitor.resting()


async def test_times_are_written_in_the_zone_of_the_screen(tmp_path: Path) -> None:
    snapshot, time = builders.live(), eastern("2025-10-17 14:20")
    ends = tuple(time - timedelta(minutes=5 * at) for at in range(40, 0, -1))
    closes = tuple(2440.0 + at for at in range(40))
    running = Live("^RUT", builders.FRIDAY, 2449.05, time, 2490.0, 2433.19, ends=ends, closes=closes)
    history = History.of(index("^RUT"), BARS["^RUT"].upto(builders.THURSDAY))
    settings = ScreenSettings(glyphs="unicode", theme="graphite", zone="Europe/Berlin")
    seen = stage(tmp_path, snapshot, settings=settings)
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        seen.monitor.choose(
            replace(seen.monitor.choices, selected="^RUT", chart=ChartChoice(frame="1d")),
        )
        await pilot.press("c")
        Feed(seen).hear(Material({"^RUT": history}, {"^RUT": running}, Calendars(), time))
        await pilot.pause()
        assert "20:20 CEST, Fri 17 Oct" in chart_text(seen)
        assert "18:00" in chart_text(seen)
        assert "ET" not in chart_text(seen).replace("CEST", "")


async def test_a_chart_is_not_called_live_once_its_price_is_old(tmp_path: Path) -> None:
    snapshot = builders.live()
    seen = stage(tmp_path, snapshot)
    bars = BARS["^RUT"]
    time = eastern("2025-10-17 14:20")
    running = Live("^RUT", builders.FRIDAY, 2449.05, time, 2465.09, 2433.19)
    material = Material(
        {"^RUT": History.of(index("^RUT"), bars.upto(builders.THURSDAY))}, {"^RUT": running}, Calendars(), time
    )
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        seen.monitor.choose(replace(seen.monitor.choices, selected="^RUT"))
        await pilot.press("c")
        Feed(seen).hear(material)
        await pilot.pause()
        assert "live 14:20 ET, Fri 17 Oct" in chart_text(seen)
        rows = tuple(replace(row, freshness="stale") for row in snapshot.instruments)
        seen.publish(replace(snapshot, version=(1, 9), instruments=rows))
        await pilot.pause()
        assert "stale 14:20 ET, Fri 17 Oct" in chart_text(seen)
        assert "live" not in chart_text(seen)


async def test_head_and_axis_say_one_price_before_the_answer_to_it_has_come(tmp_path: Path) -> None:
    snapshot, time = builders.live(), eastern("2025-10-17 14:19")
    seen = stage(tmp_path, snapshot)
    running = Live("^RUT", builders.FRIDAY, 2447.0, time, 2465.09, 2433.19)
    history = History.of(index("^RUT"), BARS["^RUT"].upto(builders.THURSDAY))
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        seen.monitor.choose(replace(seen.monitor.choices, selected="^RUT"))
        await pilot.press("c")
        Feed(seen).hear(Material({"^RUT": history}, {"^RUT": running}, Calendars(), time))
        await pilot.pause()
        assert f"{POINTER}2,449.05" in chart_text(seen)
        assert "live 14:20 ET, Fri 17 Oct" in chart_text(seen)
        assert "2,447.00" not in chart_text(seen)


async def test_a_late_answer_is_said_and_the_rest_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(charting, "PATIENCE", 0.0)
    seen = stage(tmp_path, builders.overview())
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await pilot.press("c")
        seen.monitor.attend()
        await pilot.pause()
        assert "The feed has not answered" in chart_text(seen)
        await pilot.press("2")
        await pilot.pause()
        assert "46,190.61" in seen.text()


async def test_a_broken_answer_is_one_sentence_and_the_next_one_is_shown(tmp_path: Path) -> None:
    seen = stage(tmp_path, builders.overview())
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        seen.monitor.choose(replace(seen.monitor.choices, selected="^RUT"))
        await pilot.press("c")
        answer_path(seen.paths, Wish(kind="price", symbols=("^RUT",), frame="1y")).write_bytes(b'{"wish": [')
        seen.monitor.attend()
        await pilot.pause()
        assert "The feed's answer cannot be read" in chart_text(seen)
        Feed(seen).hear()
        await pilot.pause()
        assert f"{POINTER}{LAST}" in chart_text(seen)
        assert "cannot be read" not in chart_text(seen)


async def test_what_the_feed_cannot_draw_is_its_sentence(tmp_path: Path) -> None:
    seen = stage(tmp_path, builders.overview())
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        feed = await opened(seen, pilot)
        seen.monitor.choose(replace(seen.monitor.choices, selected="^HSI"))
        feed.hear()
        await pilot.pause()
        assert "The feed does not follow ^HSI." in chart_text(seen)
        for key in ("left", "o", "L", "v", "down", "enter", "escape"):
            await pilot.press(key)
            await pilot.pause()
        assert seen.monitor.is_running


async def test_a_store_that_takes_no_requests_says_so(tmp_path: Path) -> None:
    seen = stage(tmp_path, builders.overview())
    seen.paths.requests.rmdir()
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await pilot.press("c")
        await pilot.pause()
        assert "takes no requests from you" in chart_text(seen)


async def test_in_ascii_a_chart_has_no_other_sign(tmp_path: Path) -> None:
    seen = stage(tmp_path, builders.overview(), settings=ScreenSettings(glyphs="ascii", theme="graphite"))
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await opened(seen, pilot, "v")
        assert chart_text(seen).isascii()
        assert f"<{LAST}" in chart_text(seen)


async def test_elsewhere_a_key_of_charts_says_where_they_are(tmp_path: Path) -> None:
    seen = stage(tmp_path, builders.overview())
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await pilot.press("t")
        await pilot.pause()
        assert "That is of a chart: 6 opens one." in seen.text()


# -- choices ----------------------------------------------------------------------------------------------

SNAPSHOT: Snapshot = builders.overview()


def test_frames_turn_around_and_stop_at_their_ends() -> None:
    now = ChartChoice(frame="all")
    assert turn_frame(now, 1, around=True).frame == "1d"
    assert turn_frame(now, 1, around=False).frame == "all"
    assert turn_frame(replace(now, frame="1d"), -1, around=False).frame == "1d"
    assert turn_frame(replace(now, kind="ratio", frame="all"), 1, around=True).frame == "1w"


def test_only_prices_have_a_day_of_five_minutes() -> None:
    now = ChartChoice(frame="1d")
    kinds = [now := turn_kind(now) for _ in range(4)]
    assert [(one.kind, one.frame) for one in kinds] == [
        ("ratio", "1w"), ("relative", "1w"), ("drawdown", "1w"), ("price", "1w"),
    ]  # fmt: skip


def test_a_ratio_is_never_against_a_yield_or_itself() -> None:
    now = ChartChoice(kind="ratio")
    seen: list[str | None] = []
    for _ in SNAPSHOT.instruments:
        now = next_against(now, "^GSPC", SNAPSHOT)
        seen.append(now.against)
    assert "^TNX" not in seen
    assert "^GSPC" not in seen
    assert wish_of(ChartChoice(kind="ratio"), "^GSPC", SNAPSHOT).symbols == ("^GSPC", "^DJI")
