"""Symbols, groups, pairs and levels are changed where they stand, and the file keeps its comments."""

from pathlib import Path

import msgspec
from hypothesis import example, given
from hypothesis import strategies as st

from tapewatch import __version__
from tapewatch.core.model.measures import Level
from tapewatch.core.model.snapshot import Producer
from tapewatch.tui.edit_subjects import level_text
from tapewatch.tui.edits import level_of
from tests.tui.editable import COMMENTED, file_of, said, settled, tables, to_setting, typed, without_comments_lost
from tests.tui.stage import builders


async def test_a_symbol_goes_on_the_board(tmp_path: Path) -> None:
    seen = settled(tmp_path)
    async with seen.monitor.run_test(size=(80, 24)) as pilot:
        await pilot.press("plus")
        await typed(pilot, "SAP.DE SAP europe")
        await pilot.press("enter")
        assert "SAP goes on the board" in said(seen)
        block = tables(seen)["instrument"][0]
        assert (block["symbol"], block["short"], block["group"]) == ("SAP.DE", "SAP", "europe")
        assert any(one.symbol == "SAP.DE" for one in seen.monitor.config.watched)
        assert without_comments_lost(seen)
        await pilot.press("plus")
        await typed(pilot, "RUT")
        await pilot.press("enter")
        assert "expected a symbol that is not on the board yet (RUT is)" in said(seen)
        await pilot.press("ctrl+u")
        await typed(pilot, "two words; 'x'")
        await pilot.press("ctrl+u", "enter")
        assert "expected a symbol such as ^GDAXI" in said(seen)


async def test_a_symbol_leaves_the_board_after_one_question(tmp_path: Path) -> None:
    seen = settled(tmp_path)
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        seen.monitor.choose(msgspec.structs.replace(seen.monitor.choices, selected="^RUT"))
        await pilot.press("minus")
        assert "take RUT off the board?" in said(seen)
        assert "pairs, 1 level pause" in said(seen)
        assert "- again: yes, Esc: no" in said(seen)
        await pilot.press("escape")
        assert file_of(seen) == COMMENTED
        await pilot.press("minus", "y", "enter")  # neither is the same key
        assert file_of(seen) == COMMENTED
        await pilot.press("minus")
        assert tables(seen)["instrument"] == [{"symbol": "^RUT", "hidden": True}]
        assert "RUT leaves the board" in said(seen)
        assert without_comments_lost(seen)
        await pilot.press("minus")
        assert "RUT is not on the board." in said(seen)


async def test_what_was_added_goes_with_what_hangs_on_it(tmp_path: Path) -> None:
    own = COMMENTED + '\n[[instrument]]\nsymbol = "^RUA"\nshort = "RUT3"\n\n[[level]]\nsymbol = "RUT3"\nprice = 10.0\n'
    row = builders.overview().instruments[0]
    mine = msgspec.structs.replace(row, symbol="^RUA", short="RUT3")
    known = builders.overview()
    seen = settled(tmp_path, own, msgspec.structs.replace(known, instruments=(*known.instruments, mine)))
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        seen.monitor.choose(msgspec.structs.replace(seen.monitor.choices, selected="^RUA"))
        await pilot.press("minus")
        assert "take RUT3 off the board, with 1 level?" in said(seen)
        await pilot.press("minus")
        assert "instrument" not in tables(seen)
        assert [one["symbol"] for one in tables(seen)["level"]] == ["RUT"]


async def test_a_symbol_that_a_view_names_leaves_the_board_and_the_question_names_the_view(tmp_path: Path) -> None:
    view = '\n[[view]]\ndigit = 3\nname = "mine"\npanes = ["board", "chart"]\nsymbol = "RUT"\n'
    seen = settled(tmp_path, COMMENTED + view)
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        seen.monitor.choose(msgspec.structs.replace(seen.monitor.choices, selected="^RUT"))
        await pilot.press("minus")
        assert "1 level, its place in view mine pause" in said(seen)
        await pilot.press("minus")
        assert tables(seen)["instrument"] == [{"symbol": "^RUT", "hidden": True}]
        assert "RUT leaves the board" in said(seen)
        await pilot.press("3")
        assert seen.monitor.desk.in_sight() == ("board", "chart")


