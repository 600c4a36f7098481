"""Header, line and footer: the examples of the specification, and what is dropped first."""

from datetime import timedelta

import msgspec
import pytest
from msgspec.structs import replace

from tapewatch.core.model.config import Problem
from tapewatch.core.model.snapshot import Snapshot
from tapewatch.tui.choices import Choices
from tapewatch.tui.chrome import Status, facts, header
from tapewatch.tui.commands import bind, in_force
from tapewatch.tui.edits import Edit
from tapewatch.tui.footer import footer
from tapewatch.tui.look import Look
from tapewatch.tui.message_line import Troubles, message
from tapewatch.tui.text import plain, width
from tests import builders


def look(snapshot: Snapshot, **choices: object) -> Look:
    return Look(now=snapshot.clock.now, choices=replace(Choices(), **choices))


def top(snapshot: Snapshot | None, cells: int, status: Status | None = None, **choices: object) -> str:
    where = look(snapshot or builders.overview(), **choices)
    made = header(snapshot, where, status or Status(), cells)
    assert width(made) == cells
    return plain(made)


def said(snapshot: Snapshot | None, cells: int = 120, troubles: Troubles | None = None) -> str:
    made = message(snapshot, look(snapshot or builders.overview()), troubles or Troubles(), cells)
    assert width(made) <= cells
    return plain(made)


def test_after_the_close() -> None:
    text = top(builders.overview(), 140)
    assert "CLOSED" in text
    assert "Fri 17 Oct, final · taken 16:20 ET" in text
    assert "opens Mon 09:30, in 2 d 17 h" in text
    assert "yahoo ok" in text
    assert text.rstrip().endswith("▂▅█ 2 stories, 3 flags")


def test_open_with_a_sick_feed() -> None:
    text = top(builders.live(), 120)
    assert " OPEN " in text
    assert "14:20:00 ET · 4 s old" in text
    assert "closes in 1 h 39 min" in text
    assert "yahoo 6 of 10 late" in text
    assert text.rstrip().endswith("2 flags, 1 ?")


def test_prices_alone_that_fail_are_not_an_outage() -> None:
    """Charts answer one by one: the line says which way is dead, and since when."""
    sick = builders.live()
    cause = {"error": "server error (500)", "failing": "prices", "attempts": 9}
    snapshot = msgspec.structs.replace(sick, health=msgspec.structs.replace(sick.health, **cause))
    assert "prices unanswered, charts come one by one since" in said(snapshot, 160)
    assert "server error (500)" in said(snapshot, 80)
    assert "yahoo no prices" in top(snapshot, 140)


def test_at_80_columns_the_long_words_go_and_the_facts_stay() -> None:
    closed, open_ = top(builders.overview(), 80), top(builders.live(), 80)
    assert "Fri 17 Oct, final" in closed
    assert "opens Mon 09:30" in closed
    assert "14:20:00 ET · 4 s old" in open_
    assert "6 of 10 late" in open_


def test_at_60_columns_state_time_age_and_flags_remain() -> None:
    text = top(builders.live(), 60)
    assert all(words in text for words in ("OPEN", "14:20:00 ET · 4 s old", "2 flags"))


def test_the_demo_never_passes_for_the_market() -> None:
    for cells in (60, 80, 100, 120, 200):
        text = top(builders.overview("demo"), cells)
        assert " DEMO " in text
        assert "not real prices" in text
        assert "yahoo" not in text


def test_paused_says_for_how_long_and_what_waits() -> None:
    live = builders.live()
    status = Status(waiting=9, since=live.clock.now - timedelta(minutes=3))
    text = top(live, 120, status, paused=True)
    assert " PAUSED " in text
    assert "frozen 3 min ago" in text
    assert "9 newer snapshots wait" in text


def test_too_old_an_age_is_a_fault_and_says_how_old() -> None:
    live = builders.live()
    late = Look(now=live.clock.now + timedelta(minutes=77))
    made = header(live, late, Status(allowed=120), 120)
    assert next(style for text, style in made if "old" in text) == "fault"
    assert "1 h 17 min old" in plain(made)


