"""Everything the monitor can make of a snapshot, as text."""

from collections.abc import Iterator

from msgspec.structs import replace

from tapewatch.core.model.snapshot import Snapshot
from tapewatch.core.universe import default_config
from tapewatch.tui.choices import SCREENS, SECTIONS, Choices, Opened
from tapewatch.tui.chrome import Status, header
from tapewatch.tui.look import Look
from tapewatch.tui.message_line import Troubles, message
from tapewatch.tui.panes import discover
from tapewatch.tui.proofs import PROVABLE, proof_of, provable
from tapewatch.tui.proofs.proof import panel, plain_text
from tapewatch.tui.report import printed
from tapewatch.tui.screens.settings import page as settings_page
from tapewatch.tui.screens.welcome import first_start, too_small
from tapewatch.tui.text import Line, line, plain

SIZES = (118, 58)
FORMS = ("text", "markdown", "csv", "json")


def painted(snapshot: Snapshot, sizes: tuple[int, ...] = SIZES) -> Iterator[str]:
    """Every line of every pane, page, proof and chrome in some widths."""
    for cells in sizes:
        look = Look(now=snapshot.clock.now, choices=Choices())
        for lines in (*_panes(snapshot, look, cells), *_around(snapshot, look, cells), *_proofs(snapshot, look, cells)):
            yield from map(plain, lines)


def printouts(snapshot: Snapshot, forms: tuple[str, ...] = FORMS) -> Iterator[str]:
    """The snapshot on paper."""
    for form in forms:
        yield printed(snapshot, form)


def _panes(snapshot: Snapshot, look: Look, cells: int) -> Iterator[tuple[Line, ...]]:
    for pane in discover().values():
        page = pane.page(snapshot, look, cells, 40)
        yield (*(one.line for one in page.body), *page.clauses, page.heading or ())


def _around(snapshot: Snapshot, look: Look, cells: int) -> Iterator[tuple[Line, ...]]:
    for screen in SCREENS:
        yield (header(snapshot, replace(look, choices=replace(look.choices, screen=screen)), Status(), cells),)
    yield (message(snapshot, look, Troubles(), cells),)
    yield first_start(snapshot, "live", cells, 40)
    yield too_small(snapshot, look, Status(), Troubles(), 30, 8)
    yield settings_page(default_config(), cells)


def _proofs(snapshot: Snapshot, look: Look, cells: int) -> Iterator[tuple[Line, ...]]:
    row = snapshot.instruments[0]
    flags = (snapshot.flags[0].id,) if snapshot.flags else ()
    yield from _of_one(snapshot, look, cells)
    for pane in PROVABLE:
        for key in (row.symbol, *flags):
            for column in provable(pane):
                made = proof_of(pane, column, key, snapshot, replace(look, choices=replace(look.choices, focus=pane)))
                if made is not None:
                    yield panel(made, cells)
                    yield tuple(line(one) for one in plain_text(made).splitlines())


def _of_one(snapshot: Snapshot, look: Look, cells: int) -> Iterator[tuple[Line, ...]]:
    """Every section and proof of the screens of all instruments."""
    panes = discover()
    for row in snapshot.instruments:
        for name in SECTIONS:
            opened = replace(look, choices=replace(look.choices, opened=Opened(row.symbol), focus=name))
            page = panes[name].page(snapshot, opened, cells, 40)
            yield (*(one.line for one in page.body), *page.clauses)
            for key in page.keys:
                made = proof_of(name, None, key, snapshot, opened)
                if made is not None:
                    yield panel(made, cells)
