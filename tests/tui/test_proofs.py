"""Every figure has its proof: the same number, by a formula that gives it, at a path that holds it."""

import re
from datetime import date
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from tapewatch.core.model.flag import Flag, FlagHistory
from tapewatch.core.model.measures import Confirmation
from tapewatch.core.model.snapshot import Row, Snapshot
from tapewatch.tui.choices import Choices
from tapewatch.tui.look import Look
from tapewatch.tui.panes import discover
from tapewatch.tui.proofs import PROVABLE, proof_of, provable
from tapewatch.tui.proofs._common import ordinal
from tapewatch.tui.proofs.proof import Proof, panel, plain_text
from tapewatch.tui.proofs.provers import PANES
from tapewatch.tui.text import covered, line, plain, width
from tapewatch.tui.words import track_record
from tests import builders
from tests.tui.stage import stage

BOARDS = discover()
SNAPSHOTS = {"overview": builders.overview(), "live": builders.live(), "offline": builders.offline()}


def look(snapshot: Snapshot, **choices: object) -> Look:
    return Look(now=snapshot.clock.now, choices=replace(Choices(), **choices))


def proofs(snapshot: Snapshot) -> list[tuple[str, str, Row, Proof]]:
    """Every figure that can be proved, of every row."""
    found = [
        (pane, column, row, proof_of(pane, column, row.symbol, snapshot, look(snapshot, focus=pane)))
        for pane in PROVABLE
        for column in provable(pane)
        for row in snapshot.instruments
    ]
    return [(pane, column, row, proof) for pane, column, row, proof in found if proof is not None]


def at_path(snapshot: Snapshot, path: str) -> object:
    """What stands at a path of the snapshot's JSON."""
    symbol, rest = re.fullmatch(r"instruments\[(.+?)\]\.(.+)", path).groups()  # type: ignore[union-attr]
    found: object = msgspec.to_builtins(snapshot.row(symbol))
    for name in rest.split("."):
        assert isinstance(found, dict)
        found = found[name]
    return found


def numbers(text: str) -> list[float]:
    return [float(one.replace(",", "").replace("−", "-")) for one in re.findall(r"[−-]?\d[\d,]*\.?\d*", text)]


@pytest.mark.parametrize("name", SNAPSHOTS)
def test_each_proof_ends_at_the_figure_in_the_snapshot(name: str) -> None:
    snapshot = SNAPSHOTS[name]
    made = proofs(snapshot)
    assert len(made) > 150
    for pane, column, row, proof in made:
        value = at_path(snapshot, proof.path)
        assert value is not None, (pane, column, row.short)
        if isinstance(value, float):
            shown = numbers(proof.value)[0]
            assert shown == pytest.approx(value, abs=0.51 if "of 100" in proof.value else 0.0051), (pane, column)


@pytest.mark.parametrize("name", SNAPSHOTS)
def test_each_formula_computes_what_it_says(name: str) -> None:
    """The sums are done again from the numbers printed in them."""
    checked = 0
    for pane, column, row, proof in proofs(SNAPSHOTS[name]):
        for words in proof.formula:
            sum_, equals, result = words.partition(" = ")
            if not equals:
                continue
            python = sum_.replace("×", "*").replace("÷", "/").replace("−", "-").replace(",", "")
            assert re.fullmatch(r"[\d. ()*/+-]+", python), words
            assert eval(python) == pytest.approx(numbers(result)[0], abs=0.06), (pane, column, row.short)
            checked += 1
    assert checked > 100


@pytest.mark.parametrize("pane", ["quotes", "weekly", "record"])
def test_the_number_on_the_screen_is_the_number_proved(pane: str) -> None:
    snapshot = builders.overview()
    page = BOARDS[pane].page(snapshot, look(snapshot, focus=pane), 200, 60)
    for one in page.body:
        for column in page.figures:
            proof = proof_of(pane, column, one.key, snapshot, look(snapshot, focus=pane))
            words = proof.value.removesuffix(" %").removesuffix(" of 100") if proof else ""
            if re.fullmatch(r"[−+]?[\d,.]+", words) and column in (
                "percent",
                "change",
                "last",
                "distance",
                "low",
                "high",
            ):
                assert words in plain(one.line), (one.key, column)


def test_the_week_says_when_another_definition_has_the_other_sign() -> None:
    snapshot = builders.overview()
    rows = tuple(
        msgspec.structs.replace(one, week=msgspec.structs.replace(one.week, first_close_to_close_percent=-0.38))
        if one.week and one.symbol == "^RUT"
        else one
        for one in snapshot.instruments
    )
    snapshot = msgspec.structs.replace(snapshot, instruments=rows)
    proof = proof_of("weekly", "change", "^RUT", snapshot, look(snapshot))
    assert proof is not None
    assert [one.name for one in proof.definitions] == ["w/w", "O>C", "1stC>C"]
    assert "The sign changes with the definition." in proof.warning
    calm = proof_of("weekly", "change", "^GSPC", snapshot, look(snapshot))
    assert calm is not None
    assert not calm.warning


def test_funds_say_that_no_dividends_are_in_the_price() -> None:
    snapshot = builders.overview()
    proof = proof_of("quotes", "percent", "IWM", snapshot, look(snapshot))
    assert proof is not None
    assert any("no dividends" in words for words in proof.source)


@pytest.mark.parametrize("cells", [57, 78, 97])
@pytest.mark.parametrize("name", SNAPSHOTS)
def test_a_panel_is_never_wider_than_its_place(name: str, cells: int) -> None:
    snapshot = SNAPSHOTS[name]
    for _, _, _, proof in proofs(snapshot):
        assert all(width(one) <= cells for one in panel(proof, cells))
    for flag in snapshot.flags:
        made = proof_of("flags", None, flag.id, snapshot, look(snapshot))
        assert made is not None
        assert all(width(one) <= cells for one in panel(made, cells))


