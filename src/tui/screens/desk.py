"""The one screen: header, panes where the plan puts them, the line, the footer."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace
from textual.app import ComposeResult
from textual.geometry import NULL_OFFSET, NULL_SPACING, Region, Size
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.screen import Screen
from textual.widget import Widget

from ...core.model.config import Config
from ...core.model.snapshot import Row, Snapshot
from .. import glyphs
from ..bare_row import bare_row, facts_beside
from ..choices import OWN_ROWS, Choices
from ..chrome import Status, facts, header
from ..commands import Bound, by_name
from ..footer import beside, footer, screen_word
from ..look import Look, has_prices
from ..message_line import Troubles, message
from ..outfit import Outfit
from ..palette import Palette
from ..panes import LATE, remembered
from ..proofs import proof_of
from ..text import Line, Piece, line, wrap
from ..text import width as width_of
from ..widgets.board import Board, BodyLine, Page
from ..widgets.pointed import PointedBoard
from ..widgets.sheet import Sheet
from .plan import ONE_ROW, Place, Plan, arrange, beside_proof, chrome, is_too_small
from .welcome import first_start, too_small

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..panes import Pane
    from ..proofs.proof import Proof

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""The time before the first snapshot, when no age is shown."""
PAGES = ("help", "settings", "alerts", "themes")
PROSE = ("flags", "journal", "recap", "symbol_flags", "symbol_source")
"""Panes of sentences."""
TIMED = ("instrument", "world")
"""Screens on which ages and countdowns stand: painted anew every minute, whether or not a snapshot has come."""


class View(Struct, frozen=True):
    """Everything one painting of the screen depends on; `size` in columns and rows."""

    snapshot: Snapshot | None
    look: Look
    status: Status
    troubles: Troubles
    bound: tuple[Bound, ...]
    config: Config
    size: tuple[int, int]
    theme: str = ""
    others: tuple[Row, ...] = ()
    worn: Outfit | None = None
    settings_file: str = ""

    @property
    def everything(self) -> Snapshot | None:
        """The snapshot with the instruments that are not on the board, for the screen of one of them."""
        if self.snapshot is None or not self.others:
            return self.snapshot
        return replace(self.snapshot, instruments=(*self.snapshot.instruments, *self.others))


class _Planned(Layout):
    """Puts the children where the body's plan says; the others are not shown."""

    name = "planned"

    def arrange(self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True) -> ArrangeResult:
        del size, greedy
        plan = parent.plan if isinstance(parent, Body) else {}
        return [
            WidgetPlacement(Region(at.x, at.y, at.cells, at.lines), NULL_OFFSET, NULL_SPACING, child)
            for child in children
            if (at := plan.get(child.id or "")) is not None
        ]


class Body(Widget):
    """The panes between header and line."""

    def __init__(self, panes: Iterable[Widget]) -> None:
        super().__init__(*panes, id="body")
        self.plan: Plan = {}
        self._planned = _Planned()

    @property
    def layout(self) -> Layout:
        """By plan, whatever the style sheet says."""
        return self._planned


