"""What a screen writes for its user: a pane as CSV, JSON or Markdown, the screen as text or SVG.

Nothing is overwritten, nothing half written stands there, and a file is its user's alone.
"""

import contextlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from rich.cells import cell_len

from ..core.channel import ChannelError, make_private
from ..core.model.decoding import made_harmless
from ..core.model.harmless import harmless
from ..core.model.snapshot import Snapshot
from ..core.new_file import write_new
from ..core.paths import notes_folder
from . import format as fmt
from .exports import exported
from .exports.writing import SUFFIXES, written
from .look import Look, exchange_zone
from .recap_report import printed_recap
from .widgets.sheet import Sheet

if TYPE_CHECKING:
    from .hands import Hands

FONTS = re.compile(r"@font-face \{.*?\}", re.DOTALL)
"""Fonts that a picture would fetch from elsewhere."""


class Export(Struct, frozen=True):
    """A text ready to be kept, and the name of its file."""

    name: str
    text: str


# -- what is exported -----------------------------------------------------------------------------------


def exported_pane(hands: "Hands", form: str) -> Export | str:
    """The focused pane as it stands, in a form; a sentence where there is nothing of it."""
    snapshot, desk = hands.snapshot, hands.desk
    pane = desk.focused_pane(hands.choices)
    if snapshot is None or pane not in desk.panes:
        return "There is nothing to export here."
    whole = _whole_recap(snapshot, form) if pane == "recap" else None
    if whole is not None:
        return whole
    snapshot = made_harmless(snapshot)
    look = Look(now=hands.data.now() or snapshot.clock.now, choices=hands.choices, chart=hands.chart_stand())
    table = exported(pane, desk.boards[pane].page, snapshot, look)
    if not table.rows:
        return "Not exported: there are no rows in this pane now."
    return Export(_file_name(pane, snapshot, form), written(table, snapshot, form))


def _whole_recap(snapshot: Snapshot, form: str) -> Export | None:
    """The week in words is exported whole, as `tapewatch recap` prints it."""
    recap = snapshot.recap
    if recap is None or form == "CSV":
        return None
    return Export(f"tapewatch-recap-{recap.monday}.{SUFFIXES[form]}", printed_recap(recap, form.lower()))


def exported_screen(hands: "Hands", form: str) -> Export | str:
    """The screen as it is painted: its characters, or Textual's own picture in the theme's colours."""
    snapshot = hands.snapshot
    if snapshot is None:
        return "There is nothing to export here."
    text = _picture(hands) if form == "SVG" else painted(hands)
    return Export(_file_name(f"screen-{hands.choices.screen}", snapshot, form), text)


def _picture(hands: "Hands") -> str:
    title = "tapewatch" if hands.snapshot is None or hands.snapshot.mode == "live" else "tapewatch, not the live market"
    return FONTS.sub("", hands.export_screenshot(title=title))


def painted(hands: "Hands") -> str:
    """The characters on the screen, a line a row, without the blanks at its end."""
    columns, rows = hands.size
    cells = [[" "] * columns for _ in range(rows)]
    for sheet in hands.desk.query(Sheet):
        region = sheet.region
        if not sheet.display or not region.area:
            continue
        for y in range(region.height):
            cells[region.y + y][region.x : region.right] = _celled(sheet.render_line(y).text, region.width)
    return "\n".join("".join(row).rstrip() for row in cells) + "\n"


def _celled(text: str, width: int) -> list[str]:
    """A text cell by cell: the second half of a wide character is empty, an accent stands with its letter."""
    found: list[str] = []
    for one in text:
        wide = cell_len(one)
        if not wide and found:
            found[-1] += one
        found += [one, *[""] * (wide - 1)] if wide else []
    return [*found, *[" "] * (width - len(found))][:width]


def _file_name(what: str, snapshot: Snapshot, form: str) -> str:
    """``tapewatch-quotes-2025-10-17-1615.csv``, by the data's own time."""
    time = snapshot.as_of
    stamp = f"{fmt.in_zone(time, exchange_zone(snapshot)):%Y-%m-%d-%H%M}" if time else "no-data"
    mode = "" if snapshot.mode == "live" else f"{re.sub('[^a-z]', '', snapshot.mode)}-"
    return f"tapewatch-{mode}{what.replace('_', '-')}-{stamp}.{SUFFIXES[form]}"


# -- where it goes --------------------------------------------------------------------------------------


def kept(export: Export) -> str:
    """Write an export into the user's data folder; the sentence says where, or why not."""
    folder = notes_folder()
    try:
        make_private(folder)
        path = write_new(folder / export.name, export.text.encode(errors="replace"))
    except ChannelError as problem:
        return f"Not written: {problem}."
    except OSError as problem:
        return f"Not written: {_shown(folder / export.name)}: {problem.strerror or problem}."
    return f"Written to {_shown(path)}."


def _shown(path: Path) -> str:
    """A path as people write it."""
    with contextlib.suppress(ValueError, RuntimeError):
        return harmless(f"~/{path.relative_to(Path.home())}")
    return harmless(str(path))
