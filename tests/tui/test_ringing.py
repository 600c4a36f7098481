"""The bell and the notification of a terminal: harmless words only, wrapped where that is right, whole on the wire."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewatch.core.model.alert import Ring
from tapewatch.tui.ringing import notice, sequence
from tapewatch.tui.sender import Sender
from tapewatch.tui.wire import Wire
from tests.builders import FRIDAY, at

XTERM = {"TERM": "xterm-256color"}
TMUX = {"TERM": "tmux-256color", "TMUX": "/run/tmux,1,0"}
SCREEN = {"TERM": "screen-256color", "STY": "1.pts"}
RING = Ring(id="1", alert="up", at=at(FRIDAY, 12), text="RUT 2,461.00", bell=True, notify=True)


def test_a_plain_terminal_is_told_and_rung() -> None:
    assert sequence(RING, XTERM) == "\x1b]9;tapewatch: up: RUT 2,461.00\x07\x07"


def test_within_tmux_it_is_wrapped_for_the_terminal_outside_and_the_bell_is_tmuxs_own() -> None:
    assert sequence(RING, TMUX) == "\x1bPtmux;\x1b\x1b]9;tapewatch: up: RUT 2,461.00\x07\x1b\\\x07"


def test_within_screen_it_is_wrapped_in_its_way() -> None:
    assert notice("up", "x", SCREEN) == "\x1bP\x1b]9;tapewatch: up: x\x07\x1b\\"


def test_over_ssh_from_within_tmux_at_home_nothing_here_is_wrapped() -> None:
    assert notice("up", "x", {"TERM": "tmux-256color", "SSH_TTY": "/dev/pts/1"}) == "\x1b]9;tapewatch: up: x\x07"


@pytest.mark.parametrize("kind", ["linux", "vt100"])
def test_a_terminal_that_would_paint_it_is_given_the_bell_alone(kind: str) -> None:
    assert sequence(RING, {"TERM": kind}) == "\x07"


@given(st.text(), st.text(), st.sampled_from((XTERM, TMUX, SCREEN)))
def test_no_word_of_an_alert_ends_the_notification_or_begins_another(
    alert: str, text: str, environment: dict[str, str]
) -> None:
    made = notice(alert, text, environment)
    plain = notice("", "", environment)
    assert made.count("\x1b") == plain.count("\x1b")
    assert made.count("\x07") == 1
    assert "\\" not in made.removesuffix("\x1b\\")
    assert not {one for one in made if one < " " or "\x7f" <= one <= "\x9f"} - {"\x1b", "\x07"}


@pytest.mark.parametrize("environment", [XTERM, TMUX, SCREEN])
def test_the_wire_lets_it_pass_whole_and_paints_none_of_it(environment: dict[str, str]) -> None:
    wire = Wire(40, 4)
    wire.take("\x1b[1;1HRUT 2,461.00")
    before = wire.picture()
    told = sequence(RING, environment)
    assert wire.take(f"{told}\x1b[2;1H") == told
    assert (wire.lost, wire.picture()) == (None, before)


def test_it_goes_out_at_once_though_no_frame_follows() -> None:
    sent: list[str] = []
    sender = Sender("cells")
    sender.connect((40, 4), sent.append, lambda: False)
    sender.write(sequence(RING, TMUX))
    assert sent == [sequence(RING, TMUX)]