async def test_a_group_is_changed(tmp_path: Path) -> None:
    seen = settled(tmp_path)
    async with seen.monitor.run_test(size=(80, 24)) as pilot:
        await pilot.press("equals_sign")
        assert "group of" in said(seen)
        await pilot.press("ctrl+u")
        await typed(pilot, "small caps")
        await pilot.press("enter")
        assert tables(seen)["instrument"][0]["group"] == "small caps"
        assert "goes to small caps" in said(seen)
        await pilot.press("equals_sign", "ctrl+u", "enter")
        assert "instrument" not in tables(seen)


async def test_who_comes_to_a_group_stands_behind_its_last(tmp_path: Path) -> None:
    seen = settled(tmp_path)
    async with seen.monitor.run_test(size=(80, 24)) as pilot:
        await pilot.press("plus")
        await typed(pilot, "SAP.DE SAP futures")
        await pilot.press("enter")
        board = [one.short for one in seen.monitor.config.watched]
        assert board[board.index("RTY") + 1] == "SAP"
        assert "SAP goes on the board" in said(seen)
        assert without_comments_lost(seen)


async def test_rows_move_in_the_users_own_order(tmp_path: Path) -> None:
    seen = settled(tmp_path)
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await pilot.press("2", "g", "J")
        order = tables(seen)["order"]
        assert order[:3] == ["RUT", "DJIA", "SPX"], "behind the row that stood beneath it in sight"
        assert "Moved" in said(seen)
        assert without_comments_lost(seen)
        await pilot.press("s", "K")
        assert "sorted by a column" in said(seen)
        assert tables(seen)["order"] == order


async def test_an_order_chosen_by_key_stays_when_a_symbol_comes(tmp_path: Path) -> None:
    seen = settled(tmp_path)
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await pilot.press("2", "s", "s", "plus")
        sorts = seen.monitor.choices.sorts
        await typed(pilot, "SAP.DE")
        await pilot.press("enter")
        assert "goes on the board" in said(seen)
        assert seen.monitor.choices.sorts == sorts != ()


async def test_a_question_is_whole_on_a_narrow_screen(tmp_path: Path) -> None:
    alert = '\n[[alerts]]\nname = "low"\non = "price"\nsymbol = "RUT"\nbelow = 2400.0\n'
    seen = settled(tmp_path, COMMENTED + alert)
    async with seen.monitor.run_test(size=(80, 24)) as pilot:
        seen.monitor.choose(msgspec.structs.replace(seen.monitor.choices, selected="^RUT"))
        await pilot.press("minus")
        assert said(seen) == "take RUT off the board? 18 pairs, 1 level, 1 alert pause  - again: yes, Esc: no"


async def test_a_level_comes_and_goes(tmp_path: Path) -> None:
    seen = settled(tmp_path)
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        seen.monitor.choose(msgspec.structs.replace(seen.monitor.choices, selected="^RUT"))
        await pilot.press("i", "plus")
        assert "level of RUT" in said(seen)
        await typed(pilot, "2417.74-2433.19 close below the two lows")
        await pilot.press("enter")
        level = tables(seen)["level"][1]
        assert (level["low"], level["high"]) == (2417.74, 2433.19)
        assert (level["rule"], level["note"]) == ("close below", "the two lows")
        assert without_comments_lost(seen)
        for wrong in ("cheap", "5-4", "2400 close besides", "0"):
            await pilot.press("plus")
            await typed(pilot, wrong)
            await pilot.press("enter")
            assert "expected" in said(seen), wrong
            await pilot.press("escape")
        assert len(tables(seen)["level"]) == 2


