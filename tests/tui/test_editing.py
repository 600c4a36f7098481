"""Settings, symbols, groups, pairs and levels are changed on the screen, and the file keeps its comments."""

import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest
from textual.events import Paste
from textual.pilot import Pilot

from tapewatch.core import channel
from tapewatch.core.data import MarketData
from tapewatch.core.model.snapshot import Snapshot
from tapewatch.core.paths import Paths
from tapewatch.core.settings import Watched, load
from tapewatch.tui.app import Monitor
from tests.tui.stage import Stage, builders

COMMENTED = """\
# my settings
order = ["SPX", "RUT"]  # small caps second

[screen]
theme = "graphite"  # dark, for the night
glyphs = "unicode"

[feed]
# not too often
poll = 60.0

[[level]]
symbol = "RUT"
price = 2433.19  # the low of the week
"""


def settled(folder: Path, text: str | None = COMMENTED, snapshot: Snapshot | None = None) -> Stage:
    """A monitor that reads and writes a settings file of its own."""
    paths = Paths(store=folder, state=folder, config_file=folder / "config.toml", themes=folder / "themes")
    paths.requests.mkdir(exist_ok=True)
    channel.publish(paths, snapshot or builders.overview())
    if text is not None:
        paths.config_file.write_text(text)
    config, problems = load(paths.config_file)
    if text is None:
        config = msgspec.structs.replace(config, screen=msgspec.structs.replace(config.screen, glyphs="unicode"))
    return Stage(paths, Monitor(MarketData(paths, config), config, problems, Watched(paths.config_file).reloaded))


def file_of(seen: Stage) -> str:
    return seen.paths.config_file.read_text()


def tables(seen: Stage) -> dict[str, Any]:
    return tomllib.loads(file_of(seen))


def said(seen: Stage) -> str:
    """The line above the footer."""
    return seen.lines()[-2].strip()


async def typed(pilot: Pilot[int], text: str) -> None:
    await pilot.press(*("space" if one == " " else one for one in text))


async def to_setting(seen: Stage, pilot: Pilot[int], key: str) -> None:
    """The cursor on a setting of the page."""
    if seen.monitor.choices.page != "settings":
        await pilot.press("comma")
    await pilot.press("g")
    keys = seen.monitor.desk.boards["settings"].page.keys
    await pilot.press(*["j"] * keys.index(key))


def without_comments_lost(seen: Stage) -> bool:
    return all(one in file_of(seen) for one in ("# my settings", "# small caps second", "# not too often"))


# -- settings -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_the_page_says_of_the_row_under_the_cursor_what_it_does_and_may_hold(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    seen = settled(tmp_path)
    async with seen.monitor.run_test(size=size) as pilot:
        await to_setting(seen, pilot, "feed.poll")
        page = "\n".join(seen.pane("settings"))
        assert "seconds between price requests" in page
        assert "may hold a number from 10 to 3600" in page
        await pilot.press("G")
        assert "keys.quit" in "\n".join(seen.pane("settings"))


async def test_a_number_is_typed_written_and_in_force_at_once(tmp_path: Path) -> None:
    seen = settled(tmp_path)
    async with seen.monitor.run_test(size=(80, 24)) as pilot:
        await to_setting(seen, pilot, "screen.refresh")
        await pilot.press("enter")
        assert said(seen).startswith("screen.refresh 1")  # what is in force stands there already
        await pilot.press("backspace", "2", "enter")
        assert tables(seen)["screen"]["refresh"] == 2.0
        assert seen.monitor.config.screen.refresh == 2.0
        assert "screen.refresh is 2 now" in said(seen)
        assert without_comments_lost(seen)
        row = next(one for one in seen.lines() if "screen.refresh" in one)
        assert row.split()[1:3] == ["2", "1"]


