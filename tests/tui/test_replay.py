"""A replay on the screen: its mark, its transport, its keys, and the way there and back."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from tapewatch.core import channel
from tapewatch.core.data import MarketData
from tapewatch.core.model.config import ScreenSettings
from tapewatch.core.model.measures import Transport
from tapewatch.core.model.snapshot import Snapshot
from tapewatch.core.paths import Paths
from tapewatch.tui.app import Monitor
from tapewatch.tui.choices import Choices
from tapewatch.tui.chrome import Status, header, least_header
from tapewatch.tui.commands import COMMANDS
from tapewatch.tui.look import Look
from tapewatch.tui.message_line import Troubles, message
from tapewatch.tui.text import plain, width
from tapewatch.tui.transport import transport_line
from tests.tui.stage import Stage, builders, configured, stage

WEEK = tuple(date(2025, 10, one) for one in (13, 14, 15, 16, 17))
FRIDAY = WEEK[-1]


def standing(shown: date = FRIDAY, *, last: date = date(2025, 10, 31), playing: bool = False) -> Transport:
    return Transport(sessions=WEEK, shown=shown, first=date(1987, 9, 10), last=last, playing=playing)


def evening(shown: date = FRIDAY, counter: int = 1, *, source: str = "store", playing: bool = False) -> Snapshot:
    """Friday after the close, as a replay shows it."""
    made = builders.overview("replay", counter)
    clock = replace(made.clock, rate=0.0, read_at=None)
    health = replace(made.health, source=source)
    return replace(made, clock=clock, health=health, transport=standing(shown, playing=playing))


# -- drawn ------------------------------------------------------------------------------------------------


def test_the_past_is_named_the_present_a_chip_and_the_future_faint() -> None:
    made = transport_line(standing(WEEK[2]), ("[", "]"), 120)
    assert width(made) <= 120
    assert " ".join(plain(made).split()) == (
        "‖ paused [ ◂ week Mon 13 ━━ Tue 14 ━━ Wed 15 ·· Thu 16 ·· Fri 17 week ▸ ] speed 1 s a session"
    )
    styles = {text.strip(): style for text, style in made}
    assert (styles["Tue 14"], styles["Wed 15"], styles["Thu 16"]) == ("text", "chip-mode", "faint")


@pytest.mark.parametrize("cells", [20, 40, 56, 60, 66, 80, 100, 120, 200])
@pytest.mark.parametrize("shown", WEEK)
def test_at_any_width_the_session_shown_is_there_whole(cells: int, shown: date) -> None:
    made = transport_line(standing(shown), ("[", "]"), cells)
    assert width(made) <= cells
    assert f"{shown:%a} {shown.day}" in plain(made)


def test_at_the_ends_the_way_on_is_faint() -> None:
    made = transport_line(standing(last=FRIDAY), ("[", "]"), 120)
    styles = {text.strip(): style for text, style in made}
    assert (styles["▸ ]"], styles["[ ◂"]) == ("faint", "text")


def test_playing_is_said_and_keys_are_the_live_ones() -> None:
    words = plain(transport_line(standing(playing=True), ("F5", "F6"), 120))
    assert words.startswith(" ▸ playing  F5 ◂ week")
    assert "week ▸ F6" in words


@pytest.mark.parametrize("cells", [60, 80, 100, 120, 200])
def test_the_header_says_that_it_is_a_replay_and_of_when(cells: int) -> None:
    made = header(evening(), Look(now=evening().clock.now), Status(), cells)
    assert width(made) == cells
    assert " REPLAY " in plain(made)
    assert "Fri 17 Oct 2025" in plain(made)
    assert not any(word in plain(made) for word in ("CLOSED", "opens", "yahoo", "old"))


def test_where_there_is_room_that_nothing_later_is_known() -> None:
    words = plain(header(evening(), Look(now=evening().clock.now), Status(), 140))
    assert "Fri 17 Oct 2025, after the close   nothing later is known   stored bars, final" in words


def test_a_replay_of_the_sample_market_is_a_demo_too() -> None:
    for cells in (60, 80, 120):
        words = plain(header(evening(source="sample"), Look(now=evening().clock.now), Status(), cells))
        assert " DEMO " in words
        assert " REPLAY " in words
        assert "not real prices" in words


def test_paused_in_a_replay_counts_what_waits_and_has_no_age() -> None:
    look = Look(now=evening().clock.now, choices=Choices(paused=True))
    words = plain(header(evening(), look, Status(waiting=2, since=look.now), 120))
    assert "REPLAY   PAUSED" in words
    assert "2 newer snapshots wait" in words
    assert "frozen" not in words


def test_the_smallest_window_keeps_mark_and_date() -> None:
    words = " ".join(plain(one) for one in least_header(evening(), Look(now=evening().clock.now), Status(), 30))
    assert "REPLAY" in words
    assert "Fri 17 Oct 2025" in words


def test_a_store_in_trouble_goes_before_the_transport() -> None:
    look = Look(now=evening().clock.now)
    assert "STORE" in plain(message(evening(), look, Troubles(trouble="cannot read"), 120))
    assert "Fri 17" in plain(message(evening(), look, Troubles(), 120))


# -- on the screen ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "glyphs"),
    [((60, 16), "unicode"), ((80, 24), "ascii"), ((120, 40), "unicode"), ((200, 60), "unicode")],
)
async def test_the_mark_and_the_transport_are_on_every_screen_and_page(
    tmp_path: Path, size: tuple[int, int], glyphs: str
) -> None:
    seen = stage(tmp_path, evening(), settings=ScreenSettings(glyphs=glyphs, theme="graphite"))
    digits = [one.keys[0] for one in COMMANDS if one.section == "screens"]
    async with seen.monitor.run_test(size=size) as pilot:
        for key in (*digits, "question_mark", "comma", "escape", "p"):
            await pilot.press(key)
            await pilot.pause()
            assert "REPLAY" in seen.lines()[0]
            seen.monitor.say("")
            seen.monitor.paint()
            assert "Fri 17" in seen.lines()[-2]
            assert glyphs == "unicode" or seen.text().isascii()


@pytest.mark.parametrize(
    ("key", "wish"),
    [("left", "session-1"), ("right", "session+1"), ("left_square_bracket", "week-1"),
     ("right_square_bracket", "week+1"), ("space", "play")],
)  # fmt: skip
async def test_keys_ask_for_steps(tmp_path: Path, key: str, wish: str) -> None:
    seen = stage(tmp_path, evening())
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await pilot.press(key)
        assert [(one.kind, one.value) for one in channel.take_requests(seen.paths)] == [("step", wish)]


async def test_space_stops_what_plays(tmp_path: Path) -> None:
    seen = stage(tmp_path, evening(playing=True))
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        assert "playing" in seen.lines()[38]
        await pilot.press("space")
        assert [one.value for one in channel.take_requests(seen.paths)] == ["pause"]


async def test_at_the_last_session_there_is_nothing_to_ask_for(tmp_path: Path) -> None:
    seen = stage(tmp_path, replace(evening(), transport=standing(last=FRIDAY)))
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        for key in ("right", "right_square_bracket", "space"):
            await pilot.press(key)
            assert "This is the last session stored." in seen.lines()[38]
        assert channel.take_requests(seen.paths) == ()


async def test_the_replay_command_is_not_left_by_esc(tmp_path: Path) -> None:
    seen = stage(tmp_path, evening())
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await pilot.press("2", "escape", "escape", "escape")
        assert "REPLAY" in seen.lines()[0]


async def test_in_the_live_market_the_keys_of_a_replay_are_not_there(tmp_path: Path) -> None:
    seen = stage(tmp_path, builders.overview())
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await pilot.press("space", "left", "right_square_bracket")
        assert channel.take_requests(seen.paths) == ()
        assert "This is the newest week; [ goes back." in seen.lines()[38]
        await pilot.press("question_mark")
        assert "play and stop" not in seen.text()


# -- there and back ---------------------------------------------------------------------------------------


class Private(MarketData):
    """A replay's end of a folder of its own; whoever is its feed, the test publishes."""

    closed = 0
    problem: str | None = None

    def tend(self) -> str | None:
        return self.problem

    def close(self) -> None:
        self.closed += 1
        super().close()