def test_markets_have_their_words() -> None:
    words = {}
    for state in ("pre", "post", "holiday"):
        closed = builders.overview()
        markets = {"XNYS": msgspec.structs.replace(closed.markets["XNYS"], state=state, holiday="Christmas Day")}
        words[state] = top(msgspec.structs.replace(closed, markets=markets), 160)
    assert " PRE " in words["pre"]
    assert " POST " in words["post"]
    assert " HOLIDAY " in words["holiday"]
    assert "Christmas Day" in words["holiday"]
    assert "no requests" in words["holiday"]


def test_before_the_first_snapshot() -> None:
    assert "no data yet" in top(None, 80)
    assert "history 4 of 16" in top(builders.empty(), 120)


def test_the_line_names_what_failed_since_when_why_what_next_and_what_is_shown() -> None:
    assert said(builders.live()) == (
        " FEED  6 of 10 symbols unanswered since 09:30 ET (time-out, 14 tries) · next try in 3:20 · "
        "shown: Thu 16 Oct values"
    )
    short = said(builders.live(), 80)
    assert "6 of 10" in short
    assert "3:20" in short


def test_the_line_shows_the_newest_event_when_all_is_well() -> None:
    text = said(builders.overview())
    assert text.startswith(" 16:20 ET  same-day direction confirmed: RUT −0.60\u00a0%")


def test_one_cause_at_a_time_the_worst_first() -> None:
    problem = Problem(file="config.toml", key="screen.theme", value="grafite", expected="a known theme")
    both = Troubles(trouble="the snapshot cannot be read", feed="the feed stopped", problems=(problem,))
    assert said(builders.overview(), 120, both).startswith(" STORE  the snapshot cannot be read")
    assert said(builders.overview(), 120, replace(both, trouble="")).startswith(" FEED  the feed stopped")
    config = said(builders.overview(), 120, Troubles(problems=(problem,)))
    assert config.startswith(" CONFIG  config.toml: screen.theme = grafite: expected a known theme")
    assert said(builders.overview(), 120, replace(both, notice="Theme ledger.")).strip() == "Theme ledger."


@pytest.mark.parametrize("cells", [60, 80, 100, 120])
def test_a_long_first_fault_of_the_settings_leaves_room_for_how_many_more_there_are(cells: int) -> None:
    zones = "a zone of this machine's list, such as America/New_York, Europe/London, Asia/Tokyo or UTC, spelt as there"
    long = Problem(file="config.toml", key="screen.zone", value='"Mars/X"', expected=zones)
    text = said(builders.overview(), cells, Troubles(problems=(long,) * 10))
    assert " … (9 more" in text
    assert text.startswith(" CONFIG  config.toml: screen.zone = ")
    assert len(text) <= cells
    assert "more" not in said(builders.overview(), cells, Troubles(problems=(long,)))


def test_a_sentence_too_long_ends_at_a_word() -> None:
    text = said(builders.overview(), 40)
    assert text.endswith(" …")
    assert text.startswith(" 16:20 ET  RUT same-day direction")


def test_news_too_long_for_the_line_are_told_as_the_card_tells_them() -> None:
    live = builders.live()
    flag = next(one for one in live.flags if one.brief)
    event = msgspec.structs.replace(
        max(live.journal, key=lambda one: one.time), flag=flag.id, watched=flag.watched, state=flag.state,
        session=flag.session, sentence=flag.sentence, title=flag.title, rule=flag.rule,
    )  # fmt: skip
    snapshot = msgspec.structs.replace(builders.overview(), journal=(event,), flags=(flag,))
    assert "the rule asks 3\u00a0%." in said(snapshot, 200)
    narrow = said(snapshot, 86)
    assert narrow.endswith("−3.52\u00a0% from a 2-session-old record")
    assert "…" not in said(snapshot, 60)


def test_the_footer_lists_what_exists_and_nothing_else() -> None:
    bound = in_force(bind({"pause": "x"})[0], replaying=False)
    wide = plain(footer(bound, Choices(), 200))
    assert wide.split()[:10] == ["1", "overview", "2", "quotes", "3", "weekly", "4", "record", "5", "flags"]
    assert "x pause" in wide
    narrow = plain(footer(bound, Choices(screen="record"), 80))
    assert narrow.split()[:6] == ["1", "2", "3", "4", "record", "5"]
    assert "q quit" in narrow


