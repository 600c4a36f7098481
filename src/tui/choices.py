"""What the person at the keyboard has chosen: one frozen value, and the steps from one to the next."""

from msgspec import Struct
from msgspec.structs import replace

from ..core.model.snapshot import Snapshot
from ..core.model.view_setting import RECORD_BASES as RECORD_BASES
from ..core.model.view_setting import SCREENS as SCREENS
from ..core.model.view_setting import WEEK_BASES as WEEK_BASES
from . import view_choices as views
from .chart_choices import ChartChoice
from .edits import Edit
from .view_choices import Before, Layout

SECTIONS = (
    "symbol_quote", "symbol_week", "symbol_record", "symbol_year", "symbol_returns", "symbol_levels",
    "symbol_momentum", "symbol_flags", "symbol_source",
)  # fmt: skip
"""Panes of the screen of one instrument, in the order the focus goes round."""
FLAGS_SCREEN = ("flags", "journal")
OWN_ROWS = (
    "flags",
    "confirmation",
    "recap",
    "recap_sessions",
    "recap_turns",
    "alerts",
    "themes",
    "settings",
    *SECTIONS,
)
"""Panes whose rows are not the instruments."""
FLAGGED = "flagged"
"""The filter that leaves instruments with a flag on."""


class Sort(Struct, frozen=True):
    """A pane's order: by a column's key, the largest (or first) on top unless reversed."""

    column: str
    reverse: bool = False


class Opened(Struct, frozen=True):
    """The instrument that is open on a screen of its own, and where one was before.

    `line` are the symbols the keys go along, in the order of the pane it was opened from.
    """

    symbol: str
    line: tuple[str, ...] = ()
    screen: str = "overview"
    focus: str = ""
    figure: str | None = None
    find: str = ""
    zoomed: bool = False


class Choices(Struct, frozen=True):
    """Screen, focus, selected row, orders, filters, definitions in force.

    `page` is an overlaid page (help, settings, alerts) or empty. `finding` while the input row is open. `proof`
    while the proof panel is; `figure` is the column it is of; `picks` are the cards or
    lines selected in panes whose rows are no instruments. `exporting` is what the export row is open for (pane or
    screen, empty while it is closed), `form` the form chosen there.
    `opened` is the instrument on a screen of its own. `view` is the saved layout that is shown, `before` what it has
    put something else in place of; the way back ends in the view or screen of `home`. `bare` is without header
    and footer, `compact` without what only sets apart. `edit` is what is being typed or asked on the line.
    """

    screen: str = "overview"
    focus: str = ""
    selected: str | None = None
    sorts: tuple[tuple[str, Sort], ...] = ()
    group: str | None = None
    rule: str | None = None
    find: str = ""
    finding: bool = False
    zoomed: bool = False
    paused: bool = False
    page: str = ""
    proof: bool = False
    figure: str | None = None
    picks: tuple[tuple[str, str], ...] = ()
    exporting: str = ""
    form: str = ""
    opened: Opened | None = None
    week_basis: str = "w/w"
    record_basis: str = "intraday"
    chart: ChartChoice = ChartChoice()
    view: Layout | None = None
    before: Before | None = None
    home: Layout | None = None
    home_screen: str = "overview"
    compact: bool = False
    bare: bool = False
    edit: Edit | None = None

    @property
    def dense(self) -> bool:
        """Whether rows count for more than what sets them apart."""
        return self.compact or self.bare

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups of instruments that are shown here; empty for all."""
        own = self.view.setting.groups if self.view is not None else ()
        return own or views.SHIPPED_GROUPS.get(self.screen, ())

    @property
    def panes(self) -> tuple[str, ...]:
        """Panes of the view that is shown, also those for which there is no room now; empty elsewhere."""
        return self.view.panes if self.view is not None and self.screen == views.PANES_SCREEN else ()

    def picked(self, pane: str) -> str | None:
        """What is selected in a pane: an instrument everywhere, but where the rows are something else."""
        return dict(self.picks).get(pane) if pane in OWN_ROWS else self.selected

    def sort(self, pane: str) -> Sort | None:
        """The order chosen for a pane, None for the user's own."""
        return dict(self.sorts).get(pane)


