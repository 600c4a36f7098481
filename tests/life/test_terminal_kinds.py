"""Kinds of terminals by their names: each gets the colours it has, a whole picture, and its modes back."""

import re

import pytest

from .conftest import House
from .test_terminal_signals import given_back

TRUE, OF_256, OF_16 = "true colour", "256 colours", "16 colours"
NAMED = {
    "linux": OF_16,
    "screen": OF_16,
    "vt220": OF_16,
    "xterm": OF_16,
    "screen-256color": OF_256,
    "tmux-256color": OF_256,
    "xterm-256color": OF_256,
    "xterm-kitty": OF_256,
    "xterm-direct": TRUE,
    "tmux-direct": TRUE,
}


def depth(sent: bytes) -> str:
    """The most colours of any pen that was sent."""
    pens = b" ".join(re.findall(rb"\x1b\[([\d;]+)m", sent))
    if b"38;2;" in pens or b"48;2;" in pens:
        return TRUE
    return OF_256 if b"38;5;" in pens or b"48;5;" in pens else OF_16


@pytest.mark.parametrize("kind", NAMED)
@pytest.mark.parametrize("size", [(80, 24), pytest.param((200, 60), marks=pytest.mark.long)])
def test_it_gets_the_colours_it_has_and_its_modes_back(house: House, kind: str, size: tuple[int, int]) -> None:
    with house.shown(size=size, TERM=kind, COLORTERM=None) as tty:
        tty.read(lambda: "quit" in tty.text().split("\n")[size[1] - 1])
        assert depth(tty.raw) == NAMED[kind]
        lines = tty.text().split("\n")
        assert "CLOSED" in lines[0]
        assert all(len(line) <= size[0] for line in lines)
        tty.press("q")
        assert tty.end() == 0
        given_back(tty, f"TERM={kind}")


@pytest.mark.parametrize("kind", ["linux", "tmux-256color"])
def test_without_utf_8_it_sends_plain_characters_there_too(house: House, kind: str) -> None:
    latin: dict[str, str | None] = {"LANG": "C", "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    with house.shown(size=(80, 24), more=latin, TERM=kind, COLORTERM=None) as tty:
        assert tty.raw.isascii()
        tty.press("q")
        assert tty.end() == 0
        given_back(tty, f"TERM={kind}, no UTF-8")


def test_ten_by_three_says_what_it_can_and_grows_with_its_window(house: House) -> None:
    with house.screen(size=(10, 3), TERM="screen", COLORTERM=None) as tty:
        tty.until("CLOSED")
        tty.resize(80, 24)
        tty.until("6,664.01")
        tty.resize(10, 3)
        tty.read(lambda: "6,664.01" not in tty.text())
        tty.press("q")
        assert tty.end() == 0
        given_back(tty, "10 by 3, grown and shrunk again")
