"""Keys are keys and a paste is a text, however it arrives and whatever is in it."""

from itertools import pairwise
from threading import Event

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual import events

from tapewatch.tui.keyboard import BEGIN, END, MOST_PASTED, PATIENCE, Keyboard

Told = list[tuple[str, str]]


def told(found: list[object]) -> Told:
    """Keys by their names, pastes by their text."""
    return [
        ("key", one.key) if isinstance(one, events.Key) else ("paste", one.text)
        for one in found
        if isinstance(one, events.Key | events.Paste)
    ]


def typed(*parts: str, rests: int = 3) -> Told:
    keyboard = Keyboard()
    found: list[object] = []
    for part in parts:
        found += keyboard.typed(part)
    for _ in range(rests):
        found += keyboard.rested()
    return told(found)


@pytest.mark.parametrize(
    "inside",
    [
        "RUT", "\x1b[31m--\x1b[0m", "AAPL\x1b[31m\n--q", "ab\x1b[31mcd\nJJ", "\x1b", "\x1b[", "\x1b[20", "\x1b[201",
        "\x03\x1a\x0c",
        "\x1b[200~q", "two\nlines\r\n", "\u202eq",
    ],
)  # fmt: skip
def test_what_is_pasted_acts_on_nothing(inside: str) -> None:
    assert typed(f"{BEGIN}{inside}{END}") == [("paste", inside)]
    assert typed(f"j{BEGIN}{inside}{END}q") == [("key", "j"), ("paste", inside), ("key", "q")]


PARTS = st.lists(st.sampled_from(["q", "j", "\x1b[A", "ä", f"{BEGIN}x\x1b[31m-q{END}", f"{BEGIN}{END}"]), max_size=6)


@settings(max_examples=200, deadline=None)
@given(PARTS, st.data())
def test_however_it_is_cut_it_is_the_same(parts: list[str], data: st.DataObject) -> None:
    text = "".join(parts)
    whole = typed(text)
    # a lone Esc at the end of a reading is a key: nothing tells that more comes
    places = [at for at in range(1, len(text)) if text[at - 1] != "\x1b"]
    cuts = sorted(data.draw(st.sets(st.sampled_from(places), max_size=4))) if places else []
    edges = [0, *cuts, len(text)]
    assert typed(*(text[a:b] for a, b in pairwise(edges))) == whole
    assert [one for one in whole if one[0] == "paste"] == [
        ("paste", part[len(BEGIN) : -len(END)]) for part in parts if part.startswith(BEGIN)
    ]


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60).filter(lambda text: END not in text), st.integers(1, 40))
def test_any_text_is_pasted_whole(text: str, size: int) -> None:
    sent = f"{BEGIN}{text}{END}"
    rest = sent[len(BEGIN) :]
    assert typed(BEGIN, *(rest[at : at + size] for at in range(0, len(rest), size))) == [("paste", text)]


def test_a_paste_without_an_end_is_taken_for_whole_in_the_end_and_keys_are_keys_again() -> None:
    keyboard = Keyboard()
    assert told([*keyboard.typed(f"{BEGIN}--q")]) == []
    found = [one for _ in range(PATIENCE + 1) for one in keyboard.rested()]
    assert told([*found]) == [("paste", "--q")]
    assert told([*keyboard.typed("q")]) == [("key", "q")]


def test_a_paste_of_megabytes_is_cut_and_its_end_still_found() -> None:
    assert typed(BEGIN + "-" * (3 * MOST_PASTED) + END + "j") == [("paste", "-" * MOST_PASTED), ("key", "j")]


def test_esc_alone_is_a_key() -> None:
    keyboard = Keyboard()
    found: list[object] = [*keyboard.typed("\x1b")]
    Event().wait(0.2)  # longer than a sequence may be on its way
    found += keyboard.rested()
    assert ("key", "escape") in told(found)