async def test_only_levels_of_ones_own_are_removed(tmp_path: Path) -> None:
    known = builders.overview()
    rut = known.row("^RUT")
    assert rut is not None
    levels = (
        Level(price=2433.19, low=2433.19, high=2433.19, sources=("user level",), series="cash"),
        Level(price=2600.0, low=2600.0, high=2600.0, sources=("record high",)),
    )
    mine = msgspec.structs.replace(rut, levels=levels)
    rows = tuple(mine if one.symbol == "^RUT" else one for one in known.instruments)
    seen = settled(tmp_path, COMMENTED, msgspec.structs.replace(known, instruments=rows))
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        seen.monitor.choose(msgspec.structs.replace(seen.monitor.choices, selected="^RUT"))
        await pilot.press("i")
        seen.monitor.choose(msgspec.structs.replace(seen.monitor.choices, focus="symbol_levels"))
        await pilot.press("g", "minus")
        assert "This level is computed" in said(seen)
        await pilot.press("G", "minus")
        assert "remove your level 2433.19 of RUT?" in said(seen)
        await pilot.press("minus")
        assert "level" not in tables(seen)
        assert "your level 2433.19 is removed" in said(seen)


@example(1e-7, 2e16)
@given(st.floats(1e-12, 1e20), st.floats(1e-12, 1e20))
def test_every_level_reads_again_as_it_is_told(one: float, other: float) -> None:
    for low, high in ((one, one), (min(one, other), max(one, other))):
        typed_again = level_of(level_text(Level(price=low, low=low, high=high, sources=("user level",))))
        assert typed_again is not None
        assert typed_again.price == (low if low == high else (low, high))


async def test_a_pair_comes_and_goes_by_name_or_by_its_flag(tmp_path: Path) -> None:
    seen = settled(tmp_path)
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await pilot.press("5", "plus")
        assert "same-day-direction" in said(seen)
        await pilot.press("down")
        assert "spread-shock" in said(seen)
        await typed(pilot, "NDX SPX")
        await pilot.press("enter")
        rule = next(one for one in tables(seen)["rule"] if one["watched"] == "^NDX" and one["rule"] == "spread-shock")
        assert rule["against"] == ["^GSPC"]
        assert without_comments_lost(seen)
        shown = seen.monitor.desk.cursor(seen.monitor.choices, "flags")
        assert shown is not None
        count = len(seen.monitor.config.rules)
        await pilot.press("minus")
        assert said(seen).startswith("remove ")
        await pilot.press("minus")
        assert len(seen.monitor.config.rules) == count - 1
        assert all(one.id != shown for one in seen.monitor.config.rules)


async def test_a_replay_is_not_edited(tmp_path: Path) -> None:
    replay = msgspec.structs.replace(builders.overview(), mode="replay")
    seen = settled(tmp_path, COMMENTED, replay)
    async with seen.monitor.run_test(size=(80, 24)) as pilot:
        for key in ("plus", "minus", "equals_sign", "J"):
            await pilot.press(key)
            assert "A replay is not edited" in said(seen)
        assert file_of(seen) == COMMENTED


async def test_pages_and_recaps_have_nothing_to_edit(tmp_path: Path) -> None:
    seen = settled(tmp_path)
    async with seen.monitor.run_test(size=(80, 24)) as pilot:
        for page in ("a", "question_mark"):
            await pilot.press(page, "plus")
            assert "Nothing is added, removed or changed here." in said(seen)
            await pilot.press("escape")


async def test_a_feed_that_reads_another_file_is_named(tmp_path: Path) -> None:
    by = Producer(version=__version__, pid=1, started=builders.overview().clock.now, config="/srv/board.toml")
    seen = settled(tmp_path, COMMENTED, msgspec.structs.replace(builders.overview(), producer=by))
    async with seen.monitor.run_test(size=(80, 24)) as pilot:
        await pilot.press("plus")
        await typed(pilot, "SAP.DE")
        await pilot.press("enter")
        assert said(seen) == "Written, but this store's feed reads /srv/board.toml."
        assert tables(seen)["instrument"][0]["symbol"] == "SAP.DE"
        await to_setting(seen, pilot, "feed.log_level")
        await pilot.press("l")
        assert "/srv/board.toml" in said(seen)
