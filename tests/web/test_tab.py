"""What a screen in a tab is told of its surroundings, and what is believed of a tab."""

import pytest

from tapewatch.tui.clipboard import refusal, sent
from tapewatch.tui.glyphs import wants_ascii
from tapewatch.tui.themes import has_many_colors
from tapewatch.web.tab import believed, surroundings

BARE = {"TERM": "linux", "LANG": "C", "TMUX": "/run/tmux,1,0", "STY": "1.pts", "COLORFGBG": "0;15", "HOME": "/home/me"}


def test_a_tab_has_every_colour_and_sign_whatever_terminal_started_the_server() -> None:
    told = surroundings(BARE, 120, 40)
    assert has_many_colors(told)
    assert not wants_ascii("auto", told)
    assert not {"TMUX", "STY", "COLORFGBG"} & told.keys()
    assert (told["COLUMNS"], told["ROWS"], told["HOME"]) == ("120", "40", "/home/me")


def test_the_reader_is_told_that_a_browser_may_refuse_the_text() -> None:
    told = surroundings(BARE, 80, 24)
    assert refusal("text", told) == ""
    assert sent(told) == "Sent to the browser, which takes it into its clipboard or refuses it; it does not say."


def test_a_tab_cannot_ask_for_a_screen_of_a_million_cells_or_of_none() -> None:
    assert believed("120", 40) == (120, 40)
    assert believed(10**9, 10**9) == (1000, 500)
    for wrong in (0, -5, "x", None, 1.5, [1]):
        with pytest.raises(ValueError):  # noqa: PT011
            believed(wrong, 24)
