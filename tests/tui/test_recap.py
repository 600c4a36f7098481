"""The week on the screen: words, tables, scrolling, the file it is written to."""

from datetime import date
from pathlib import Path

import msgspec
import pytest

from tapewatch.core.compose import compose_as_of
from tapewatch.core.model.snapshot import Snapshot
from tapewatch.core.recap import recap_of
from tapewatch.core.sessions import Calendars
from tapewatch.tui.look import Look
from tapewatch.tui.panes import discover
from tapewatch.tui.proofs import proof_of
from tapewatch.tui.recap_keys import statements
from tapewatch.tui.recap_report import printed_recap
from tapewatch.tui.text import plain
from tapewatch.tui.widgets.board import Page
from tests.market import index, until, walk, watching
from tests.tui.stage import SIZES, builders, configured, stage

FRIDAY = date(2025, 10, 17)
BOARD = watching(index("^GSPC"), index("^DJI"), index("^IXIC"), index("^RUT"), index("^HSI", "XHKG"))
PANES = discover()
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
        before = seen.pane("recap")[12]
        await pilot.press("pagedown")
        assert seen.pane("recap")[2].strip("▸ ") == before.strip("▸ ")
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
        await pilot.press("8", "e", "enter")
        await pilot.pause()
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
        await pilot.press("8", "e", "enter")
        await pilot.pause()
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


def test_the_mark_of_another_sign_is_explained_where_it_stands(week: Snapshot) -> None:
    recap = week.recap
    assert recap is not None
    for odd in (True, False):
        lines = tuple(msgspec.structs.replace(one, disagrees=odd) for one in recap.by_index)
        note = printed_recap(msgspec.structs.replace(recap, by_index=lines), "text")
        assert ("!: another definition has the other sign" in note) is odd


def test_a_yields_sessions_are_listed_in_basis_points(week: Snapshot) -> None:
    recap = week.recap
    assert recap is not None
    days = tuple(
        msgspec.structs.replace(
            one, close=4.0, high=4.05, low=3.97, range=0.08, change_percent=None, change_points=-2.9
        )
        for one in recap.by_session
    )
    lines = tuple(msgspec.structs.replace(one, kind="yield") for one in recap.by_index if one.symbol == recap.symbol)
    note = printed_recap(msgspec.structs.replace(recap, by_session=days, by_index=lines), "text")
    table = note.partition(f"{recap.short} by session\n")[2].splitlines()
    assert "CHG bp" in table[0]
    assert ("-2.9" in table[1], "0.080" in table[1]) == (True, True)


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


# -- proofs ---------------------------------------------------------------------------------------------


def look(snapshot: Snapshot) -> Look:
    return Look(now=snapshot.clock.now)


def test_every_sentence_with_figures_is_proved_with_all_of_them(week: Snapshot) -> None:
    keys = PANES["recap"].page(week, look(week), 80, 40).keys
    assert week.recap is not None
    told = {key: one for key, _, one in statements(week.recap)}
    assert {key for key, one in told.items() if one.figures} <= set(keys)
    for key in keys:
        proof = proof_of("recap", None, key, week, look(week))
        assert proof is not None
        assert proof.path.startswith(f"recap.{key}")
        if key in told:
            assert squeezed(proof.formula[0]) == squeezed(told[key].text)
            assert [one.when for one in proof.inputs] == list(told[key].sources.values())
            for one, value in zip(proof.inputs, told[key].figures.values(), strict=True):
                shown = one.value.replace(",", "").replace("−", "-")
                assert shown == value or float(shown) == pytest.approx(value, abs=1e-6)


@pytest.mark.parametrize("pane", TABLES)
def test_every_row_of_the_tables_has_a_proof_of_its_own(week: Snapshot, pane: str) -> None:
    page = PANES[pane].page(week, look(week), 100, 40)
    assert page.keys
    proofs = [proof_of(pane, None, key, week, look(week)) for key in page.keys]
    assert all(one is not None and one.value.split()[0] in squeezed(_row(page, one.value)) for one in proofs)
    assert len({one.path for one in proofs if one is not None}) == len(page.keys)


def _row(page: Page, value: str) -> str:
    rows = [plain(one.line) for one in page.body]
    return next((row for row in rows if value.split()[0] in row), "")


def test_a_week_the_snapshot_does_not_show_is_proved_from_its_own_table(week: Snapshot) -> None:
    moved = tuple(
        msgspec.structs.replace(row, week=None, record=None) if row.symbol == "^HSI" else row
        for row in week.instruments
    )
    other = msgspec.structs.replace(week, instruments=moved)
    assert week.recap is not None
    line = next(one for one in week.recap.by_index if one.symbol == "^HSI")
    for pane, path in (("recap_index", "by_index[^HSI].change_percent"), ("recap_records", "records[^HSI].intraday")):
        proof, same = (proof_of(pane, None, "^HSI", one, look(one)) for one in (other, week))
        assert proof is not None
        assert same is not None
        assert proof.path.startswith(f"recap.{path}")
        assert same.path.startswith("instruments[^HSI]")
        assert proof.value == same.value
    sums = proof_of("recap_index", None, "^HSI", other, look(other))
    assert sums is not None
    assert f"= {line.change_percent:+.4f}".replace("-", "−") in sums.formula[1]


async def test_j_goes_from_sentence_to_sentence_and_enter_proves_it(week: Snapshot, tmp_path: Path) -> None:
    seen = stage(tmp_path, week)
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await pilot.press("8", "enter")
        assert "recap.parts[week].heading" in seen.text()
        await pilot.press("j")
        assert "recap.parts[week].sentences[0]" in seen.text()
        await pilot.press("k", "escape", "tab", "j", "enter")
        assert "nothing to prove" not in seen.text()
        assert seen.monitor.choices.selected in seen.monitor.desk.boards["recap_index"].page.keys


async def test_in_the_table_by_index_j_moves_the_light(week: Snapshot, tmp_path: Path) -> None:
    seen = stage(tmp_path, week)
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await pilot.press("8", "tab", "g")
        board = seen.monitor.desk.boards["recap_index"]
        lifted = [at for at, one in enumerate(board.page.body) if any("@lift" in piece.style for piece in one.line)]
        await pilot.press("j")
        after = [at for at, one in enumerate(board.page.body) if any("@lift" in piece.style for piece in one.line)]
        assert (lifted, after) == ([0], [1])


async def test_ten_rows_down_the_cursor_is_on_what_is_in_sight(week: Snapshot, tmp_path: Path) -> None:
    seen = stage(tmp_path, week)
    async with seen.monitor.run_test(size=(80, 24)) as pilot:
        await pilot.press("8", "pagedown", "pagedown")
        lines = seen.pane("recap")
        assert any(one.startswith("▸") for one in lines)
        await pilot.press("j")
        assert any(one.startswith("▸") for one in seen.pane("recap"))