def to_screen(now: Choices, screen: str) -> Choices:
    """Another screen, unzoomed; its main pane gets the focus."""
    now = views.left(now)
    focus = "" if screen == "overview" else screen
    find = now.opened.find if now.opened else now.find
    # the instrument that was open is the one to be charted
    selected = now.opened.symbol if now.opened and screen == "chart" else now.selected
    plain = replace(now, zoomed=False, page="", figure=None, exporting="", opened=None)
    return views.narrowed(replace(plain, screen=screen, focus=focus, find=find, selected=selected))


def to_home(now: Choices) -> Choices:
    """Where the way back ends: the overview, or what the monitor was started in."""
    return views.entered(now, now.home) if now.home is not None else to_screen(now, now.home_screen)


def _is_home(now: Choices) -> bool:
    if now.home is None or now.view is None:
        return now.home is None and now.view is None and now.screen == now.home_screen
    return now.view.setting.name == now.home.setting.name


def page(now: Choices, name: str) -> Choices:
    """Open a page over the body; asked again, close it."""
    return replace(now, page="" if now.page == name else name)


def back(now: Choices) -> Choices:
    """One step back: export row, page, find, zoom, filter, crosshair, screen; never out of the program."""
    if now.exporting:
        return replace(now, exporting="")
    if now.page:
        return replace(now, page="")
    if now.proof:
        return replace(now, proof=False)
    if now.finding or now.find:
        return replace(now, finding=False, find="")
    if now.zoomed:
        return replace(now, zoomed=False)
    if now.opened:
        return left(now, now.opened)
    if now.group or now.rule:
        return replace(now, group=None, rule=None)
    if now.screen == "chart" and now.chart.cross is not None:
        return replace(now, chart=replace(now.chart, cross=None))
    return now if _is_home(now) else to_home(now)


def left(now: Choices, opened: Opened) -> Choices:
    """Back from an instrument's own screen to where one was."""
    return replace(
        now,
        screen=opened.screen,
        focus=opened.focus,
        figure=opened.figure,
        find=opened.find,
        zoomed=opened.zoomed,
        opened=None,
    )


def focus_on(now: Choices, panes: tuple[str, ...], step: int) -> Choices:
    """The next or previous pane of those in sight."""
    around = SECTIONS if now.opened else now.panes or (FLAGS_SCREEN if now.screen == "flags" else ())
    panes = around if around and not now.zoomed else panes
    if not panes:
        return now
    here = panes.index(now.focus) if now.focus in panes else 0
    return replace(now, focus=panes[(here + step) % len(panes)], figure=None)


def select(now: Choices, pane: str, keys: tuple[str, ...], step: int) -> Choices:
    """The row so many steps on, stopping at either end; a pane with rows of its own begins on its first."""
    current = now.picked(pane)
    if pane in OWN_ROWS and keys and current not in keys:
        current = keys[0]
    return pick(now, pane, _moved(keys, current, step))


def pick(now: Choices, pane: str, key: str | None) -> Choices:
    """Select a row of a pane; None leaves the one before."""
    if key is None:
        return now
    if pane not in OWN_ROWS:
        return replace(now, selected=key)
    kept = tuple((name, one) for name, one in now.picks if name != pane)
    return replace(now, picks=(*kept, (pane, key)))


def select_figure(now: Choices, columns: tuple[str, ...], step: int) -> Choices:
    """The figure so many columns on, stopping at either end."""
    return replace(now, figure=_moved(columns, now.figure, step))


def _moved(keys: tuple[str, ...], current: str | None, step: int) -> str | None:
    if not keys:
        return current
    if current not in keys:
        return keys[0] if step >= 0 else keys[-1]
    return keys[min(len(keys) - 1, max(0, keys.index(current) + step))]


def sort_by(now: Choices, pane: str, columns: tuple[str, ...]) -> Choices:
    """Order the pane by its next column, after the last by the user's own order."""
    current = now.sort(pane)
    kept = tuple((name, order) for name, order in now.sorts if name != pane)
    start = columns.index(current.column) + 1 if current and current.column in columns else 0
    if start >= len(columns):
        return replace(now, sorts=kept)
    return replace(now, sorts=(*kept, (pane, Sort(columns[start]))))


