"""The life of a flag, verdict by verdict."""

from datetime import date, datetime, timedelta
from typing import NamedTuple

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewatch.core.flags.lifecycle import Life, Verdict, advance

from ..market import eastern

FRIDAY, MONDAY = date(2025, 10, 17), date(2025, 10, 20)


class Said(NamedTuple):
    """A verdict in words: when, and what: on (it enters), stays, off, ? (unknown), and how it closed."""

    at: str
    what: str
    day: date = FRIDAY


def verdict(said: Said) -> Verdict:
    enter = said.what in ("on", "closes on", "week goes on")
    return Verdict(
        at=eastern(f"{said.day} {said.at}"),
        session=said.day,
        enter=enter,
        stay=enter or said.what == "stays",
        final=said.what in ("closes on", "closes off", "week goes on"),
        decides=said.what != "week goes on",
        unknown="DJIA is silent" if said.what == "?" else None,
    )


def lived(*said: Said, life: Life | None = None) -> tuple[Life, list[tuple[str, str]]]:
    """Where it ends, and the states it entered and when."""
    life = life or Life()
    entered: list[tuple[str, str]] = []
    for one in said:
        life, steps = advance(life, verdict(one))
        entered += [(f"{local(step.at)}{' late' if step.late else ''}", step.state) for step in steps]
    return life, entered


def local(moment: datetime) -> str:
    return f"{moment - timedelta(hours=4):%H:%M}"


def on(*times: str) -> list[Said]:
    return [Said(time, "on") for time in times]


FORMED = on("14:20", "14:25", "14:30", "14:35")


@pytest.mark.parametrize(
    ("said", "journal"),
    [
        pytest.param(
            [*FORMED, Said("16:20", "closes on")],
            [("14:20", "forming"), ("14:35", "provisional"), ("16:20", "confirmed")],
            id="held to the close",
        ),
        pytest.param(FORMED[:3], [("14:20", "forming")], id="ten minutes are not fifteen"),
        pytest.param(
            [*on("14:20", "14:25"), Said("14:30", "off")],
            [("14:20", "forming"), ("14:30", "faded")],
            id="gone before it had held",
        ),
        pytest.param(
            [*FORMED, Said("15:00", "off")],
            [("14:20", "forming"), ("14:35", "provisional"), ("15:00", "faded")],
            id="gone after it had held",
        ),
        pytest.param(
            [*FORMED, Said("16:20", "closes off")],
            [("14:20", "forming"), ("14:35", "provisional"), ("16:20", "faded")],
            id="the official closes say no",
        ),
        pytest.param(
            [*FORMED, Said("14:40", "stays"), Said("14:45", "on"), Said("14:50", "stays")],
            [("14:20", "forming"), ("14:35", "provisional")],
            id="no flicker between entering and leaving",
        ),
        pytest.param([Said("14:20", "stays")], [], id="what only keeps a flag does not raise one"),
        pytest.param(
            [*on("14:20"), Said("14:25", "off"), *on("14:30", "14:45")],
            [("14:20", "forming"), ("14:25", "faded"), ("14:30", "forming"), ("14:45", "provisional")],
            id="dwells anew after it faded",
        ),
        pytest.param(
            [*FORMED, Said("14:40", "?"), Said("14:45", "?"), *on("14:50", "15:05")],
            [
                ("14:20", "forming"), ("14:35", "provisional"), ("14:40", "unknown"), ("14:50", "forming"),
                ("15:05", "provisional"),
            ],
            id="unknown and back",
        ),
        pytest.param([Said("14:40", "?"), Said("14:45", "off")], [("14:40", "unknown")], id="unknown, then nothing"),
        pytest.param(
            [*FORMED, Said("15:00", "off"), Said("16:20", "closes on")],
            [("14:20", "forming"), ("14:35", "provisional"), ("15:00", "faded"), ("16:20", "confirmed")],
            id="faded and yet true at the close",
        ),
        pytest.param([Said("16:20", "closes on")], [("16:20 late", "confirmed")], id="nobody watched"),
        pytest.param([Said("16:20", "closes off")], [], id="nothing to say of a quiet day"),
        pytest.param(
            [Said("09:35", "off"), Said("16:20", "closes on")], [("16:20", "confirmed")], id="watched, on at the close"
        ),
        pytest.param([Said("16:20", "week goes on")], [("16:20", "provisional")], id="a week in progress only stands"),
        pytest.param(
            [*FORMED, Said("16:20", "week goes on")],
            [("14:20", "forming"), ("14:35", "provisional")],
            id="a week in progress is not confirmed at a close",
        ),
        pytest.param(
            [*on("15:55"), Said("16:20", "week goes on")],
            [("15:55", "forming"), ("16:20", "provisional")],
            id="a closed session has nothing left to dwell on",
        ),
    ],
)  # fmt: skip
def test_lives(said: list[Said], journal: list[tuple[str, str]]) -> None:
    assert lived(*said)[1] == journal


def test_a_confirmed_flag_is_taken_back_by_a_mended_official_close_alone() -> None:
    life, _ = lived(*FORMED, Said("16:20", "closes on"))
    assert lived(Said("16:40", "off"), Said("16:45", "?"), life=life) == (life, [])
    _, journal = lived(Said("16:50", "closes off"), life=life)
    assert journal == [("16:50", "faded")]


def test_a_new_session_begins_a_new_life_and_an_older_one_changes_nothing() -> None:
    life, _ = lived(*FORMED)
    later, journal = lived(Said("09:35", "on", MONDAY), life=life)
    assert journal == [("09:35", "forming")]
    assert later.session == MONDAY
    assert lived(Said("15:00", "off", FRIDAY), life=later) == (later, [])


def test_a_moment_is_judged_once() -> None:
    life, _ = lived(*FORMED)
    assert lived(*FORMED, life=life) == (life, [])
    assert lived(Said("14:35", "off"), life=life) == (life, [])


WORDS = ["on", "stays", "off", "?"]


@given(st.lists(st.sampled_from(WORDS), max_size=60), st.integers(0, 60), st.sampled_from(["closes on", "closes off"]))
def test_a_life_put_away_and_taken_up_again_writes_the_same_journal(words: list[str], cut: int, end: str) -> None:
    start = datetime(2025, 10, 17, 9, 35)  # noqa: DTZ001
    said = [Said(f"{start + timedelta(minutes=5 * at):%H:%M}", word) for at, word in enumerate(words)]
    said.append(Said("16:20", end))
    whole_life, whole = lived(*said)
    first_life, first = lived(*said[:cut])
    stored = msgspec.json.decode(msgspec.json.encode(first_life), type=Life)
    # the new feed is shown the whole day again
    again_life, again = lived(*said, life=stored)
    assert first + again == whole
    assert msgspec.json.encode(again_life) == msgspec.json.encode(whole_life)


@given(st.lists(st.sampled_from(WORDS), max_size=60))
def test_every_provisional_flag_has_held_for_a_quarter_of_an_hour(words: list[str]) -> None:
    start = datetime(2025, 10, 17, 9, 35)  # noqa: DTZ001
    life = Life()
    formed = start
    for at, word in enumerate(words):
        one = Said(f"{start + timedelta(minutes=5 * at):%H:%M}", word)
        life, steps = advance(life, verdict(one))
        for step in steps:
            formed = step.at if step.state == "forming" else formed
            if step.state == "provisional":
                assert step.at - formed == timedelta(minutes=15)
                assert "off" not in words[at - 3 : at + 1]
