"""The words of age: what header, line and rows say of a silent feed, a wrong clock and a price that is not of now."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from tapewatch.core.freshness import told_at
from tapewatch.core.model.measures import Period
from tapewatch.core.model.snapshot import Row, Snapshot
from tapewatch.tui.charts.changes import changes
from tapewatch.tui.choices import Choices, Opened
from tapewatch.tui.chrome import Status, header, next_try
from tapewatch.tui.format import zone_name
from tapewatch.tui.look import Look, is_old
from tapewatch.tui.panes import discover, symbol_quote, symbol_returns
from tapewatch.tui.proofs import proof_of
from tapewatch.tui.proofs.proof import plain_text
from tapewatch.tui.report import printed
from tapewatch.tui.text import Line, plain
from tapewatch.tui.widgets.board import title_line
from tests import builders
from tests.core.test_silence import MINUTE, NOON, friday
from tests.market import calendar
from tests.tui.stage import stage
from tests.tui.whole import whole

PANES = discover()


def top(snapshot: Snapshot, now: datetime, cells: int = 120, *, paused: bool = False) -> str:
    return plain(header(snapshot, Look(now=now, choices=Choices(paused=paused)), Status(), cells))


def test_a_silent_feed_is_never_called_ok() -> None:
    told = told_at(friday(), NOON + 10 * MINUTE)
    assert "feed silent" in top(told, NOON + 10 * MINUTE)
    assert "ok" not in top(told, NOON + 10 * MINUTE)
    assert "10 min old" in top(told, NOON + 10 * MINUTE, 60)


def test_a_quote_ahead_of_the_clock_has_no_age_in_the_header() -> None:
    earlier = NOON - timedelta(hours=3)
    text = top(told_at(friday(), earlier), earlier)
    assert "12:00:00 ET · 3 h ahead" in text
    assert " old" not in text


def test_an_exchange_whose_sessions_are_not_known_is_neither_open_nor_closed() -> None:
    later = NOON + timedelta(days=60)
    text = top(told_at(friday(), later), later)
    assert "MARKET ?" in text
    assert not any(word in text for word in ("OPEN", "CLOSED", "final"))


def test_a_paused_screen_names_no_state_that_a_bell_has_ended() -> None:
    assert " OPEN " in top(friday(), NOON, paused=True)
    assert " OPEN " not in top(friday(), NOON + timedelta(hours=5), paused=True)


def test_a_try_that_should_have_been_is_due_and_never_a_count_down_of_nothing() -> None:
    failing = replace(friday(), health=replace(friday().health, next_try=NOON + MINUTE))
    words = [next_try(failing, Look(now=NOON + passed * MINUTE)) for passed in (0, 1, 9)]
    assert words == ["next try in 1:00", "next try due", "next try due"]


@pytest.mark.parametrize(
    ("word", "tag", "old"),
    [("live", "", False), ("late", "LATE", False), ("stale", "STALE", True), ("frozen", "STILL", True),
     ("ahead", "AHEAD", True)],
)  # fmt: skip
def test_a_row_says_in_a_word_that_its_price_is_not_of_now(word: str, tag: str, old: bool) -> None:
    shot = friday()
    rows = tuple(replace(row, freshness=word) if row.symbol == "^GSPC" else row for row in shot.instruments)
    shot = replace(shot, instruments=rows)
    page = PANES["quotes"].page(shot, Look(now=NOON), 200, 40)
    line = next(plain(one.line) for one in page.body if one.key == "^GSPC")
    assert (line.split()[-1] == tag) is bool(tag)
    assert ("+0.53" not in line) is old
    assert is_old(rows[0], shot) is old


@pytest.mark.parametrize(
    ("zone", "july", "letters"),
    [("America/New_York", True, "ET"), ("America/New_York", False, "ET"), ("Europe/Berlin", True, "CEST"),
     ("Europe/Berlin", False, "CET"), ("Australia/Sydney", False, "AEDT"), ("Asia/Hong_Kong", True, "HKT"),
     ("Asia/Singapore", True, "SGT"), ("America/Sao_Paulo", True, "BRT"), ("Asia/Kathmandu", True, "Kathmandu"),
     ("Asia/Shanghai", True, "CST"), ("America/Chicago", True, "CT"), ("No/Such_Zone", True, "UTC")],
)  # fmt: skip
def test_zones_have_letters_and_are_no_offsets(zone: str, july: bool, letters: str) -> None:
    moment = datetime(2026, 7 if july else 1, 15, 12, tzinfo=UTC)
    assert zone_name(moment, zone) == letters
    # a time that came out of a file carries an offset alone
    assert zone_name(moment.astimezone(builders.at(builders.FRIDAY, 12).tzinfo), zone) == letters


def test_a_leg_abroad_is_silent_since_a_time_with_its_zone() -> None:
    shot = friday()
    hang_seng = next(row for row in builders.overview().instruments if row.symbol == "^HSI")
    assert hang_seng.quote is not None
    morning = datetime(2025, 10, 17, 3, 0, tzinfo=UTC)
    row = replace(hang_seng, quote=replace(hang_seng.quote, state="live", time=morning))
    flag = replace(shot.flags[0], watched="^HSI", against=())
    abroad = replace(shot, instruments=(row,), flags=(flag,), markets={"XHKG": calendar("XHKG").market(morning)})
    assert told_at(abroad, morning + timedelta(hours=1)).flags[0].sentence == "HSI has been silent since 11:00 HKT"


async def test_a_paused_screen_counts_newer_snapshots_and_not_the_minutes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = stage(tmp_path, friday())
    async with made.monitor.run_test(size=(120, 40)) as pilot:
        await pilot.press("p")
        made.publish(replace(friday(), version=(1, 9)))
        newer, held = made.monitor.waiting, made.monitor.held
        assert held is not None
        # the same one, judged anew as time passes
        monkeypatch.setattr(made.monitor.data, "latest", lambda: replace(held, flags=()))
        made.monitor.look_for_newer()
        assert (newer, made.monitor.waiting) == (1, 1)


def aged(word: str) -> Snapshot:
    """A live session in which no price is of now any more."""
    shot = builders.live()
    return replace(shot, instruments=tuple(replace(row, freshness=word) for row in shot.instruments))


@pytest.mark.parametrize("word", ["stale", "frozen", "ahead"])
def test_nothing_beside_old_prices_is_called_live(word: str) -> None:
    shot = aged(word)
    look = Look(now=shot.clock.now)
    weekly = "\n".join(map(plain, _painted("weekly", shot, look)))
    assert "live" not in weekly
    assert f"day 5 of 5, {word}" in weekly
    assert weekly.count(word) > 3
    assert "stand on old prices" in "\n".join(map(plain, _painted("record", shot, look)))
    made = proof_of("quotes", "last", "^RUT", shot, look)
    assert made is not None
    assert [one.state for one in made.inputs] == [word]
    assert " live" not in plain_text(made)


def test_beside_prices_of_now_it_is_called_live() -> None:
    shot = builders.live()
    assert "day 5 of 5, live" in "\n".join(map(plain, _painted("weekly", shot, Look(now=shot.clock.now))))


def _painted(pane: str, shot: Snapshot, look: Look) -> list[Line]:
    page = PANES[pane].page(shot, look, 200, 40)
    return [*page.clauses, *(one.line for one in page.body)]


def test_on_paper_an_old_price_loses_its_change_and_a_delayed_one_is_not_called_live() -> None:
    shot = aged("stale")
    late = replace(shot.instruments[0], freshness="delayed")
    assert late.quote is not None
    late = replace(late, quote=replace(late.quote, delay_minutes=15))
    text = printed(replace(shot, instruments=(late, *shot.instruments[1:])), "text")
    lines = [line.split() for line in text.splitlines() if line.split()[:1] in ([late.short], ["RUT"])]
    delayed, rut = lines[0], next(line for line in lines if line[0] == "RUT")
    assert "delayed" in delayed
    assert "live" not in delayed
    assert "stale" in rut
    assert not any(word.startswith(("+", "−")) for word in rut)


def opened(shot: Snapshot) -> Look:
    return Look(now=shot.clock.now, choices=Choices(screen="instrument", opened=Opened("^RUT", ("^RUT",))))


def russell(shot: Snapshot) -> Row:
    row = shot.row("^RUT")
    assert row is not None
    return row


def with_returns(shot: Snapshot) -> Snapshot:
    """The same with returns and one span of RUT to Friday 17 October, and its range of 52 weeks."""
    full = russell(whole())
    period = Period(start=date(2024, 10, 17), end=date(2025, 10, 17), label="1 year", percent=-7.51)
    rows = tuple(
        replace(row, returns=full.returns, periods=(period,), year_range=full.year_range)
        if row.symbol == "^RUT"
        else row
        for row in shot.instruments
    )
    return replace(shot, instruments=rows)


def test_returns_to_date_of_an_old_price_go_stale_with_its_change() -> None:
    shot = with_returns(builders.offline())
    page = PANES["symbol_returns"].page(shot, opened(shot), 100, 20)
    said = [plain(one) for one in page.clauses]
    assert said[:2] == ["to date stale of Fri 17 Oct 2025", "spans to Fri 17 Oct 2025"]
    to_date, spans = (one.rows[0].cells for one in symbol_returns.blocks(russell(shot), shot))
    assert to_date["day"].text == "–"
    assert {to_date[name].style for name in ("week", "month", "quarter", "year")} == {"stale"}
    assert spans["0"].style == "stale"


def test_returns_say_what_moves_with_the_price_and_what_ends_at_a_close() -> None:
    shot = with_returns(builders.live())
    said = [plain(one) for one in PANES["symbol_returns"].page(shot, opened(shot), 100, 20).clauses]
    assert said[:2] == ["to date live", "spans to Fri 17 Oct"]
    shut = with_returns(builders.overview())
    said = [plain(one) for one in PANES["symbol_returns"].page(shut, opened(shut), 100, 20).clauses]
    assert said[:2] == ["to date of Fri 17 Oct", "spans to Fri 17 Oct"]


def test_a_price_of_long_ago_says_its_age_in_days_and_its_52_weeks_their_end() -> None:
    shot = with_returns(builders.offline())
    assert symbol_quote.blocks(russell(shot), shot, opened(shot))[0].rows[0].cells["age"].text == "399 d"
    year = PANES["symbol_year"].page(shot, opened(shot), 120, 20)
    assert [plain(one) for one in year.clauses] == ["364 days to Fri 17 Oct 2025"]


def test_changes_beside_a_chart_lose_their_colour_with_an_old_price() -> None:
    shot = with_returns(builders.offline())
    made = changes(russell(shot), 60, 12, today=shot.clock.now.date())
    assert "spans to 17 Oct 2025, final" in plain(made[1])
    assert {piece.style for one in made[2:] for piece in one} <= {"muted", "stale", "text", ""}


@pytest.mark.parametrize("cells", [76, 100, 118])
def test_the_weekly_pane_says_in_every_width_that_it_stands_on_old_prices_and_of_which_year(cells: int) -> None:
    shot = builders.offline()
    look = Look(now=shot.clock.now)
    page = PANES["weekly"].page(shot, look, cells, 40)
    title = plain(title_line(page.title, page.clauses, cells, focused=False))
    assert "10 of 10 stand on old prices, from Fri 17 Oct 2025 on" in title
    assert "week of Mon 13 Oct 2025" in "\n".join(map(plain, page.clauses))
