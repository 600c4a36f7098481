"""Charts between a screen and its feed: asked by a small file, answered by another, and never trusted blindly."""

import os
import stat
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tapewatch.core import answers, channel
from tapewatch.core.answers import Asked, answer_path
from tapewatch.core.bars import Bars
from tapewatch.core.channel import ChannelError
from tapewatch.core.charting import Charts, Material
from tapewatch.core.charting_feed import Clerk
from tapewatch.core.clock import wall
from tapewatch.core.model.chart import FRAMES, KINDS, MOST_SYMBOLS, Chart, Curve, Wish
from tapewatch.core.paths import Paths, default_paths
from tapewatch.core.sessions import Calendars
from tapewatch.core.take import History

from ..market import eastern, index, short_bars, walk

RUT, SPX = index("^RUT"), index("^GSPC")
CALENDARS = Calendars()
WISH = Wish(kind="price", symbols=("^RUT",), frame="3m")


def material(**bars: Bars) -> Material:
    histories = {f"^{name}": History.of(index(f"^{name}"), one) for name, one in bars.items()}
    return Material(histories, {}, CALENDARS, eastern("2025-10-17 17:00"))


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    made = default_paths(tmp_path, tmp_path / "none.toml")
    made.requests.mkdir()
    return made


@pytest.fixture
def feed(paths: Paths) -> Callable[[], None]:
    """A feed that hears once what is asked of it."""
    clerk, known = Clerk(paths), material(RUT=walk(1, 400), GSPC=walk(2, 400))
    return lambda: clerk.serve(channel.take_requests(paths), lambda: known)


def test_a_wish_is_answered_once_and_by_its_own_file(paths: Paths, feed: Callable[[], None]) -> None:
    asked = Asked(paths, WISH)
    assert asked.ask() is None
    assert asked.answer() is None
    feed()
    chart = asked.answer()
    assert chart is not None
    assert (chart.wish, chart.names, chart.problem) == (WISH, ("RUT",), "")
    assert chart.size == len(chart.curves[0].numbers)
    assert asked.answer() is None
    assert list(paths.requests.iterdir()) == []


def test_an_answer_of_before_is_no_answer(paths: Paths, feed: Callable[[], None]) -> None:
    Asked(paths, WISH).ask()
    feed()
    later = Asked(paths, WISH)
    assert later.answer() is None
    later.ask()
    feed()
    assert later.answer() is not None


def test_two_screens_that_want_the_same_read_the_same_file(paths: Paths, feed: Callable[[], None]) -> None:
    one, other = Asked(paths, WISH), Asked(paths, WISH)
    one.ask()
    other.ask()
    feed()
    assert one.answer() == other.answer()
    assert sum(answers.is_answer(path.name) for path in paths.store.iterdir()) == 1


def test_what_the_feed_refuses_is_an_answer_too(paths: Paths, feed: Callable[[], None]) -> None:
    asked = Asked(paths, replace(WISH, symbols=("^NDX",)))
    asked.ask()
    feed()
    chart = asked.answer()
    assert chart is not None
    assert chart.problem == "the feed does not follow ^NDX"


def test_an_answer_is_its_users_alone_unless_the_store_is_shared(paths: Paths) -> None:
    for shared, mode in ((False, 0o600), (True, 0o644)):
        Clerk(paths, shared).serve([channel.Request(kind="chart", asked_at=wall(), chart=WISH)], material)
        assert stat.S_IMODE(answer_path(paths, WISH).stat().st_mode) == mode


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "cannot be read"),
        (b"{", "cannot be read"),
        (b"\xff\xfe\x00", "cannot be read"),
        (b'{"wish": 5}', "cannot be read"),
        (b"[" * 50_000, "cannot be read"),
        (msgspec.json.encode(Chart(wish=replace(WISH, frame="1y"), problem="x")), "is of another chart"),
        (msgspec.json.encode(Chart(wish=WISH)), "is of another chart"),
        (
            msgspec.json.encode(
                Chart(wish=WISH, points=(wall().date(),), curves=(Curve(name="close", numbers=(1.0, 2.0)),))
            ),
            "is of another chart",
        ),
    ],
    ids=["empty", "half", "no text", "another type", "deep", "another wish", "nothing in it", "uneven"],
)
def test_a_broken_answer_is_one_sentence(paths: Paths, content: bytes, said: str) -> None:
    asked = Asked(paths, WISH)
    answer_path(paths, WISH).write_bytes(content)
    with pytest.raises(ChannelError, match=said) as found:
        asked.answer()
    assert "\n" not in str(found.value)
    # it is said once; what comes after it is read again
    assert asked.answer() is None


def test_a_pipe_or_a_link_in_place_of_an_answer_is_refused(paths: Paths, tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(b"{}")
    for kind in ("pipe", "link"):
        asked, place = Asked(paths, WISH), answer_path(paths, WISH)
        os.mkfifo(place) if kind == "pipe" else place.symlink_to(tmp_path / "other")
        with pytest.raises(ChannelError, match="cannot be read"):
            asked.answer()
        place.unlink()


def test_where_no_requests_are_taken_the_reason_is_said(tmp_path: Path) -> None:
    paths = default_paths(tmp_path / "none", tmp_path / "none.toml")
    assert Asked(paths, WISH).ask() == "this store takes no requests from you; it refreshes by itself"


def test_answers_that_nobody_asks_for_any_more_are_removed(paths: Paths, feed: Callable[[], None]) -> None:
    old = answer_path(paths, replace(WISH, frame="all"))
    old.write_bytes(b"{}")
    gone = (wall() - answers.ANSWER_LIFE - timedelta(seconds=5)).timestamp()
    os.utime(old, (gone, gone))
    Asked(paths, WISH).ask()
    feed()
    assert not old.exists()
    assert answer_path(paths, WISH).exists()


def test_a_disk_that_refuses_is_logged_once_and_ends_nothing(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(channel, "write_atomically", full)
    clerk = Clerk(paths, log=lambda one: said.append(str(one)))
    request = channel.Request(kind="chart", asked_at=wall(), chart=WISH)
    for _ in range(3):
        clerk.serve([request], material)
    assert len(said) == 1
    assert "No space left on device" in said[0]


SYMBOLS = st.lists(st.sampled_from(["^RUT", "^GSPC", "^NDX"]), min_size=0, max_size=MOST_SYMBOLS + 1).map(tuple)


@given(
    kind=st.sampled_from((*KINDS, "pie")), symbols=SYMBOLS, frame=st.sampled_from((*FRAMES, "2h")),
    since=st.none() | st.dates(), bars=short_bars(), others=short_bars(),
)  # fmt: skip
def test_no_wish_and_no_history_however_short_ends_a_feed(
    kind: str, symbols: tuple[str, ...], frame: str, since: object, bars: Bars, others: Bars
) -> None:
    wish = msgspec.convert({"kind": kind, "symbols": symbols, "frame": frame, "since": since}, Wish)
    known = material(RUT=bars, GSPC=others, NDX=Bars.empty())
    made = Charts().answer(wish, known)
    assert made.problem or made.size > 1
    assert msgspec.json.decode(msgspec.json.encode(made), type=Chart) == made
