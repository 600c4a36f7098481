"""What is read from a recording of a terminal afterwards: ages, latencies, bytes beside the clock."""

import pytest
from benchmarks.console import Chunk, Console
from benchmarks.idle import beside_the_clock
from benchmarks.keys import Press, latencies
from benchmarks.link import age
from benchmarks.peers import refreshes
from benchmarks.series import mark, number_of


class Recorded(Console):
    """A terminal that was given so much at these moments, and no program on it."""

    def __init__(self, *chunks: tuple[float, str], size: tuple[int, int] = (30, 6)) -> None:
        self.size = size
        self.chunks = [Chunk(at, text.encode()) for at, text in chunks]


def row(number: int, text: str) -> str:
    return f"\x1b[{number + 1};1H{text}"


def test_a_sequence_cut_in_two_by_the_reading_is_painted_whole() -> None:
    assert Recorded((0.0, "RUT \x1b[3"), (0.1, "1m2,444.70")).text().splitlines()[0] == "RUT 2,444.70"


@pytest.mark.parametrize(("text", "number"), [("SPX 5,001.23 5,607.39", 123), ("SPX 5,000.0", None), ("SPX", None)])
def test_the_number_of_a_publication_is_read_from_its_price(text: str, number: int | None) -> None:
    """Another price that begins alike is none."""
    assert number_of(text) == number


def test_what_is_shown_is_as_old_as_its_publication() -> None:
    """Published at 0, 1 and 2 and each shown half a second later: 0.5 to 1.5 seconds old, a second in the middle."""
    published = {0: 0.0, 1: 1.0, 2: 2.0}
    screen = Recorded(*((0.5 + number, row(0, f"SPX {mark(number)}")) for number in range(3)))
    assert age(screen, published, 0.5, 2.5) == pytest.approx(1.0, abs=0.15)


def test_a_figure_that_is_half_written_and_looks_like_one_to_come_is_not_believed() -> None:
    published = {0: 0.0, 1: 1.0, 99: 50.0}
    screen = Recorded((0.0, row(0, mark(0))), (0.1, row(0, mark(99))), (0.2, row(0, mark(0))))
    assert age(screen, published, 0.0, 1.0) == pytest.approx(0.6, abs=0.05)


def test_a_key_is_painted_when_the_sign_of_the_selection_has_moved() -> None:
    """A clock that is painted in between is no answer to a key."""
    screen = Recorded(
        (0.0, row(2, "  ▸ SPX")),
        (1.01, row(0, "13:00:01")),
        (1.03, row(2, "    SPX") + row(3, "  ▸ RUT")),
        (2.05, row(2, "  ▸ SPX") + row(3, "    RUT")),
    )
    found = latencies(screen, [Press(1.0, second=True), Press(2.0, second=False)])
    assert found == pytest.approx([0.03, 0.05])


def test_bytes_that_change_the_header_alone_are_the_clock_s() -> None:
    clock, price, nothing = row(0, "13:01"), row(2, "2,444.71"), row(2, "2,444.71")
    screen = Recorded(
        (0.0, row(0, "13:00") + row(2, "2,444.70")), (60.0, clock), (61.0, price), (62.0, nothing)
    )  # fmt: skip
    assert beside_the_clock(screen, 1) == (len(clock), len(price) + len(nothing), 3)


def test_output_after_a_pause_is_another_refresh() -> None:
    screen = Recorded((0.0, "a"), (2.0, row(1, "bc")), (2.01, "d"), (4.0, row(1, "xyz")))
    sent, ideal = refreshes(screen, 1)
    assert sent == (len(row(1, "bcd")) + len(row(1, "xyz"))) / 2
    assert 0 < ideal <= sent
