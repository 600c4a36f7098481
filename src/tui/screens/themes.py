"""The page of the themes: a list, and beside it a sample of every role in the one that is tried on."""

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from ...core.model.theme import Theme
from .. import glyphs
from ..contrast import READABLE, doubts, ratio, told_apart
from ..look import Look
from ..outfit import Outfit
from ..palette import chip
from ..text import Line, Piece, clean, clip, fit, joined, line, on, pad, width, wrap
from ..widgets.board import BodyLine, Page
from ..widgets.gauge import Gauge
from ..widgets.meter import SEVERITIES, meter
from ..widgets.range_bar import WeekBar
from ..widgets.spark import spark
from .help import EXAMPLE

NAME = "themes"
LIST, SAMPLE, GAP = 46, 48, 3
"""Cells of the list, the most of the sample, and between the two."""
FOR = 11
"""Cells of what a theme is made for."""
NAMES = 16
"""Cells of a theme's name and the blank behind it."""
NARROWEST = 26
"""Cells without which there is no sample."""
CLOSES = (6693.8, 6637.9, 6604.7, 6661.2, 6711.2, 6740.3, 6753.7, 6552.5, 6654.7, 6671.1, 6629.1, 6664.0)
NO_COLOR = "NO_COLOR is set: there is one theme without colour, of bold, underline and reverse alone."
SIXTEEN = "This terminal shows sixteen colours: those marked 16 are made for it, of the others it takes the nearest."
WITHOUT_NUMBER = "the terminal’s own colours"


class Entry(Struct, frozen=True):
    """One line of the list."""

    name: str
    dark: bool
    fit_for: str
    origin: str


def page(worn: Outfit, look: Look, keys: tuple[Line, Line], cells: int, rows: int) -> tuple[Page, str | None]:
    """All themes with the one under the cursor, and how that one looks; under NO_COLOR why there is none.

    `keys` are the words for those that lead back and that keep it.
    """
    if worn.theme.no_color:
        return Page(NAME, _sentences((NO_COLOR,), "text", cells), clauses=keys[:1]), None
    names = tuple(sorted(worn.themes))
    picked = look.choices.picked(NAME)
    picked = picked if picked in names else worn.theme.name
    theme = worn.in_theme(picked)
    foot = _sentences(_about(worn, picked, theme), "fault", cells)
    room = max(3, rows - 1 - len(foot) - bool(foot))
    beside = cells - LIST - GAP
    sample = _sample(theme, min(SAMPLE, beside), ascii_only=look.ascii) if beside >= NARROWEST else ()
    listed = _listed(worn, names, picked, room, min(cells, LIST))
    body = _side_by_side(listed, sample[:room], min(cells, LIST))
    body += ((BodyLine(()),) * (room - len(body) + 1) + foot) if foot else ()
    clauses = (*keys, line(Piece(f"{names.index(picked) + 1} of {len(names)}", "muted")))
    return Page(NAME, body, clauses=clauses, keys=names), picked


def _sentences(said: Sequence[str], style: str, cells: int) -> tuple[BodyLine, ...]:
    return tuple(BodyLine(line(Piece(f" {part}", style))) for one in said for part in wrap(one, cells - 2))


def _about(worn: Outfit, name: str, theme: Theme) -> tuple[str, ...]:
    """What is wrong with the theme's files, what is doubtful, what the terminal is."""
    ours = {str(one) for one in worn.wardrobe.files.get(name, ())}
    wrong = [one for one in worn.wardrobe.problems if one.file in ours]
    said = [f"{one.brief}; {clean(one.instead)}." for one in wrong[:2]]
    said += [f"{len(wrong) - 2} more faults: tapewatch config check."] if len(wrong) > 2 else []
    said += [f"Doubtful: {one}." for one in doubts(theme)]
    return (*said, SIXTEEN) if worn.sixteen else tuple(said)


# -- the list -------------------------------------------------------------------------------------------