@pytest.mark.parametrize(
    ("key", "text", "expected"),
    [
        ("screen.refresh", "a lot", "expected a number from 0.1 to 60"),
        ("screen.refresh", "nan", "expected a number from 0.1 to 60"),
        ("feed.poll", "1", "expected a number from 10 to 3600"),
        ("feed.budget", "12.5", "expected a whole number from 1 to 2000"),
        ("screen.zone", "Mars/Olympus", 'expected "exchange" or a zone such as "Europe/London"'),
        ("screen.theme", "grafite", "graphite"),
        ("screen.sort", "SIZE", "own order"),
        ("screen.hidden_columns", "NAMES", "NAME"),
        ("screen.gain", "greenish", "expected a colour"),
        ("screen.red_up", "maybe", "expected true or false"),
    ],
)
async def test_a_wrong_value_is_told_in_a_sentence_and_stays_to_be_mended(
    tmp_path: Path, key: str, text: str, expected: str
) -> None:
    seen = settled(tmp_path)
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await to_setting(seen, pilot, key)
        await pilot.press("enter", "ctrl+u")
        await typed(pilot, text)
        await pilot.press("enter")
        assert expected in seen.text()
        assert "not taken" in "\n".join(seen.pane("settings"))
        assert file_of(seen) == COMMENTED
        await pilot.press("x", "backspace")  # the row is open still, and the sentence is read
        assert text in said(seen)
        await pilot.press("escape")
        assert seen.monitor.choices.page == "settings"
        assert file_of(seen) == COMMENTED


async def test_choices_are_stepped_through_and_seen_at_once(tmp_path: Path) -> None:
    seen = settled(tmp_path)
    async with seen.monitor.run_test(size=(80, 24)) as pilot:
        await to_setting(seen, pilot, "screen.week_basis")
        await pilot.press("l")
        assert tables(seen)["screen"]["week_basis"] == "O>C"
        await pilot.press("right", "right", "left")
        assert tables(seen)["screen"]["week_basis"] == "1stC>C"
        await to_setting(seen, pilot, "screen.red_up")
        await pilot.press("l")
        assert tables(seen)["screen"]["red_up"] is True
        await to_setting(seen, pilot, "screen.theme")
        before = seen.monitor.theme
        await pilot.press("l")
        assert seen.monitor.theme == tables(seen)["screen"]["theme"] != before
        assert without_comments_lost(seen)
        await to_setting(seen, pilot, "feed.poll")
        await pilot.press("l")
        assert "no choices to step through" in said(seen)


async def test_the_default_comes_back(tmp_path: Path) -> None:
    seen = settled(tmp_path, COMMENTED.replace("poll = 60.0", "poll = 90.0"))
    async with seen.monitor.run_test(size=(80, 24)) as pilot:
        await to_setting(seen, pilot, "feed.poll")
        await pilot.press("minus")
        assert "poll" not in tables(seen)["feed"]
        assert "feed.poll is 60 again, its default." in said(seen)
        assert without_comments_lost(seen)
        await pilot.press("delete")
        assert "feed.poll has its default." in said(seen)


async def test_a_list_a_text_and_an_empty_one(tmp_path: Path) -> None:
    seen = settled(tmp_path)
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        for key, text in (
            ("screen.hidden_columns", "NAME, SESS"), ("feed.closes", "cboe, fred"), ("feed.recap_folder", '"~/notes"'),
        ):  # fmt: skip
            await to_setting(seen, pilot, key)
            await pilot.press("enter", "ctrl+u")
            await typed(pilot, text)
            await pilot.press("enter")
        assert tables(seen)["screen"]["hidden_columns"] == ["NAME", "SESS"]
        assert tables(seen)["feed"] == {"poll": 60.0, "closes": ["cboe", "fred"], "recap_folder": "~/notes"}
        await pilot.press("enter", "ctrl+u", "enter")
        assert tables(seen)["feed"]["recap_folder"] == ""


async def test_a_command_gets_another_key_by_pressing_it(tmp_path: Path) -> None:
    seen = settled(tmp_path)
    async with seen.monitor.run_test(size=(80, 24)) as pilot:
        await to_setting(seen, pilot, "keys.pause")
        await pilot.press("enter")
        assert "press the key for it" in said(seen)
        await pilot.press("x")
        assert tables(seen)["keys"] == {"pause": "x"}
        assert "pause is x now; against has no key left." in said(seen)
        await pilot.press("enter", "f5")
        assert tables(seen)["keys"] == {"pause": "f5"}
        await pilot.press("escape", "f5")
        assert "PAUSED" in seen.text()
        await pilot.press("f5")
        await to_setting(seen, pilot, "keys.theme")
        await pilot.press("enter", "f5")
        assert "expected a key that pause does not have" in said(seen)
        await pilot.press("escape")
        await to_setting(seen, pilot, "keys.pause")
        await pilot.press("minus")
        assert tables(seen)["keys"] == {}
        assert without_comments_lost(seen)


