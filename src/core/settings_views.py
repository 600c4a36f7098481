"""Saved layouts in the settings file: what of a block can be used, and what was expected where it cannot."""

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from typing import Any, NamedTuple

from .model.instrument import Instrument
from .model.view_setting import MOST_PANES, PANES, SCREENS, ViewSetting
from .universe import find, nearest

Table = dict[str, Any]
OUT = "this view is left out"
IGNORED = "it is left out"


class Fault(NamedTuple):
    """A key of one view that cannot be used, and what is done instead."""

    key: str
    value: object
    expected: str
    instead: str = IGNORED


def view_of(
    table: Table, fields: Table, board: Sequence[Instrument], others: Sequence[ViewSetting]
) -> tuple[ViewSetting | None, tuple[Fault, ...]]:
    """The view of a block whose `fields` will do by themselves, and its faults; None where it cannot be shown."""
    faults = tuple(_needed(table, fields, others))
    if faults or not {"digit", "name"} <= set(fields):
        return None, faults
    fields, faults = _known(fields, board)
    if not fields.get("panes") and "screen" not in fields:
        said = () if {"panes", "screen"} & set(table) else (Fault("panes", None, _a_screen(""), OUT),)
        return None, (*faults, *said)
    made = ViewSetting(**fields)
    if made.focus and made.focus not in (made.panes or (*PANES, made.screen)):
        faults = (*faults, Fault("focus", made.focus, f"a pane of the view{_near(made.focus, made.panes or PANES)}"))
        made = ViewSetting(**{name: value for name, value in fields.items() if name != "focus"})
    return made, faults


def _needed(table: Table, fields: Table, others: Sequence[ViewSetting]) -> Iterator[Fault]:
    for name, expected in (("digit", "a whole number from 1 to 9"), ("name", "a name of your own")):
        if name not in table:
            yield Fault(name, None, expected, OUT)
    for one in others:
        if one.digit == fields.get("digit"):
            yield Fault("digit", one.digit, f'a digit that "{one.name}" does not have', OUT)
        elif one.name.casefold() == str(fields.get("name", "")).casefold():
            yield Fault("name", one.name, "a name that no other view has", OUT)
    if "screen" in fields and fields.get("panes"):
        yield Fault("panes", fields["panes"], "a screen or panes, not both", OUT)
    if len(fields.get("panes", ())) > MOST_PANES:
        yield Fault("panes", fields["panes"], f"{MOST_PANES} panes at most", OUT)


def _known(fields: Table, board: Sequence[Instrument]) -> tuple[Table, tuple[Fault, ...]]:
    """The fields without what nobody knows: screens, panes, groups, symbols."""
    faults: list[Fault] = []
    groups = tuple(dict.fromkeys(one.group for one in board if not one.hidden and not one.panel))
    kept = dict(fields)
    if "screen" in kept and kept["screen"] not in SCREENS:
        del kept["screen"]
        faults.append(Fault("screen", fields["screen"], _a_screen(fields["screen"]), OUT))
    for name, known, what in (("panes", PANES, "a pane"), ("groups", groups, "a group of the board")):
        strange = [one for one in fields.get(name, ()) if one not in known]
        faults += [Fault(name, one, f"{what}{_near(one, known)}") for one in strange]
        if name in fields:
            kept[name] = tuple(one for one in dict.fromkeys(fields[name]) if one in known)
    for name in ("symbol", "against"):
        fault = _symbol(name, kept, board) if name in kept else None
        faults += [fault] if fault else []
    return kept, tuple(faults)


def _symbol(name: str, kept: Table, board: Sequence[Instrument]) -> Fault | None:
    """Put the symbol itself in place of what was written; where there is none of this name, nothing."""
    written = kept.pop(name)
    shown = [one for one in board if not one.hidden and not one.panel]
    one = find(written, shown)
    if one is None:
        return Fault(name, written, f"a symbol of the board{_why_not(written, board, shown)}")
    kept[name] = one.symbol
    return None


def _why_not(written: str, board: Sequence[Instrument], shown: Sequence[Instrument]) -> str:
    one = find(written, board)
    if one is not None:
        return f" ({one.short} is {'hidden' if one.hidden else 'of the panel'})"
    near = ", ".join(nearest(written, shown))
    return f" (nearest: {near})" if near else ""


def _a_screen(word: str) -> str:
    return f"one of the screens {', '.join(SCREENS)}{_near(word, SCREENS)}, or panes"


def _near(word: str, known: Iterable[str]) -> str:
    names = tuple(known)
    found = get_close_matches(word[:40], names, n=1) if word else []
    if found:
        return f" (nearest: {found[0]})"
    more = ", …" if len(names) > MOST_NAMED else ""
    return f" ({', '.join(names[:MOST_NAMED])}{more})" if word else ""


MOST_NAMED = 8
"""Names that are listed where none of them is near."""