def _listed(worn: Outfit, names: Sequence[str], picked: str, room: int, cells: int) -> list[tuple[str | None, Line]]:
    """Heading and as many themes as fit, the one under the cursor among them."""
    height = room - 1
    first = max(0, min(names.index(picked) - height // 2, len(names) - height))
    head = line(
        "   ", Piece(fit("NAME", NAMES), "muted"), Piece(fit("GROUND", 7), "muted"), Piece(fit("FOR", FOR), "muted"),
        Piece("FROM", "muted"),
    )  # fmt: skip
    shown = names[first : first + height]
    return [(None, clip(head, cells)), *((one, _entry(entry_of(worn, one), one == picked, cells)) for one in shown)]


def entry_of(worn: Outfit, name: str) -> Entry:
    """What the list says of a theme."""
    theme = worn.in_theme(name)
    apart = told_apart(theme.colors["bull"], theme.colors["bear"])
    files = worn.wardrobe.files.get(name, ())
    origin = Path(files[0]).name if files else "packaged"
    return Entry(name, theme.dark, "16" if theme.ansi else "cb" if apart else "", origin)


def _entry(one: Entry, is_picked: bool, cells: int) -> Line:
    made = line(
        Piece(f" {glyphs.CURSOR if is_picked else ' '} ", "accent bold"),
        Piece(_short(one.name), "cursor" if is_picked else "bright bold"),
        *pad(NAMES - len(_short(one.name))),
        Piece(fit("dark" if one.dark else "light", 7), "text"),
        Piece(fit({"cb": "cb-safe", "16": "16 colours"}.get(one.fit_for, ""), FOR), "text"),
        Piece(fit(clean(one.origin), max(0, cells - NAMES - FOR - 10)), "muted"),
    )
    return on((*made, *pad(cells - width(made))), "lift") if is_picked else made


def _short(name: str) -> str:
    """A name as the list has room for; names of themes are letters, digits and hyphens."""
    return fit(name, min(len(name), NAMES - 1))


def _side_by_side(left: Sequence[tuple[str | None, Line]], right: Sequence[Line], cells: int) -> tuple[BodyLine, ...]:
    body: list[BodyLine] = []
    for number in range(max(len(left), len(right))):
        key, one = left[number] if number < len(left) else (None, ())
        other = right[number] if number < len(right) else ()
        body.append(BodyLine((*one, *pad(cells + GAP - width(one)), *other) if other else one, key))
    return tuple(body)


# -- the sample -----------------------------------------------------------------------------------------


def _sample(theme: Theme, cells: int, *, ascii_only: bool) -> tuple[Line, ...]:
    """Every role at its work; the contrasts first, for where there is little room."""
    quotes = (
        _quote("SPX", "6,664.01", glyphs.UP, "+0.53", "bull", cells),
        on(_quote("RUT", "2,452.17", glyphs.DOWN, "−0.60", "bear", cells, cursor=True), "lift"),
        _quote("HSI", "25,247.10", glyphs.UNCHANGED, "0.00", "flat", cells),
        _quote("KRE", "59.07", "", "old", "stale", cells),
    )
    severities = [piece for one in SEVERITIES for piece in (meter(one), Piece(f" {one}  ", f"flag-{one} bold"))]
    return (
        *_contrasts(theme, cells),
        *quotes,
        line(*severities[:4]),
        line(*severities[4:]),
        WeekBar(EXAMPLE, "bull", live=False).draw(cells),
        Gauge(-3.5, -0.9).draw(cells),
        line(Piece(f"{glyphs.RECORD} 6,764.58 ", "record bold"), Piece("9 Oct  ", "record"),
             Piece("" if ascii_only else spark(CLOSES, 8), "spark")),
        line(chip("OPEN", "open"), " ", chip("CLOSED", "closed"), " ", chip("DEMO", "mode")),
        line(chip("FEED", "fault"), " ", Piece("no answer", "fault"), "  ", Piece("not real", "mode")),
        line(Piece("key ", "accent bold"), Piece("label ", "muted"), Piece("no bars ", "faint"),
             Piece(glyphs.HAIRLINE * 6, "rule")),
    )  # fmt: skip


def _quote(name: str, price: str, arrow: str, change: str, role: str, cells: int, *, cursor: bool = False) -> Line:
    is_old = role == "stale"
    made = line(
        Piece(glyphs.CURSOR if cursor else " ", "accent bold"),
        Piece(f"{name:4}", role if is_old else "cursor" if cursor else "bright bold"),
        Piece(f"{price:>10}", role if is_old else "bright"),
        Piece(f" {arrow:1}{change:>6}", role),
    )
    return (*made, *pad(cells - width(made)))


CONTRASTS = ("text", "bull", "bear")


def _contrasts(theme: Theme, cells: int) -> tuple[Line, ...]:
    """Text, up and down on the page as ratios, and which of them are under what is easily read."""
    found = [(role, ratio(theme.colors[role], theme.colors["background"])) for role in CONTRASTS]
    head = line(Piece(fit("CONTRAST on background", cells), "muted"))
    if any(at is None for _, at in found):
        return (head, line(Piece(fit(WITHOUT_NUMBER, cells), "text")), ())
    parts = [_contrast(role, at) for role, at in found if at is not None]
    return (head, clip(joined(parts, pad(2)), cells), ())


def _contrast(role: str, at: float) -> Line:
    low = at < READABLE
    words = {"bull": "up", "bear": "down"}.get(role, role)
    return (Piece(f"{words} ", role), Piece(f"{at:.1f}{'!' if low else ''}", "fault bold" if low else "text"))
