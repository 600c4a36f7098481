"""Every text field of the snapshot, one after another and all together, on every pane, page, proof and printout."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest

from tapewatch.core import channel
from tapewatch.core.model.claim import Answer
from tapewatch.core.model.config import Config, Problem
from tapewatch.core.model.flag import Event
from tapewatch.core.model.recap import Recap
from tapewatch.core.model.snapshot import Snapshot
from tapewatch.core.model.study import Study
from tapewatch.core.paths import default_paths
from tapewatch.tui.claim_report import printed_answer
from tapewatch.tui.recap_report import printed_recap
from tapewatch.tui.report import printed, printed_journal
from tapewatch.tui.study_report import printed_study
from tests.hostile.canary import CANARY, HEAP, SEEN, acting, hints, infected, is_struct, leaves, made, places
from tests.hostile.painting import FORMS, SIZES, painted, printouts
from tests.laboratory.ledger import note
from tests.tui.stage import builders

FIELDS = sorted(places(Snapshot))
OWN = "\u00a0"
"""No-break blanks are the monitor's own."""


def as_read(snapshot: Snapshot, folder: Path) -> Snapshot:
    """The snapshot as a screen reads it."""
    paths = default_paths(folder)
    paths.store.mkdir(exist_ok=True)
    channel.publish(paths, snapshot)
    found = channel.read_snapshot(paths)
    assert found is not None
    return found


def spoilt(canary: str, *fields: tuple[str, str]) -> Snapshot:
    return cast(Snapshot, infected(builders.overview(), canary, set(fields) or None))


def test_the_walk_reaches_every_text_field() -> None:
    assert len(FIELDS) >= 100
    missed = [one for one in FIELDS if SEEN.encode() not in msgspec.json.encode(spoilt(CANARY, one))]
    assert missed == []


def look_at(fields: list[tuple[str, str]], sizes: tuple[int, ...], forms: tuple[str, ...], folder: Path) -> int:
    """In how many of the fields the canary was seen, having acted in none."""
    seen = 0
    for field in fields:
        snapshot = spoilt(CANARY, field)
        lines = list(painted(as_read(snapshot, folder), sizes))
        assert [(field, one) for one in lines if acting(one, OWN)] == []
        assert [(field, one) for one in printouts(snapshot, forms) if acting(one)] == []
        seen += any(SEEN in one for one in lines)
    return seen


def test_no_field_acts_on_the_screen_or_on_paper(tmp_path: Path) -> None:
    """A word nobody knows must not stop a pane either: the feed may be newer."""
    assert look_at(FIELDS, SIZES[:1], FORMS[:1], tmp_path) >= 50
    note("hostile", "fields of the snapshot, each alone", count=len(FIELDS))


@pytest.mark.long
def test_no_field_acts_in_any_size_or_form(tmp_path: Path) -> None:
    assert look_at(FIELDS, SIZES, FORMS, tmp_path) >= 50
    note("hostile", "fields of the snapshot, each alone, all sizes and forms", count=2 * len(FIELDS))


HARM = {
    "canary": CANARY,
    "accents": HEAP[:400],
    "long": "M" * 5000,
    "line end": "\n",
    "nothing": "",
    "turned": "\u202e",
}


@pytest.mark.parametrize("name", HARM)
def test_all_fields_at_once(tmp_path: Path, name: str) -> None:
    snapshot = spoilt(HARM[name])
    for one in (*painted(as_read(snapshot, tmp_path), SIZES[:1]), *printouts(snapshot, FORMS[:1])):
        assert acting(one, OWN + "\n") == []
    note("hostile", f"all fields of the snapshot at once: {name}", count=len(FIELDS))


def test_json_keeps_every_character_and_csv_runs_no_formula() -> None:
    name = "=HYPERLINK(\x1b]0;x\x07)\u202e|"
    snapshot = spoilt(name, ("Row", "name"))
    assert {row["name"] for row in msgspec.json.decode(printed(snapshot, "json"))["instruments"]} == {name}
    rows = list(csv.DictReader(io.StringIO(printed(snapshot, "csv"))))
    assert {row["name"][:12] for row in rows} == {"'=HYPERLINK("}
    assert all(line.count(" | ") == 11 for line in printed(snapshot, "markdown").splitlines() if "HYPERLINK" in line)


def test_a_name_with_line_ends_forges_no_line() -> None:
    forged = "Russell 2000\nRUT  9,999.99  live"
    for form in ("text", "markdown"):
        assert not any(one.startswith("RUT  9") for one in printed(spoilt(forged, ("Row", "name")), form).splitlines())


ON_PAPER: dict[type[msgspec.Struct], Callable[[Any], list[str]]] = {
    Recap: lambda one: [printed_recap(one, form) for form in ("text", "markdown", "json")],
    Answer: lambda one: [printed_answer(one, form) for form in ("text", "json")],
    Study: lambda one: [printed_study(one, form, {}) for form in ("text", "json")],
    Event: lambda one: [printed_journal((one, one), form) for form in ("text", "csv", "json")],
    Problem: lambda one: [str(one)],
}


@pytest.mark.parametrize("kind", ON_PAPER)
def test_what_is_printed_of_anything_else(kind: type[msgspec.Struct]) -> None:
    for canary in (CANARY, HEAP[:400]):
        pages = ON_PAPER[kind](made(kind, canary))
        assert [page for page in pages if acting(page)] == []
        assert canary != CANARY or all(SEEN in page for page in pages)
    note("hostile", f"printed: {kind.__name__}", count=2 * len(ON_PAPER[kind](made(kind, "x"))))


def test_no_text_of_the_settings_is_missing_here() -> None:
    """Whoever adds a type with texts that are printed has to add it above."""
    kinds = {part for kind in (Snapshot, Config) for hint in hints(kind).values() for part in leaves(hint)}
    assert {one.__name__ for one in kinds if is_struct(one)} >= {"Row", "Flag", "Health", "Instrument", "UserLevel"}
