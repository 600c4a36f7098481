"""Settings are changed on their page, each in force at once, and the file keeps its comments."""

from pathlib import Path

import pytest
from textual.events import Paste

from tests.tui.editable import COMMENTED, file_of, said, settled, tables, to_setting, typed, without_comments_lost


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
