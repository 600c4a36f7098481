"""The week on the screen: words, tables, scrolling, the file it is written to."""

from datetime import date
from pathlib import Path

import msgspec
import pytest

from tapewatch.core.compose import compose_as_of
from tapewatch.core.model.snapshot import Snapshot
from tapewatch.core.recap import recap_of
from tapewatch.core.sessions import Calendars
from tapewatch.tui.recap_report import printed_recap
from tests.market import index, until, walk, watching
from tests.tui.stage import SIZES, builders, configured, stage

FRIDAY = date(2025, 10, 17)
BOARD = watching(index("^GSPC"), index("^DJI"), index("^IXIC"), index("^RUT"), index("^HSI", "XHKG"))
TABLES = ("recap_index", "recap_sessions", "recap_records", "recap_turns")


@pytest.fixture(scope="module")
def week() -> Snapshot:
    """A made week with its recap."""
    bars = {one.symbol: until(walk(at, 900, first=date(2022, 6, 1)), FRIDAY) for at, one in enumerate(BOARD.watched)}
    snapshot = compose_as_of(BOARD, bars, FRIDAY, Calendars())
    return msgspec.structs.replace(snapshot, recap=recap_of(snapshot, bars), version=(1, 1))


def squeezed(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").split())


@pytest.mark.parametrize("size", SIZES)
async def test_every_size_has_the_words_and_none_is_cut(week: Snapshot, tmp_path: Path, size: tuple[int, int]) -> None:
    seen = stage(tmp_path, week)
    assert week.recap is not None
    async with seen.monitor.run_test(size=size) as pilot:
        await pilot.press("8")
        lines = seen.pane("recap")
        shown = squeezed(" ".join(lines[1:]))
        assert week.recap.title.removeprefix("the ") in lines[0]
        assert squeezed(week.recap.parts[0].heading.text) in shown
        assert squeezed(week.recap.parts[0].sentences[0].text) in shown
        assert ("recap_turns" in seen.monitor.desk.in_sight()) == (size[0] >= 120)


async def test_w_is_the_same_screen_and_it_scrolls_to_the_last_line(week: Snapshot, tmp_path: Path) -> None:
    seen = stage(tmp_path, week)
    async with seen.monitor.run_test(size=(80, 24)) as pilot:
        await pilot.press("w")
        assert "no causes are given" not in seen.text()
        assert "more ↓" in seen.pane("recap")[0]
        before = seen.pane("recap")[2]
        await pilot.press("j")
        assert seen.pane("recap")[1] == before
        await pilot.press("G")
        assert "Every figure is computed from stored bars; no causes are given." in seen.text()
        await pilot.press("escape")
        assert "recap" not in seen.monitor.desk.in_sight()


async def test_the_tables_stand_beside_the_words(week: Snapshot, tmp_path: Path) -> None:
    seen = stage(tmp_path, week)
    recap = week.recap
    assert recap is not None
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await pilot.press("8")
        assert seen.monitor.desk.in_sight() == ("recap", *TABLES)
        sessions = seen.pane("recap_sessions")
        assert [line.split()[1] for line in sessions[2:7]] == [str(one.day.day) for one in recap.by_session]
        assert all(f"{one.close:,.2f}" in line for one, line in zip(recap.by_session, sessions[2:], strict=False))
        turns = "\n".join(seen.pane("recap_turns"))
        assert all(f"{one.price:,.2f}" in turns for one in recap.turns)
        found = [line.split()[0] for line in seen.pane("recap_index")[2:7]]
        assert found == ["GSPC", "DJI", "IXIC", "RUT", "HSI"]


async def test_weeks_whose_sign_depends_on_the_definition_are_marked(week: Snapshot, tmp_path: Path) -> None:
    recap = week.recap
    assert recap is not None
    first = msgspec.structs.replace(
        recap.by_index[0], change_percent=1.0, first_close_to_close_percent=-0.4, disagrees=True
    )
    odd = msgspec.structs.replace(recap, by_index=(first, *recap.by_index[1:]))
    seen = stage(tmp_path, msgspec.structs.replace(week, recap=odd))
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await pilot.press("8")
        assert "! GSPC" in seen.text()
        assert "another definition differs in sign" in squeezed("\n".join(seen.pane("recap_index")))


async def test_e_writes_a_note_and_says_where(week: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    recap = week.recap
    assert recap is not None
    seen = stage(tmp_path, week)
    async with seen.monitor.run_test(size=(160, 48)) as pilot:
        await pilot.press("e")
        assert "nothing to write here" in seen.text()
        await pilot.press("8", "e")
        note = tmp_path / "data" / "tapewatch" / f"tapewatch-recap-{recap.monday}.md"
        assert note.read_text(encoding="utf-8") == printed_recap(recap, "markdown")
        assert "Written to" in seen.lines()[46]
        assert seen.lines()[46].strip().rstrip(".…~") in f"Written to {note}."


async def test_a_folder_that_cannot_be_written_is_one_sentence(
    week: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").write_text("a file where a folder should be")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    seen = stage(tmp_path, week)
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await pilot.press("8", "e")
        assert "Not written: " in seen.lines()[38]


async def test_without_a_week_there_is_a_sentence(tmp_path: Path) -> None:
    seen = stage(tmp_path, builders.overview())
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await pilot.press("8")
        assert "There is no week to tell" in seen.text()


def test_a_note_is_plain_text_that_says_it_all(week: Snapshot) -> None:
    recap = week.recap
    assert recap is not None
    for form in ("text", "markdown"):
        note = printed_recap(recap, form)
        assert note.isascii(), [one for one in note if not one.isascii()]
        flat = squeezed(note)
        for part in recap.parts:
            for one in part.sentences:
                plain = one.text.replace("−", "-").replace("–", "-").replace("’", "'")
                assert squeezed(plain.replace("“", '"').replace("”", '"')) in flat
        assert note.rstrip("*\n").endswith("no causes are given.")


def test_json_gives_every_figure_at_full_precision(week: Snapshot) -> None:
    recap = week.recap
    assert recap is not None
    assert msgspec.json.decode(printed_recap(recap, "json"), type=type(recap)) == recap


def test_the_configuration_that_ships_has_the_screen() -> None:
    from tapewatch.core.model.config import ScreenSettings
    from tapewatch.tui.commands import bind

    bound, problems = bind(configured(ScreenSettings(), {}).keys)
    keys = {one.command.name: one.keys for one in bound}
    assert (keys["screen-recap"], keys["export"], problems) == (("8", "w"), ("e",), ())