class Desk(Screen[None], inherit_bindings=False):
    """Paints a :class:`View`: every pane by its pure function, only what changed reaches the terminal."""

    def __init__(self, repaint: Callable[[], None]) -> None:
        super().__init__(id="desk")
        self._repaint = repaint
        self._shown: tuple[object, ...] | None = None
        # kept so that their ids cannot become another's
        self._kept: tuple[object, ...] = ()
        self.panes: Mapping[str, Pane] = remembered()
        self.boards = {name: PointedBoard(name) if name == "chart" else Board(name) for name in (*self.panes, *PAGES)}
        self.proof = Board("proof", ground="panel")
        self.proof_text = ""
        self._panes: tuple[str, ...] = ()
        self.welcome = Sheet(id="welcome")
        self.header, self.line = Sheet(ground="surface", id="header"), Sheet(ground="panel", id="line")
        self.footer = Sheet(ground="surface", id="footer")
        first = [board for name, board in self.boards.items() if not name.startswith(LATE)]
        self.body = Body([*first, self.proof, self.welcome])

    def compose(self) -> ComposeResult:
        """Four parts; the body's children are the panes."""
        yield self.header
        yield self.body
        yield self.line
        yield self.footer

    def on_mount(self) -> None:
        """Lines for the first frame."""
        self._repaint()

    def on_resize(self) -> None:
        """Another size, another plan, before anything is painted in it."""
        self._repaint()

    def on_screen_resume(self) -> None:
        """Back from the palette, which may have seen another size."""
        self._repaint()

    @property
    def _sheets(self) -> tuple[Sheet, ...]:
        return (self.header, self.line, self.footer, self.welcome, self.proof, *self.boards.values())

    def dress(self, palette: Palette, *, plain: bool) -> None:
        """Another theme, or other glyphs."""
        for sheet in self._sheets:
            sheet.plain = plain
            sheet.recolour(palette)

    def in_sight(self) -> tuple[str, ...]:
        """The panes shown, in the order the focus goes round."""
        return self._panes

    def focused_pane(self, choices: Choices) -> str:
        """The pane with the focus; the first one where the chosen one is not in sight."""
        panes = self.in_sight()
        return choices.focus if choices.focus in panes or not panes else panes[0]

    def paint(self, view: View) -> None:
        """Show a view in the terminal's present size; what differs in the time alone moves only the chrome."""
        columns, rows = view.size
        look = replace(view.look, now=_moment(view))
        owners = (view.snapshot, view.others, view.bound, view.config, view.worn)
        shown = (*map(id, owners), look, view.theme, columns, rows)
        if shown == self._shown:
            self.paint_chrome(view)
            return
        self._shown, self._kept = shown, owners
        self._surround(view)
        if is_too_small(view.look.choices, columns, rows):
            self._place({"welcome": Place(0, 0, columns, rows)})
            self._paint_nano(view)
            return
        self.paint_chrome(view)
        left = rows - chrome(view.look.choices, columns)
        if view.look.choices.page:
            self._paint_page(view, columns, left)
        elif view.snapshot is None or not has_prices(view.snapshot):
            self._place({"welcome": Place(0, 0, columns, left)})
            lines = first_start(view.snapshot, view.status.mode, columns, left)
            self.welcome.show(_filled(lines, left), columns)
        else:
            self._paint_panes(view.everything or view.snapshot, _of_panes(view), columns, rows)

    def paint_chrome(self, view: View) -> None:
        """Header, line and footer: what moves with the time alone."""
        columns, rows = view.size
        choices = view.look.choices
        if is_too_small(choices, columns, rows):
            self._paint_nano(view)
            return
        if choices.bare:
            self._paint_bare(view, columns)
            return
        self.header.show([header(view.snapshot, view.look, view.status, columns)], columns)
        shown = _line(view, columns)
        if choices.compact:
            shown = beside(shown, screen_word(view.bound, choices), columns)
        self.line.show([shown], columns)
        alerts = view.snapshot is not None and view.snapshot.alerts is not None
        self.footer.show([footer(view.bound, choices, columns, alerts=alerts)], columns)

    def _paint_bare(self, view: View, columns: int) -> None:
        """On one row what else stands on three; where that is too narrow, on two."""
        if columns < ONE_ROW:
            self.header.show([facts(view.snapshot, view.look, view.status, columns)], columns)
            self.line.show([_line(view, columns)], columns)
        elif _typed(view.look.choices):
            known = facts_beside(view.snapshot, view.look, view.status, columns)
            self.line.show([(*known, Piece(" "), *_line(view, columns - width_of(known) - 1))], columns)
        else:
            row = bare_row(view.snapshot, view.look, view.status, view.troubles, columns)
            self.line.show([row], columns)

    def _surround(self, view: View) -> None:
        """Show of header, line and footer those that this window has."""
        columns, rows = view.size
        choices = view.look.choices
        nano = is_too_small(choices, columns, rows)
        self.line.display = not nano
        self.header.display = not nano and (not choices.bare or columns < ONE_ROW)
        self.footer.display = not nano and not choices.dense

    def _paint_nano(self, view: View) -> None:
        columns, rows = view.size
        lines = too_small(view.snapshot, view.look, view.status, view.troubles, columns, rows)
        self.welcome.show(_filled(lines, rows), columns)

    def _place(self, plan: Plan) -> None:
        self._panes = tuple(plan) if "proof" not in plan else self._panes
        late = [board for name in plan if (board := self.boards.get(name)) is not None and board.parent is None]
        if late and self.body.is_attached:
            # each would cost the start something, and few come here
            self.body.mount(*late)
        if plan != self.body.plan:
            self.body.plan = plan
            # a widget keeps its own arrangement; a child's wish for a new one is what clears it
            self.welcome.refresh(layout=True)

    def _paint_page(self, view: View, columns: int, rows: int) -> None:
        # imported when they are first wanted: the screen is up sooner
        from . import alerts as alerts_page
        from . import help as help_page

        name, clause = view.look.choices.page, line(Piece(_way_back(view.bound), "muted"))
        self._place({name: Place(1, 0, columns - 2, rows)})
        if name == alerts_page.NAME:
            shown, picked = alerts_page.page(view.snapshot, view.look, view.config, clause, columns - 2)
            self.boards[name].turn(shown, columns - 2, rows, focused=True, selected=picked)
            return
        if name == "settings" and view.worn is not None:
            shown, picked = _settings(view, view.worn, clause, columns - 2)
            self.boards[name].turn(shown, columns - 2, rows, focused=True, selected=picked)
            return
        if name == "themes" and view.worn is not None:
            from . import themes as themes_page

            keeps = line(Piece(f"{by_name(view.bound)['proof'].key} keeps", "muted"))
            shown, picked = themes_page.page(view.worn, view.look, (clause, keeps), columns - 2, rows)
            self.boards[name].turn(shown, columns - 2, rows, focused=True, selected=picked)
            return
        lines = help_page.page(view.bound, columns - 2, rows - 1)
        body = tuple(BodyLine(one, unit=number) for number, one in enumerate(lines))
        self.boards[name].turn(Page(name, body, clauses=(clause,)), columns - 2, rows, focused=True, selected=None)

    def _paint_panes(self, snapshot: Snapshot, look: Look, columns: int, rows: int) -> None:
        def need(pane: str, cells: int) -> int:
            return self.panes[pane].need(snapshot, look, cells)

        whole = arrange(look.choices, columns, rows, need)
        self._panes = tuple(whole)
        focus = self.focused_pane(look.choices)
        look = replace(look, choices=replace(look.choices, focus=focus))
        lines = rows - chrome(look.choices, columns)
        seen = beside_proof(whole, columns, lines) if look.choices.proof else whole
        self._place(seen)
        for name, at in seen.items():
            if name == "proof":
                self._paint_proof(snapshot, look, at)
                continue
            cells = _cells(name, whole[name], at)
            page = self.panes[name].page(snapshot, look, cells, at.lines)
            if name == "symbol_quote" and not look.choices.zoomed:
                page = _with_the_rest(page, whole)
            elif name == focus and not look.choices.zoomed and set(look.choices.panes) - set(whole):
                page = _with_absent(page, look.choices.panes, whole)
            picked = look.choices.picked(name)
            self.boards[name].turn(page, cells, at.lines, focused=name == focus, selected=picked, seen=at.cells)

    def cursor(self, choices: Choices, pane: str) -> str | None:
        """What is selected; in a pane with rows of its own its first, which is lifted until another is."""
        picked, board = choices.picked(pane), self.boards.get(pane)
        if pane not in OWN_ROWS or board is None or picked in board.page.keys:
            return picked
        return next(iter(board.page.keys), picked)

    def _paint_proof(self, snapshot: Snapshot, look: Look, at: Place) -> None:
        from ..proofs.proof import plain_text

        choices = look.choices
        key = self.cursor(choices, "flags" if choices.focus == "journal" else choices.focus)
        made = proof_of(choices.focus, choices.figure, key, snapshot, look)
        self.proof_text = plain_text(made) if made is not None else ""
        lines = _proof_lines(made, at.cells - 3, ascii_only=look.ascii)
        edge = Piece(f"{glyphs.STRIPE} ", "accent")
        lines = (*lines, *([()] * (at.lines - 1 - len(lines))))
        body = tuple(BodyLine((edge, *one), unit=number) for number, one in enumerate(lines))
        words = line(Piece("y copies  Esc closes", "muted"))
        self.proof.turn(Page("proof", body, clauses=(words,)), at.cells, at.lines, focused=True, selected=None)


