"""A price that is held: marked on its row, named in the line above the footer, and told to scripts as lacking."""

import pytest
from msgspec.structs import replace

from tapewatch.core.model.snapshot import Snapshot
from tapewatch.core.oneshot import lacking
from tapewatch.tui.choices import Choices
from tapewatch.tui.look import Look
from tapewatch.tui.message_line import Troubles, message
from tapewatch.tui.panes import discover
from tapewatch.tui.text import plain, width
from tests import builders

RUT = "25.19 held: 99 % under the last, too far to be believed"
KRE = "a high of 90.00 held: 48 % over the last, until seen again"


def holding(**held: str) -> Snapshot:
    live = builders.live()
    rows = tuple(replace(row, held=held.get(row.short), freshness="live") for row in live.instruments)
    return replace(live, instruments=rows, health=replace(live.health, error=None, silent=(), attempts=0))


def look(snapshot: Snapshot) -> Look:
    return Look(now=snapshot.clock.now, choices=Choices())


def said(snapshot: Snapshot, cells: int) -> str:
    made = message(snapshot, look(snapshot), Troubles(), cells)
    assert width(made) <= cells
    return plain(made)


def test_the_line_names_what_is_held_and_how_many_others() -> None:
    assert f"RUT {RUT}" in said(holding(RUT=RUT), 120)
    assert f"RUT {RUT} (and 1 more)" in said(holding(RUT=RUT, KRE=KRE), 120)
    assert "held" not in said(holding(), 120)


def test_on_a_narrow_screen_the_number_of_the_others_goes_first() -> None:
    assert said(holding(RUT=RUT, KRE=KRE), 72).rstrip().endswith("too far to be believed")


@pytest.mark.parametrize("name", ["board", "quotes"])
def test_its_row_keeps_the_price_that_was_believed_and_wears_a_mark(name: str) -> None:
    snapshot = holding(RUT=RUT)
    page = discover()[name].page(snapshot, look(snapshot), 118, 40)
    lines = {one.key: plain(one.line) for one in page.body}
    row = snapshot.row("RUT")
    assert row is not None
    assert row.quote is not None
    assert f"?{row.quote.last:,.2f}" in lines["^RUT"].replace(" ", "")
    assert "?" not in lines["^GSPC"]
    assert "25.19" not in lines["^RUT"]


def test_scripts_are_told_that_a_newer_price_is_not_believed() -> None:
    assert f"RUT {RUT}" in lacking(holding(RUT=RUT))
    assert not [line for line in lacking(holding()) if "held" in line]
