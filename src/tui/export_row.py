"""The row in which an export is chosen: what, in which form, and the keys that do it."""

from collections.abc import Mapping

from .choices import FORMS, Choices
from .commands import Bound
from .text import Line, Piece, joined, line, pad
from .text import width as width_of


def export_row(choices: Choices, named: Mapping[str, Bound], cells: int) -> Line:
    """``export weekly  CSV · JSON · Markdown   e next  Enter file  y clipboard  Esc back``; words go before forms."""
    what = choices.focus.replace("_", " ") if choices.exporting == "pane" else "screen"
    forms = [_form(one, chosen=one == choices.form) for one in FORMS[choices.exporting]]
    start = line(Piece(f" export {what or 'pane'}", "accent bold"), "  ", *joined(forms, ()))
    keys = [
        (named["export" if choices.exporting == "pane" else "export-screen"].key, "next"),
        (named["proof"].key, "file"), (named["copy"].key, "clipboard"), (named["back"].key, "back"),
    ]  # fmt: skip
    hints = [line(Piece(key, "text"), Piece(f" {word}", "muted")) for key, word in keys if key]
    while hints and width_of(start) + width_of(joined(hints, pad(2))) + 2 > cells:
        hints.pop()
    return (*start, *pad(2), *joined(hints, pad(2)))


def _form(name: str, *, chosen: bool) -> Line:
    return line(Piece(f" {name} ", "text reverse")) if chosen else line(Piece(f" {name} ", "muted"))