def test_a_flag_is_proved_with_sentence_numbers_and_history() -> None:
    snapshot = builders.overview()
    flag: Flag = snapshot.flags[0]
    proof = proof_of("flags", None, flag.id, snapshot, look(snapshot))
    assert proof is not None
    text = plain_text(proof)
    assert flag.history is not None
    assert f"{flag.history.days} days in {flag.history.episodes} cases" in text
    assert f"flags[{flag.id}]" in text
    assert "−" not in text


def test_a_flag_above_all_its_window_says_since_when() -> None:
    snapshot = builders.overview()
    ranked = next(one for one in snapshot.flags if one.percentile is not None)
    largest = msgspec.structs.replace(ranked, percentile=100.0, one_in_days=None, largest_since=date(2008, 10, 10))
    proof = proof_of("flags", None, largest.id, msgspec.structs.replace(snapshot, flags=(largest,)), look(snapshot))
    assert proof is not None
    assert "none larger since 2008-10-10" in plain_text(proof)


def test_a_rule_that_never_held_has_no_days_and_no_cases() -> None:
    snapshot = builders.overview()
    history = FlagHistory(days=0, episodes=0, since=date(1987, 9, 10), share_of_days=0.0)
    flag = msgspec.structs.replace(snapshot.flags[0], history=history)
    proof = proof_of("flags", None, flag.id, msgspec.structs.replace(snapshot, flags=(flag,)), look(snapshot))
    assert proof is not None
    assert "never before since 1987" in plain_text(proof)
    assert track_record(history) == "never before since 1987."
    once = msgspec.structs.replace(history, days=1, episodes=1, share_of_days=1 / 9662)
    assert track_record(once) == "1 day in 1 case since 1987; 1 day in 9,662."
    assert track_record(once, short=True).startswith("1 day, 1 case since 1987")


@pytest.mark.parametrize(
    ("text", "cells", "left"),
    [("1,234.56 more", 4, "    "), ("1,234.56 more", 8, "1,234.56"), ("ab 1,234.56", 5, "ab   "), ("━━━━━━", 3, "━━━")],
)
def test_a_covered_number_is_covered_whole(text: str, cells: int, left: str) -> None:
    assert plain(covered(line(text), cells)) == left


async def test_enter_opens_the_proof_of_the_chosen_figure_and_esc_closes_it(tmp_path: Path) -> None:
    seen = stage(tmp_path, builders.overview())
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await pilot.press("g", "enter")
        assert "change of the session" in seen.text()
        assert "instruments[^GSPC].quote.change_percent" in seen.text()
        await pilot.press("j")
        assert "instruments[^DJI].quote.change_percent" in seen.text()
        await pilot.press("l")
        assert "instruments[^DJI].quote.last" in seen.text()
        await pilot.press("tab", "tab")
        assert "instruments[^DJI].week.change_percent" in seen.text()
        await pilot.press("escape")
        assert "instruments[^DJI]" not in seen.text()
        assert seen.monitor.choices.screen == "overview"


async def test_on_a_narrow_screen_the_proof_has_it_all(tmp_path: Path) -> None:
    seen = stage(tmp_path, builders.overview())
    async with seen.monitor.run_test(size=(60, 16)) as pilot:
        await pilot.press("enter")
        assert "FORMULA" in seen.text()
        before = seen.text()
        await pilot.press("pagedown")
        assert seen.text() != before
        await pilot.press("y")
        assert "Sent to the terminal's clipboard" in seen.text()


async def test_a_flag_is_selected_and_proved(tmp_path: Path) -> None:
    seen = stage(tmp_path, builders.overview())
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await pilot.press("5", "enter")
        shown = seen.monitor.desk.boards["flags"].page.keys
        assert f"flags[{shown[0]}]" in "".join(seen.text().split())
        await pilot.press("j")
        assert f"flags[{shown[1]}]" in "".join(seen.text().split())


def test_a_ratio_is_proved_with_its_closes_and_a_sum_that_can_be_done_again() -> None:
    one = Confirmation(
        key="ratio:^RUT/^GSPC", label="RUT / SPX", meaning="small over large", unit="index", as_of=date(2025, 10, 17),
        value=95.11221510353609, change20=0.144, position_percent=34.6,
        measures={"close": 2452.17, "reference_close": 6664.01, "ratio": 2452.17 / 6664.01,
                  "ratio_252_sessions_ago": 0.3868880},
    )  # fmt: skip
    snapshot = msgspec.structs.replace(builders.overview(), confirmation=(one,))
    proof = proof_of("confirmation", None, one.key, snapshot, look(snapshot))
    assert proof is not None
    text = plain_text(proof)
    assert "RUT close" in text
    assert "SPX close" in text
    sum_ = re.search(r"100 × ([\d.]+) ÷ ([\d.]+) = ([\d.]+)", " ".join(proof.formula))
    assert sum_ is not None
    now, before, result = map(float, sum_.groups())
    assert 100 * now / before == pytest.approx(result, abs=0.01)
    assert result == pytest.approx(one.value, abs=0.01)


@pytest.mark.parametrize(("value", "words"), [(71.54, "72nd"), (85.4, "85th"), (99.97, "99th"), (100.0, "100th")])
def test_a_rank_is_rounded_and_never_up_to_the_hundredth(value: float, words: str) -> None:
    assert ordinal(value) == words


def test_the_columns_said_to_be_provable_are_those_with_a_prover() -> None:
    assert {pane: tuple(figures) for pane, figures in PANES.items()} == PROVABLE