class Opened:
    """Replays that were opened: at which date, and what is theirs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.days: list[date | None] = []
        self.all: list[Private] = []

    def __call__(self, day: date | None) -> MarketData:
        self.days.append(day)
        own = self.folder / f"replay-{len(self.days)}"
        paths = Paths(store=own, state=own, config_file=own / "config.toml", themes=own / "themes")
        paths.requests.mkdir(parents=True)
        self.all.append(Private(paths, configured(ScreenSettings(), {})))
        return self.all[-1]


Home = Callable[..., tuple[Stage, Opened]]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    def made(snapshot: Snapshot | None = None) -> tuple[Stage, Opened]:
        opened = Opened(tmp_path)
        seen = stage(tmp_path, snapshot or builders.overview())
        monitor = Monitor(seen.monitor.data, seen.monitor.config, (), None, opened)
        return Stage(seen.paths, monitor), opened

    return made


async def test_the_week_before_opens_beside_the_live_market_and_esc_comes_back_at_once(home: Home) -> None:
    seen, opened = home()
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await pilot.press("2", "left_square_bracket")
        assert opened.days == [date(2025, 10, 12)]
        assert "Opening the week before." in seen.lines()[38]
        assert "CLOSED" in seen.lines()[0]
        channel.publish(opened.all[0].paths, evening(date(2025, 10, 17)))
        seen.monitor.look_for_newer()
        await pilot.pause()
        assert "REPLAY" in seen.lines()[0]
        await pilot.press("right")
        assert [one.value for one in channel.take_requests(opened.all[0].paths)] == ["session+1"]
        assert channel.take_requests(seen.paths) == ()
        seen.publish(builders.overview(counter=9))
        assert "REPLAY" in seen.lines()[0]
        await pilot.press("question_mark", "escape")
        assert "REPLAY" in seen.lines()[0]
        await pilot.press("escape")
        assert "CLOSED" in seen.lines()[0]
        assert seen.monitor.choices.screen == "quotes"
        assert seen.monitor.snapshot
        assert seen.monitor.snapshot.version == (1, 9)
        await pilot.pause()
        assert opened.all[0].closed == 1
        await pilot.press("right")  # a figure again, and no step
        assert channel.take_requests(opened.all[0].paths) == ()


async def test_esc_takes_back_an_opening(home: Home) -> None:
    seen, opened = home()
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await pilot.press("left_square_bracket", "escape")
        channel.publish(opened.all[0].paths, evening())
        seen.monitor.look_for_newer()
        await pilot.pause()
        assert "CLOSED" in seen.lines()[0]
        assert opened.all[0].closed == 1


async def test_a_replay_may_be_opened_again(home: Home) -> None:
    seen, opened = home()
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        for number in range(2):
            await pilot.press("left_square_bracket")
            channel.publish(opened.all[number].paths, evening())
            seen.monitor.look_for_newer()
            await pilot.press("escape")
        await pilot.pause()
        assert [one.closed for one in opened.all] == [1, 1]


async def test_before_the_first_prices_there_is_nothing_to_replay(home: Home) -> None:
    seen, opened = home(builders.empty())
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await pilot.press("left_square_bracket")
        assert "There is nothing to replay yet." in seen.lines()[38]
        assert opened.days == []


async def test_a_feed_that_cannot_replay_says_why(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    seen, opened = home()
    monkeypatch.setattr(Private, "problem", "the feed stopped: there are no bars to replay")
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await pilot.press("left_square_bracket")
        seen.monitor.look_for_newer()
        await pilot.pause()
        assert "No replay: the feed stopped: there are no bars to replay." in seen.lines()[38]
        assert opened.all[0].closed == 1


def test_the_live_market_stays_watched_while_one_is_away(home: Home) -> None:
    seen, opened = home()
    live = MarketData.open(seen.paths, seen.monitor.config)
    monitor = Monitor(live, seen.monitor.config, (), None, opened)
    monitor.data = opened(None)
    assert channel.is_watched(seen.paths)
    monitor.close()
    assert not channel.is_watched(seen.paths)
    assert opened.all[0].closed == 1
