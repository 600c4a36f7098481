"""The recap of a finished week in a folder: once, whole, again only when its figures change, never over another's."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from tapewatch.core import recap_keeping
from tapewatch.core.clock import PacedClock
from tapewatch.core.compose import compose_as_of
from tapewatch.core.doctor import Case, Check, Terminal
from tapewatch.core.doctor_recap import recaps
from tapewatch.core.feed import Feed
from tapewatch.core.model.config import Config, FeedSettings
from tapewatch.core.model.recap import Recap
from tapewatch.core.model.snapshot import ClockReading, Health, Snapshot
from tapewatch.core.paths import Paths, default_paths
from tapewatch.core.recap import recap_of
from tapewatch.core.recap_keeping import RecapKeeper, is_settled, ledger
from tapewatch.core.sessions import Calendars
from tapewatch.core.settings_text import default_text
from tapewatch.core.store.bars import save_bars
from tapewatch.core.store.budget import Budget
from tapewatch.core.store.schema import connect
from tapewatch.core.store.symbols import mark_full
from tapewatch.tui.recap_report import printed_recap

from ..market import Played, failing, index, rows, until, walk, watching

FRIDAY, MONDAY = date(2025, 10, 17), date(2025, 10, 13)
BOARD = watching(index("^RUT"), index("^GSPC"))
SATURDAY = datetime(2025, 10, 18, 15, tzinfo=UTC)
NAME = "tapewatch-recap-2025-10-13.md"


def week_of(seed: int = 2) -> Snapshot:
    """A made week that is over."""
    bars = {
        one.symbol: until(walk(at + seed, 900, first=date(2022, 6, 1)), FRIDAY) for at, one in enumerate(BOARD.watched)
    }
    snapshot = compose_as_of(BOARD, bars, FRIDAY, Calendars())
    return msgspec.structs.replace(
        snapshot,
        recap=recap_of(snapshot, bars),
        clock=ClockReading(now=SATURDAY),
        health=Health(source="test", history_loaded=(2, 2)),
    )


@pytest.fixture(scope="module")
def week() -> Snapshot:
    return week_of()


@pytest.fixture(scope="module")
def mended() -> Snapshot:
    """The same week with other closes."""
    return week_of(7)


class Desk:
    """A folder of notes, a store, and what the log says."""

    def __init__(self, tmp_path: Path) -> None:
        self.notes, self.paths = tmp_path / "notes", default_paths(tmp_path / "store", tmp_path / "none.toml")
        self.notes.mkdir()
        self.paths.store.mkdir()
        self.said: list[str] = []

    def keeper(self, folder: str | None = None) -> RecapKeeper:
        """A feed that starts anew."""
        return RecapKeeper(str(self.notes) if folder is None else folder, self.paths, text, self.said.append)

    def names(self) -> list[str]:
        return sorted(path.name for path in self.notes.iterdir())

    def read(self, name: str = NAME) -> str:
        return (self.notes / name).read_text(encoding="utf-8")


def text(recap: Recap) -> str:
    return printed_recap(recap, "markdown")


def told(snapshot: Snapshot) -> str:
    assert snapshot.recap is not None
    return text(snapshot.recap)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_finished_week_is_written_once_for_its_owner_alone(desk: Desk, week: Snapshot) -> None:
    keeper = desk.keeper()
    keeper.keep(week)
    assert desk.names() == [NAME]
    assert desk.read() == told(week)
    assert (desk.notes / NAME).stat().st_mode & 0o777 == 0o600
    (desk.notes / NAME).unlink()
    keeper.keep(week)
    desk.keeper().keep(week)  # nor after a restart, though somebody has thrown it away
    assert desk.names() == []
    assert len(desk.said) == 1


def test_changed_figures_replace_it(desk: Desk, week: Snapshot, mended: Snapshot) -> None:
    desk.keeper().keep(week)
    desk.keeper().keep(mended)
    assert desk.names() == [NAME]
    assert desk.read() == told(mended) != told(week)


def test_what_the_trader_wrote_into_it_stays(desk: Desk, week: Snapshot, mended: Snapshot) -> None:
    desk.keeper().keep(week)
    (desk.notes / NAME).write_text("my own words")
    desk.keeper().keep(mended)
    assert desk.names() == [NAME.replace(".md", "-2.md"), NAME]
    assert desk.read() == "my own words"
    assert desk.read(NAME.replace(".md", "-2.md")) == told(mended)


def test_the_same_recap_exported_by_hand_is_not_doubled(desk: Desk, week: Snapshot) -> None:
    (desk.notes / NAME).write_text(told(week), encoding="utf-8")
    desk.keeper().keep(week)
    assert desk.names() == [NAME]


def test_an_exchange_that_is_in_its_next_week_takes_nothing_away(desk: Desk, week: Snapshot) -> None:
    desk.keeper().keep(week)
    assert week.recap is not None
    fewer = msgspec.structs.replace(week.recap, by_index=week.recap.by_index[:1], missing=("GSPC",))
    desk.keeper().keep(msgspec.structs.replace(week, recap=fewer))
    assert desk.read() == told(week)


def test_a_week_waits_for_its_last_closes_but_not_for_ever(week: Snapshot) -> None:
    assert week.recap is not None
    running = msgspec.structs.replace(week.recap, final=False)
    assert not is_settled(week, running)
    lacking = msgspec.structs.replace(week.recap, missing=("HSI",))
    evening = msgspec.structs.replace(week, clock=ClockReading(now=SATURDAY - timedelta(hours=12)))
    assert is_settled(evening, week.recap)
    assert not is_settled(evening, lacking)
    assert is_settled(week, lacking)


def test_a_feed_that_still_loads_histories_waits_for_them(week: Snapshot) -> None:
    assert week.recap is not None
    loading = msgspec.structs.replace(week, health=Health(source="test", history_loaded=(1, 2)))
    assert not is_settled(loading, week.recap)


@pytest.mark.parametrize("folder", ["", "missing"])
def test_without_a_folder_nothing_is_written_and_a_missing_one_is_said_once(
    desk: Desk, week: Snapshot, folder: str
) -> None:
    wanted = str(desk.notes / folder) if folder else ""
    keeper = desk.keeper(wanted)
    keeper.keep(week)
    keeper.keep(week)
    said = [f"the recap of 2025-10-13 was not written: the folder {wanted} is not there"] if folder else []
    assert desk.said == said
    assert ledger(desk.paths).problem == (said[0] if said else None)
    if folder:
        (desk.notes / folder).mkdir()
        keeper.keep(week)
        assert (desk.notes / folder / NAME).exists()
        assert ledger(desk.paths).problem is None


def test_a_full_disk_is_one_sentence_and_is_tried_again(
    desk: Desk, week: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> Path:
        raise OSError(28, "No space left on device")

    keeper = desk.keeper()
    with monkeypatch.context() as patched:
        patched.setattr(recap_keeping, "write_new", full)
        keeper.keep(week)
        keeper.keep(week)
    assert desk.said == [f"the recap of 2025-10-13 was not written: {desk.notes}: No space left on device"]
    keeper.keep(week)
    assert desk.names() == [NAME]


def checked(paths: Paths, folder: str) -> list[Check]:
    config = msgspec.structs.replace(BOARD, feed=FeedSettings(recap_folder=folder))
    return [*recaps(Case(paths, config, (), Terminal({}, None, "utf-8"), SATURDAY))]


def test_doctor_says_what_became_of_it(desk: Desk, week: Snapshot) -> None:
    assert checked(desk.paths, "") == []
    (missing,) = checked(desk.paths, str(desk.notes / "gone"))
    assert (missing.state, "is not there" in missing.finding) == ("warn", True)
    desk.keeper().keep(week)
    (well,) = checked(desk.paths, str(desk.notes))
    assert (well.state, NAME in well.finding) == ("ok", True)
    desk.paths.recaps.write_text("{ damaged")
    (new,) = checked(desk.paths, str(desk.notes))
    assert new.state == "ok"


def test_the_setting_is_off_by_default_and_takes_whole_paths_alone() -> None:
    from tapewatch.core.settings import check_setting

    assert FeedSettings().recap_folder == ""
    assert '# recap_folder = ""' in default_text()
    assert check_setting("feed", "recap_folder", "~/notes") is None
    assert check_setting("feed", "recap_folder", "notes") is not None


def fed(paths: Paths, database: sqlite3.Connection, config: Config, mode: str, log: Callable[[str], None]) -> None:
    """One step of a feed on Saturday, with bars up to Friday."""
    for seed, one in enumerate(config.watched):
        bars = rows(walk(seed, 900, first=date(2022, 6, 1)).upto(FRIDAY))
        save_bars(database, one.symbol, bars, source="test", state="final", taken_at=SATURDAY)
        mark_full(database, one.symbol)
    clock = PacedClock(SATURDAY, 0.0)
    source = Played(failing("it is Saturday"))
    feed = Feed(
        paths, config, source, clock, database, Budget(database, 240, 6), mode=mode, log=log, recap_text=text
    )  # fmt: skip
    feed.step()
    feed.step()


@pytest.mark.parametrize(("mode", "written"), [("live", [NAME]), ("demo", [])])
def test_a_feed_writes_it_by_itself_and_a_demo_never_does(desk: Desk, mode: str, written: list[str]) -> None:
    config = msgspec.structs.replace(BOARD, feed=FeedSettings(recap_folder=str(desk.notes)))
    desk.paths.requests.mkdir()
    with closing(connect(desk.paths.database)) as database:
        fed(desk.paths, database, config, mode, desk.said.append)
    assert desk.names() == written
    if written:
        assert "the week of 13-17 October 2025" in desk.read().splitlines()[0]
