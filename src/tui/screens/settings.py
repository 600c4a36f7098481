"""The settings page: every setting with its value and default; of the one under the cursor what it may hold."""

from collections.abc import Iterator, Sequence

from rich.cells import cell_len, set_cell_size

from ...core.model.config import Config
from ..choices import Choices
from ..setting_values import PLACES, Entry, chosen
from ..text import Line, Piece, clean, fit, line, on, pad, width, wrap
from ..widgets.board import BodyLine, Page

NAME = "settings"
KEY, VALUE, DEFAULT = 26, 22, 20
WIDE = KEY + VALUE + DEFAULT + 30
"""Cells from which every line says what its setting does."""
INDENT = 3


def page(
    listed: Sequence[Entry], config: Config, choices: Choices, back: Line, cells: int, file: str = ""
) -> tuple[Page, str]:
    """All settings, and the one under the cursor; `file` is where they are written where none was read."""
    picked = chosen(choices.picked(NAME), listed)
    body = [BodyLine(one) for one in _where(config.path or "", file, cells)]
    unit, section = 0, ""
    for unit, entry in enumerate(listed, 1):
        if entry.section != section:
            section = entry.section
            body += [BodyLine(()), BodyLine(_title(section))]
        lines = _entry(entry, choices, cells, lifted=entry is picked)
        body += [BodyLine(one, key=entry.key, unit=unit) for one in lines]
    heading = line(
        Piece(fit(" KEY", KEY), "muted"), Piece(fit("VALUE", VALUE), "muted"), Piece(fit("DEFAULT", DEFAULT), "muted"),
        Piece("DOES" if cells >= WIDE else "", "muted"),
    )  # fmt: skip
    count = line(Piece(f"{unit} settings", "muted"))
    made = Page(NAME, tuple(body), clauses=(back, count), heading=heading, keys=tuple(one.key for one in listed))
    return made, picked.key


def _where(path: str, file: str, cells: int) -> tuple[Line, ...]:
    """Where the file is; a path longer than the page goes on beneath."""
    said = f"From {clean(path)}" if path else f"There is no file yet: a change makes {clean(file) or 'it'}"
    parts = [one for words in wrap(said, cells - 2) for one in _broken(words, cells - 2)]
    return tuple(line(Piece(f" {one}", "muted")) for one in parts)


def _broken(words: str, cells: int) -> Iterator[str]:
    while cell_len(words) > cells:
        fits = set_cell_size(words, cells)
        yield fits
        words = words[len(fits) :]
    yield words


def _title(section: str) -> Line:
    return line(Piece(f" [{section}]", "bright bold"), Piece(f"  {PLACES[section]}", "muted"))


def _entry(entry: Entry, choices: Choices, cells: int, *, lifted: bool) -> tuple[Line, ...]:
    first = _first(entry, cells)
    if not lifted:
        return (first,)
    fault = choices.edit.fault if choices.edit is not None and choices.edit.of == entry.key else ""
    beside = cells - KEY - VALUE - DEFAULT if cells >= WIDE else 0
    said = [] if width((Piece(entry.does),)) <= beside else [(entry.does, "text")]
    said.append((f"not taken: {clean(fault)}", "fault") if fault else (_holds(entry), "muted"))
    under = [
        line(*pad(INDENT), Piece(part, style))
        for words, style in said
        for part in wrap(words, min(cells, WIDE) - INDENT - 2)
    ]
    return tuple(on((*one, *pad(cells - width(one))), "lift") for one in (first, *under))


def _holds(entry: Entry) -> str:
    return f"may hold {entry.holds}"


def _first(entry: Entry, cells: int) -> Line:
    value, default = (clean(one) or '""' for one in (entry.value, entry.default))
    wide = cells >= WIDE
    return line(
        Piece(fit(f" {entry.key}", KEY), "text"),
        Piece(fit(value, VALUE - 1) + " ", "accent bold" if entry.changed else "text"),
        Piece(fit(default, DEFAULT - 1) + " " if wide else fit(default, max(0, cells - KEY - VALUE)), "muted"),
        Piece(fit(entry.does, cells - KEY - VALUE - DEFAULT) if wide else "", "muted"),
    )
