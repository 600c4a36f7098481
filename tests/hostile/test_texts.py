"""Whatever a text holds, what is shown of it is visible, says that something stood there, and keeps honest words."""

import unicodedata
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tapewatch.core import channel
from tapewatch.core.model.decoding import json_text, made_harmless
from tapewatch.core.model.harmless import LONGEST, MARK, harmless, harmless_lines
from tapewatch.core.model.snapshot import Health, Snapshot
from tapewatch.core.paths import default_paths
from tapewatch.tui.glyphs import to_ascii
from tapewatch.tui.text import Piece, plain, width
from tapewatch.tui.widgets.sheet import Sheet
from tests.hostile.canary import BREAKS, CANARY, ESCAPES, HEAP, HIDDEN, SEEN, acting
from tests.laboratory.ledger import note
from tests.tui.stage import builders

QUICK, LONG = 150, 2000
NASTY = st.sampled_from(
    [*ESCAPES, *HIDDEN, *BREAKS, "\u0301", "\u0489", "\ud800", "\U000e0001", "[", "/", "é", "日", "x"]
)
TEXT = st.text(st.one_of(NASTY, st.characters()), max_size=60)
STREAM = st.text(st.one_of(NASTY, st.characters(), st.just("\n")), max_size=60)


def shown_by_a_sheet(text: str) -> str:
    """What a painted line says, whatever the pane gave it."""
    sheet = Sheet()
    sheet.show([(Piece(text), Piece(text[::-1], "bull bold"))], 70)
    (line,) = sheet.lines()
    assert width(line) == 70
    return plain(line)


def published(text: str, folder: Path) -> str:
    """A text that a feed publishes, as a screen has it."""
    paths = default_paths(folder)
    paths.store.mkdir(exist_ok=True)
    snapshot = msgspec.structs.replace(builders.empty(), health=Health(source=text.encode(errors="replace").decode()))
    channel.publish(paths, snapshot)
    found = channel.read_snapshot(paths)
    assert found is not None
    return found.health.source


def hold_everywhere(text: str, folder: Path) -> None:
    for shown in (harmless(text), shown_by_a_sheet(text), to_ascii(harmless(text)), published(text, folder)):
        assert acting(shown, "\u00a0") == []
    assert acting(harmless_lines(text), "\n\t\u00a0") == []
    assert harmless(harmless(text)) == harmless(text)


def run(examples: int, folder: Path) -> None:
    @settings(max_examples=examples, deadline=None)
    @given(text=TEXT)
    def law(text: str) -> None:
        hold_everywhere(text, folder)
        exact = json_text({"name": text.encode(errors="replace").decode()})
        assert acting(exact) == []
        assert msgspec.json.decode(exact)["name"] == text.encode(errors="replace").decode()

    law()
    note(
        "hostile",
        f"any text, on screens and in files ({'long' if examples == LONG else 'quick'})",
        count=examples,
    )


def test_any_text_is_shown_and_never_acts(tmp_path: Path) -> None:
    run(QUICK, tmp_path)


@pytest.mark.long
def test_thousands_of_texts_are_shown_and_never_act(tmp_path: Path) -> None:
    run(LONG, tmp_path)


@pytest.mark.long
def test_every_character_there_is(tmp_path: Path) -> None:
    """One after another, each between two letters."""
    for code in range(0x110000):
        text = f"a{chr(code)}b"
        assert acting(harmless(text), "\u00a0") == [], hex(code)
        assert harmless(text)[0] == "a"
        assert harmless(text)[-1] == "b"
    hold_everywhere("".join(map(chr, range(0x3000))), tmp_path)
    note("hostile", "every character of Unicode", characters=0x110000)


@given(text=st.text(st.characters(categories=["L", "N", "P"], max_codepoint=0x2FF), max_size=40))
def test_honest_words_stay_as_they_are(text: str) -> None:
    assert harmless(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "Société Générale",
        "S&P 500 – 6,664.01 (+0.53 %)",
        "上证指数",
        "日経平均",
        "Việt Nam",
        "Vie\u0323\u0302t",
        "Ω ≈ ±1 ▲ ▼ ⣀⣤",
        "ไทย",
    ],
)
def test_names_of_the_world_stay_as_they_are(text: str) -> None:
    assert harmless(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("RUT\x1b[2J", f"RUT{MARK}[2J"),
        ("one\ntwo\r\n", "one two  "),
        ("\u202e21.4", f"{MARK}21.4"),
        ("pay\u200bpal", f"pay{MARK}pal"),
        ("nul\0byte", f"nul{MARK}byte"),
        ("\u0301x", f"{MARK}x"),
        ("[red]up[/red]", "[red]up[/red]"),
        (SEEN, SEEN),
    ],
)
def test_what_acted_is_marked_where_it_stood(text: str, shown: str) -> None:
    assert harmless(text) == shown


def test_a_heap_of_accents_is_three_and_a_mark() -> None:
    assert harmless("Z" + "\u0301" * 3000) == "Z\u0301\u0301\u0301" + MARK
    assert len([one for one in harmless(HEAP) if unicodedata.category(one)[0] == "M"]) == 3


def test_megabytes_are_cut_and_counted() -> None:
    text = harmless("A" * 10_000_000)
    assert text.startswith("A" * LONGEST)
    assert text.endswith(f"… ({10_000_000 - LONGEST:,} characters more)")


def test_a_snapshot_without_harm_is_the_same_afterwards() -> None:
    for snapshot in (builders.overview(), builders.live(), builders.offline(), builders.loading()):
        assert made_harmless(snapshot) == snapshot
        assert msgspec.json.decode(json_text(snapshot), type=Snapshot) == snapshot


def test_the_eye_sees_what_acts() -> None:
    assert set(ESCAPES) & {"\x1b", "\x07", "\x9b"} <= set(acting(CANARY))
    assert set(HIDDEN) - set("RLO") <= set(acting(CANARY)) | {"\u034f"}
    assert acting("Plain – words, 21.4 % ▲ 日本\n") == []