def _settings(view: View, worn: Outfit, back: Line, cells: int) -> tuple[Page, str]:
    from ..setting_values import entries
    from . import settings as settings_page

    listed = entries(view.config, worn.bound, tuple(sorted(worn.themes)), view.theme)
    return settings_page.page(listed, view.config, view.look.choices, back, cells, view.settings_file)


def _cells(name: str, whole: Place, seen: Place) -> int:
    """What a pane is written in: figures keep their columns under a proof, but half a sentence is another one."""
    return seen.cells - 1 if name in PROSE and seen.cells < whole.cells else whole.cells


def _with_the_rest(page: Page, plan: Plan) -> Page:
    from .symbol_plan import elsewhere

    return replace(page, clauses=(elsewhere(plan), *page.clauses))


def _with_absent(page: Page, panes: tuple[str, ...], plan: Plan) -> Page:
    absent = " ".join(name for name in panes if name not in plan)
    return replace(page, clauses=(line(Piece("+ ", "muted"), Piece(absent, "text")), *page.clauses))


def _proof_lines(made: "Proof | None", cells: int, *, ascii_only: bool) -> tuple[Line, ...]:
    if made is None:
        said = "There is nothing to prove here: no figure stands in this row, or its history has not come yet."
        return tuple(line(Piece(text, "muted")) for text in wrap(said, cells))
    from ..proofs.proof import panel

    return panel(made, cells, ascii_only=ascii_only)