async def test_a_key_cannot_be_taken_from_what_ends_the_program(tmp_path: Path) -> None:
    seen = settled(tmp_path)
    async with seen.monitor.run_test(size=(80, 24)) as pilot:
        await to_setting(seen, pilot, "keys.theme")
        await pilot.press("enter", "question_mark")
        assert "another command took it" in said(seen)
        assert file_of(seen) == COMMENTED


async def test_a_file_is_made_where_there_is_none(tmp_path: Path) -> None:
    seen = settled(tmp_path, None)
    async with seen.monitor.run_test(size=(80, 24)) as pilot:
        await to_setting(seen, pilot, "screen.record_basis")
        assert "There is no file yet" in seen.text()
        await pilot.press("l")
        assert tables(seen) == {"screen": {"record_basis": "close"}}
        assert seen.monitor.choices.record_basis == "close"


async def test_a_broken_file_and_one_that_cannot_be_written_are_named_and_left(tmp_path: Path) -> None:
    broken = "[screen\ntheme = 3\n"
    seen = settled(tmp_path, broken)
    async with seen.monitor.run_test(size=(80, 24)) as pilot:
        await to_setting(seen, pilot, "screen.record_basis")
        await pilot.press("l")
        assert "config.toml is not valid TOML" in said(seen)
        assert file_of(seen) == broken
        await pilot.press("escape", "plus")
        await typed(pilot, "SAP.DE")
        await pilot.press("enter")
        assert "config.toml is not valid TOML" in said(seen)
        assert file_of(seen) == broken


async def test_a_folder_in_place_of_the_file_is_one_sentence(tmp_path: Path) -> None:
    seen = settled(tmp_path, None)
    seen.paths.config_file.mkdir()
    async with seen.monitor.run_test(size=(80, 24)) as pilot:
        await to_setting(seen, pilot, "screen.record_basis")
        await pilot.press("l")
        assert said(seen).startswith("Not taken: config.toml")


async def test_what_is_pasted_does_nothing_but_stand_there(tmp_path: Path) -> None:
    seen = settled(tmp_path)
    async with seen.monitor.run_test(size=(80, 24)) as pilot:
        await to_setting(seen, pilot, "screen.zone")
        await pilot.press("enter", "ctrl+u")
        seen.monitor.post_message(Paste("\x1b]0;owned\x07\x1b[2J\u202eEurope/Berlin\nq\nquit"))
        await pilot.pause()
        assert "\x1b" not in seen.text()
        assert "\u202e" not in seen.text()
        await pilot.press("enter")
        assert "expected" in seen.text()
        assert file_of(seen) == COMMENTED
        await pilot.press("ctrl+u")
        seen.monitor.post_message(Paste("Europe/Berlin\nq\n"))
        await pilot.pause()
        await pilot.press("enter")
        assert tables(seen)["screen"]["zone"] == "Europe/Berlin"


async def test_letters_are_letters_while_something_is_typed(tmp_path: Path) -> None:
    seen = settled(tmp_path)
    async with seen.monitor.run_test(size=(80, 24)) as pilot:
        await pilot.press("plus")
        await typed(pilot, "qTE,5")
        await pilot.press("tab", "pagedown", "f1")
        assert "qTE,5" in said(seen)
        await pilot.press("escape")
        assert seen.monitor.choices.edit is None
        assert file_of(seen) == COMMENTED


# -- what the board has -------------------------------------------------------------------------------------


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
        assert "1 level rest" in said(seen)
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


async def test_a_group_is_changed(tmp_path: Path) -> None:
    seen = settled(tmp_path)
    async with seen.monitor.run_test(size=(80, 24)) as pilot:
        await pilot.press("equals_sign")
        assert "group of" in said(seen)
        await pilot.press("ctrl+u")
        await typed(pilot, "small caps")
        await pilot.press("enter")
        assert tables(seen)["instrument"][0]["group"] == "small caps"
        assert "stands under small caps" in said(seen)


async def test_rows_move_in_the_users_own_order(tmp_path: Path) -> None:
    seen = settled(tmp_path)
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await pilot.press("2", "g", "J")
        order = tables(seen)["order"]
        assert order[:2] == ["RUT", "SPX"] or order.index("SPX") > 0
        assert "Moved" in said(seen)
        assert without_comments_lost(seen)
        await pilot.press("s", "K")
        assert "sorted by a column" in said(seen)
        assert tables(seen)["order"] == order


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
    from tapewatch.core.model.measures import Level

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