def reverse_sort(now: Choices, pane: str) -> Choices:
    """Turn the pane's order round; the user's own order stays."""
    turned = tuple(
        (name, replace(order, reverse=not order.reverse) if name == pane else order) for name, order in now.sorts
    )
    return replace(now, sorts=turned)


def filter_next(now: Choices, snapshot: Snapshot | None, pane: str) -> Choices:
    """Narrow to the next group, then to flagged rows, then to none; in flags by rule."""
    if snapshot is None or now.opened:
        return now
    if pane in ("flags", "journal"):
        named = [flag.rule for flag in snapshot.flags] + [event.rule for event in snapshot.journal]
        rules = tuple(dict.fromkeys(named))
        return replace(now, rule=_after(rules, now.rule))
    groups = tuple(dict.fromkeys(row.group for row in snapshot.instruments))
    groups = tuple(group for group in groups if not now.groups or group in now.groups)
    return replace(now, group=_after((*groups, FLAGGED), now.group))


def _after(options: tuple[str, ...], current: str | None) -> str | None:
    if current not in options:
        return options[0] if options else None
    here = options.index(current) + 1
    return options[here] if here < len(options) else None


def cycle(options: tuple[str, ...], current: str) -> str:
    """The option after the current one, round and round."""
    here = options.index(current) if current in options else -1
    return options[(here + 1) % len(options)]


def show_proof(now: Choices) -> Choices:
    """The proof of what is selected, or the panes alone again."""
    return replace(now, proof=not now.proof, page="")


def zoom(now: Choices) -> Choices:
    """The focused pane alone, or all again."""
    return replace(now, zoomed=not now.zoomed)


def compact(now: Choices) -> Choices:
    """More rows and less between them, or as before."""
    return replace(now, compact=not now.compact)


def next_week_basis(now: Choices) -> Choices:
    """The next definition of the week's change."""
    return replace(now, week_basis=cycle(WEEK_BASES, now.week_basis))


def next_record_basis(now: Choices) -> Choices:
    """Distance from the intraday record, or from the record close."""
    return replace(now, record_basis=cycle(RECORD_BASES, now.record_basis))


FORMS = {"pane": ("CSV", "JSON", "Markdown"), "screen": ("text", "SVG")}
"""What can be exported, and in which forms."""


def export_next(now: Choices, what: str) -> Choices:
    """Open the export row for the pane or the screen; asked again, the next form of it. Words begin as Markdown."""
    forms = FORMS[what]
    usual = "Markdown" if what == "pane" and now.focus == "recap" else forms[0]
    if now.exporting == what:
        return replace(now, form=cycle(forms, now.form))
    return replace(now, exporting=what, form=now.form if now.form in forms else usual)


def step(now: Choices, name: str) -> Choices:
    """The step of a command that needs nothing but the choices."""
    if name in ("help", "settings", "alerts"):
        return page(now, name)
    steps = {
        "zoom": zoom,
        "proof": show_proof,
        "back": back,
        "week_basis": next_week_basis,
        "record_basis": next_record_basis,
        "compact": compact,
    }
    return steps[name](now) if name in steps else now


def said(before: Choices, after: Choices) -> str:
    """What a step has changed that might not be seen at once."""
    if after.week_basis != before.week_basis:
        return f"Week: {WEEK_WORDS[after.week_basis]}."
    if after.record_basis != before.record_basis:
        return f"Record: {'closing' if after.record_basis == 'close' else 'intraday'} basis."
    return ""


WEEK_WORDS = {
    "w/w": "previous week's last close to this week's last",
    "O>C": "this week's open to its last",
    "1stC>C": "this week's first close to its last",
}


def typed(now: Choices, key: str, character: str | None) -> Choices | None:
    """The step of a key while finding; None for a key that is no letter there."""
    if key == "enter":
        return replace(now, finding=False)
    if key == "escape":
        return replace(now, finding=False, find="")
    if key == "backspace":
        return replace(now, find=now.find[:-1])
    if character is not None and character.isprintable():
        return replace(now, find=now.find + character)
    return None
