"""The row in which something is changed: what it is, the text typed so far, and what a key would do."""

from collections.abc import Mapping

from rich.cells import cell_len

from .commands import Bound
from .edits import Edit
from .text import Line, Piece, clean, line, width, wrap

LEAST = 12
"""Cells of what is typed that stay in sight beside a sentence."""

LABELS = {
    "symbol": "add", "group": "group", "level": "level", "pair": "add pair", "unpair": "remove pair",
    "view": "save this view as",
}  # fmt: skip
HINTS = {
    "setting": ("Enter writes it, Esc leaves", "Esc leaves"),
    "symbol": (
        "symbol, short name, group · Enter adds it, Esc leaves", "symbol, short, group · Enter adds", "Esc leaves",
    ),
    "group": ("Enter moves it there, Esc leaves", "Esc leaves"),
    "level": (
        "price or zone, touch or close below, a note · Enter adds it, Esc leaves", "price, rule, note · Enter adds",
        "Esc leaves",
    ),
    "pair": (
        "rule, symbol, references · ↑ ↓ another rule · Enter adds it, Esc leaves", "↑ ↓ rule · Enter adds",
        "Esc leaves",
    ),
    "unpair": ("rule, symbol, references · Enter removes it, Esc leaves", "Enter removes it", "Esc leaves"),
}  # fmt: skip
"""What may be typed and what the keys do, longest first."""


def edit_row(edit: Edit, named: Mapping[str, Bound], cells: int, hints: tuple[str, ...] = ()) -> Line:
    """``add  ^GDAXI DAX europe▌  Enter adds it, Esc leaves``; a fault stands in place of the words.

    `hints` are those of this text, longest first, where its kind has none of its own.
    """
    if edit.question:
        return _asked(edit, named, cells)
    start = line(Piece(f" {_label(edit)} ", "accent bold"))
    if edit.kind == "key":
        said = clean(edit.fault) or "press the key for it; Esc leaves"
        return (*start, Piece(_that_fits((said,), cells - width(start)), "fault" if edit.fault else "muted"))
    room = cells - width(start)
    return (*start, *(_refused(edit, room) if edit.fault else _typing(edit, hints or HINTS[edit.kind], room)))


def _typing(edit: Edit, hints: tuple[str, ...], cells: int) -> Line:
    """What is typed, the cursor, and what the keys do as far as there is room."""
    shown = _tail(clean(edit.text), cells - 4)
    hint = _that_fits(hints, cells - 4 - cell_len(shown), whole=True)
    if edit.fresh and shown:
        # as selected: typing writes over it
        return line(Piece(shown, "bright reverse"), Piece("   ", "text"), Piece(hint, "muted"))
    return line(Piece(shown, "bright"), Piece(" ", "text reverse"), Piece(f"  {hint}", "muted"))


def _refused(edit: Edit, cells: int) -> Line:
    """The fault beside the end of what is typed; alone where it needs the room, until a key is pressed."""
    fault = clean(edit.fault)
    room = cells - 4 - cell_len(fault)
    if room < LEAST:
        return line(Piece(f" {_that_fits((fault,), cells - 2)}", "fault"))
    shown = _tail(clean(edit.text), room)
    return line(Piece(shown, "bright"), Piece(" ", "text reverse"), Piece(f"  {fault}", "fault"))


def _label(edit: Edit) -> str:
    if edit.kind in ("setting", "key"):
        return edit.of
    of = f" of {clean(edit.of)}" if edit.kind in ("group", "level") else ""
    return LABELS[edit.kind] + of


def _asked(edit: Edit, named: Mapping[str, Bound], cells: int) -> Line:
    remove, back = named["remove"].key, named["back"].key or "Esc"
    longer, shorter = f"{remove} again: yes, {back}: no", f"{remove}: yes, {back}: no"
    keys = longer if cell_len(clean(edit.question)) + len(longer) + 3 <= cells else shorter
    said = _that_fits((clean(edit.question),), cells - len(keys) - 3)
    return line(" ", Piece(said, "bright bold"), "  ", Piece(keys, "accent"))


def _tail(text: str, cells: int) -> str:
    """The end of a text, where the cursor is."""
    if cell_len(text) <= cells:
        return text
    while cell_len(text) > max(1, cells - 1):
        text = text[1:]
    return f"…{text}"


def _that_fits(sentences: tuple[str, ...], cells: int, *, whole: bool = False) -> str:
    """The first sentence that fits, else nothing, or as many words of the last as do."""
    said = next((one for one in sentences if cell_len(one) <= cells), None)
    if said is not None or whole:
        return said or ""
    first = wrap(sentences[-1], max(1, cells - 1))[0]
    return f"{first}…" if cell_len(first) < cells else first[: max(0, cells)]