def _filled(lines: tuple[Line, ...], rows: int) -> list[Line]:
    return [*lines, *([()] * (rows - len(lines)))][:rows]


def _of_panes(view: View) -> Look:
    """What panes are looked at with: in a pause ages stand as the prices do, and the header counts on."""
    paused, since = view.look.choices.paused, view.status.since
    return replace(view.look, now=since) if paused and since else view.look


def _moment(view: View) -> datetime:
    """When panes were last painted anew for the time alone: each minute, or each half hour, for days begin then."""
    now = _of_panes(view).now
    choices = view.look.choices
    every = 1 if choices.screen in TIMED or set(choices.panes) & set(TIMED) else 30
    return now.replace(minute=now.minute - now.minute % every, second=0, microsecond=0)


def _typed(choices: Choices) -> bool:
    """Whether the line is the row something is typed or chosen in."""
    return bool(choices.finding or choices.exporting or choices.edit)


def _line(view: View, columns: int) -> Line:
    choices = view.look.choices
    if choices.edit is not None:
        from ..edit_row import edit_row
        from ..view_row import hints

        more = hints(choices.edit.text, view.config.views) if choices.edit.kind == "view" else ()
        return edit_row(choices.edit, by_name(view.bound), columns, more)
    if choices.finding:
        from ..opening import found_words

        words = found_words(choices, view.snapshot, view.others)
        return line(
            Piece(" find ", "accent bold"), Piece(choices.find, "bright"), Piece(" ", "text reverse"),
            Piece(f"  {words}", "muted"),
        )  # fmt: skip
    named = by_name(view.bound)
    if choices.exporting:
        from ..export_row import export_row

        return export_row(choices, named, columns)
    return message(view.snapshot, view.look, view.troubles, columns, (named["week-back"].key, named["week-on"].key))


def _way_back(bound: tuple[Bound, ...]) -> str:
    back = next(one for one in bound if one.command.name == "back")
    return f"{back.key} back" if back.key else ""