def test_a_wider_footer_never_loses_a_key_of_the_screen_in_front() -> None:
    bound = in_force(bind({})[0], replaying=False)
    shown = (Choices(), Choices(screen="chart"), Choices(screen="flags"), Choices(page="alerts"))
    for choices in shown:
        before: set[str] = set()
        for cells in range(60, 220):
            keys = set(keys_in(plain(footer(bound, choices, cells))))
            assert before <= keys, (choices.screen, choices.page, cells)
            before = keys


def test_chart_keys_proof_and_test_are_there_at_120_columns() -> None:
    bound = in_force(bind({})[0], replaying=False)
    chart = plain(footer(bound, Choices(screen="chart"), 120))
    assert all(word in chart for word in ("x against", "m mode", "t frame", "v candles", "? help"))
    assert "Enter proof" in plain(footer(bound, Choices(), 120))
    assert "! test" in plain(footer(bound, Choices(page="alerts"), 120))


def test_screens_and_keys_do_not_run_together() -> None:
    bound = in_force(bind({})[0], replaying=False)
    for cells in range(60, 220):
        text = plain(footer(bound, Choices(), cells))
        assert "   " in text.strip(), cells


def keys_in(text: str) -> list[str]:
    """What stands behind the gap of a footer."""
    return [word for word in text.rstrip().rpartition("   ")[2].split("  ") if word.strip()]


def test_while_something_is_typed_the_footer_names_only_what_keys_do_there() -> None:
    bound = in_force(bind({})[0], replaying=False)
    typed = {
        "Enter find  Esc leave": Choices(finding=True),
        "Enter save  Esc leave": Choices(edit=Edit("view", text="9 mine")),
        "Enter add  Esc leave": Choices(edit=Edit("symbol")),
        "Enter write  Esc leave": Choices(edit=Edit("setting", of="screen.theme"), page="settings"),
        "Esc leave": Choices(edit=Edit("key", of="keys.quit"), page="settings"),
        "↑ ↓ another rule  Enter add  Esc leave": Choices(edit=Edit("pair")),
        "- yes  Esc no": Choices(edit=Edit("drop-symbol", of="RUT", question="Remove RUT?")),
    }
    for words, choices in typed.items():
        for cells in (60, 80, 120):
            text = plain(footer(bound, choices, cells)).strip()
            assert text.removeprefix("1 overview").strip() == words


def test_the_footer_of_an_export_says_what_its_keys_do() -> None:
    text = plain(footer(in_force(bind({})[0], replaying=False), Choices(exporting="pane"), 80))
    assert "y clipboard  Enter file" in text


def test_a_paused_screen_is_resumed() -> None:
    bound = in_force(bind({})[0], replaying=False)
    assert "p resume" in plain(footer(bound, Choices(paused=True), 80))
    assert "p pause" in plain(footer(bound, Choices(), 80))


def test_a_paused_demo_still_says_that_its_prices_are_not_real() -> None:
    demo = builders.overview("demo")
    status = Status(waiting=3, since=demo.clock.now - timedelta(minutes=3))
    for cells in (60, 80, 120, 200):
        text = top(demo, cells, status, paused=True)
        assert " PAUSED " in text
        assert "not real prices" in text
    assert "frozen 3 min" in top(demo, 120, status, paused=True)


def test_the_state_of_the_market_stands_on_a_bare_row_of_60_columns() -> None:
    live = builders.live()
    demo = msgspec.structs.replace(live, mode="demo")
    known = facts(demo, look(demo, bare=True), Status(), 41)
    assert width(known) <= 41
    assert " OPEN " in plain(known)
    assert "not real prices" in plain(known)


def test_the_alerts_page_offers_its_keys_only_where_there_is_an_alert() -> None:
    bound = in_force(bind({})[0], replaying=False)
    page = Choices(page="alerts")
    assert "! test  M mute" in plain(footer(bound, page, 160))
    bare = plain(footer(bound, page, 160, alerts=False))
    assert "test" not in bare
    assert "mute" not in bare
    assert "back" in bare


def test_a_key_for_a_command_there_is_not_is_left_out_and_has_no_default() -> None:
    (problem,) = bind({"pawse": "x"})[1]
    assert str(problem).endswith("expected a known command (nearest: pause); it is left out")
    assert str(bind({"pause": "no key"})[1][0]).endswith("; the default is used")
