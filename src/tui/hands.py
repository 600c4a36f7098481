"""What keys and clicks do: each turns one choice into the next."""

import os
from functools import partial

from msgspec.structs import replace
from textual import events
from textual.app import App, ScreenStackError
from textual.css.query import NoMatches
from textual.dom import NoScreen
from textual.reactive import var
from textual.worker import WorkerFailed

from ..core.data import MarketData
from ..core.model.harmless import harmless_lines
from ..core.model.snapshot import Row, Snapshot
from . import choices as steps
from .choices import Choices
from .collecting import look_seldom
from .commands import Bound
from .look import ChartStand, settled
from .message_line import Troubles
from .screens.desk import Desk
from .sender import Sender
from .widgets.board import Board


class Hands(App[int], inherit_bindings=False):
    """The keyboard's half of the monitor; the other half says what `paint` shows."""

    snapshot: var[Snapshot | None] = var(None, init=False, always_update=True)

    data: MarketData
    desk: Desk
    sender: Sender
    bound: tuple[Bound, ...]
    choices: Choices
    troubles: Troubles
    ticks: int
    key_tick: int
    notice_tick: int

    def paint(self) -> None:
        """Show what there is now."""
        raise NotImplementedError

    def action_repaint(self) -> None:
        """Paint every cell again."""
        raise NotImplementedError

    def chart_stand(self) -> ChartStand:
        """The chart there is, and why there is no newer one."""
        raise NotImplementedError

    def sent_whole(self, reason: str) -> None:
        """From now on everything painted is sent, and not only the cells that changed."""
        self.data.log(f"everything painted is sent to the terminal from now on: {reason}")
        self.call_later(self.action_repaint)

    def on_ready(self) -> None:
        """The first picture stands."""
        if not self.is_headless:
            look_seldom()

    def on_driver_signal_resume(self) -> None:
        """Back from the shell, which has left the terminal empty."""
        self.call_later(self.action_repaint)

    def say(self, words: str) -> None:
        """Put an answer on the line."""
        self.troubles = replace(self.troubles, notice=words)
        self.notice_tick = self.ticks

    def choose(self, choices: Choices, notice: str = "") -> None:
        """Put a choice in force and show it."""
        self.choices = settled(choices, self.snapshot)
        self.key_tick = self.ticks
        self.say(notice)
        self.paint()

    def on_board_chosen(self, event: Board.Chosen) -> None:
        """A click: focus the pane, select the row."""
        self.choose(steps.pick(replace(self.choices, focus=event.pane), event.pane, event.key))

    async def on_key(self, event: events.Key) -> None:
        """While something is being typed to be found, keys are letters."""
        if not self.choices.finding:
            return
        typed = steps.typed(self.choices, event.key, event.character)
        if event.key == "enter" and self.snapshot is not None:
            from . import opening

            typed = opening.entered(self.choices, self.snapshot, self.others()) or typed
        if typed is not None:
            event.prevent_default()
            self.choose(typed)

    def action_choose(self, name: str) -> None:
        """A step that needs nothing else; while the export row is open, Enter exports."""
        if name == "proof" and self.choices.exporting:
            self._export(to_clipboard=False)
            return
        before, after = self.choices, steps.step(self.choices, name)
        self.choose(after, steps.said(before, after))

    def action_to_screen(self, name: str) -> None:
        """Another screen."""
        self.choose(steps.to_screen(self.choices, name))

    def action_focus_pane(self, step: int) -> None:
        """The next or previous pane."""
        panes = self.desk.in_sight()
        here = replace(self.choices, focus=self.desk.focused_pane(self.choices))
        self.choose(steps.focus_on(here, panes, step))

    def action_row(self, step: int) -> None:
        """Select a row further on; panes without rows to select scroll."""
        board = self.desk.boards.get(self.desk.focused_pane(self.choices))
        if board is None:
            return
        if self.choices.proof and abs(step) > 1:
            self.desk.proof.scroll_rows(step)
            return
        if not board.page.keys:
            board.scroll_rows(step)
            return
        if board.page.reads and abs(step) > 1:
            board.scroll_rows(step)
            self.choose(steps.pick(self.choices, board.pane, board.in_sight()))
            return
        self.choose(steps.select(self.choices, board.pane, board.page.keys, step))

    def action_figure(self, step: int) -> None:
        """Choose the figure further right or left in the selected row."""
        board = self.desk.boards.get(self.desk.focused_pane(self.choices))
        if board is not None and board.page.figures:
            self.choose(steps.select_figure(self.choices, board.page.figures, step))

    def action_copy(self) -> None:
        """What the export row is open for, else the proof, to the terminal's clipboard."""
        if self.choices.exporting:
            self._export(to_clipboard=True)
        elif self.choices.proof and self.desk.proof_text:
            self.choose(self.choices, self.to_clipboard(self.desk.proof_text))

    def action_export(self, what: str) -> None:
        """Open the export row; asked again, the next form."""
        if self.snapshot is None or self.choices.page:
            self.choose(self.choices, "There is nothing to export here.")
            return
        here = replace(self.choices, focus=self.desk.focused_pane(self.choices))
        self.choose(steps.export_next(here, what))

    def _export(self, *, to_clipboard: bool) -> None:
        """Close the row, and export what stands there without it; where it is, or why not, on the line."""
        from .exporting import exported_pane, exported_screen, kept

        choices, snapshot = self.choices, self.snapshot
        self.choose(replace(choices, exporting=""))

        def taken() -> None:
            made = exported_screen if choices.exporting == "screen" else exported_pane
            export = made(self, choices.form)
            if isinstance(export, str):
                self.choose(self.choices, export)
            else:
                self.choose(self.choices, self.to_clipboard(export.text) if to_clipboard else kept(export))

        if snapshot is not None:
            self.call_after_refresh(taken)

    def to_clipboard(self, text: str) -> str:
        """Send text to the terminal's clipboard; what became of it, as far as that can be known."""
        from .clipboard import refusal, sent, through_tmux

        text = harmless_lines(text)
        refused = refusal(text, os.environ)
        if refused:
            return refused
        self.copy_to_clipboard(text)
        self.sender.beside(through_tmux(text, os.environ))
        return sent(os.environ)

    def action_suspend_process(self) -> None:
        """To the shell, where there is one."""
        if self.is_web:
            self.choose(self.choices, "There is no shell behind a browser's tab; close it, or quit.")
        else:
            super().action_suspend_process()

    def action_find(self) -> None:
        """Open the input row."""
        self.data.seek_others()
        self.choose(replace(self.choices, finding=True, page=""))

    def action_open_symbol(self) -> None:
        """All that is known of the instrument under the cursor, on a screen of its own."""
        from . import opening

        self.data.seek_others()
        if self.snapshot is None or self.choices.opened is not None:
            return
        pane = self.desk.focused_pane(self.choices)
        symbol = opening.under_cursor(pane, self.desk.cursor(self.choices, pane), self.choices, self.snapshot)
        keys = self.desk.boards[pane].page.keys if pane in self.desk.boards else ()
        if symbol is not None:
            here = replace(self.choices, focus=pane)
            self.choose(opening.opened(here, symbol, opening.line_of(keys, self.snapshot)))

    def others(self) -> tuple[Row, ...]:
        """Instruments that are not on the board, where they may be wanted."""
        return self.data.others() if self.choices.opened or self.choices.finding else ()

    def action_next_symbol(self, step: int) -> None:
        """The instrument further on, while one is open."""
        from . import opening

        self.choose(opening.along(self.choices, step))

    def action_sort(self) -> None:
        """Order the focused pane by its next column."""
        pane = self.desk.focused_pane(self.choices)
        board = self.desk.boards.get(pane)
        if board is not None and board.page.sortable:
            self.choose(steps.sort_by(self.choices, pane, board.page.sortable))

    def action_reverse(self) -> None:
        """Turn the order round."""
        self.choose(steps.reverse_sort(self.choices, self.desk.focused_pane(self.choices)))

    def action_filter(self) -> None:
        """Narrow the rows."""
        self.choose(steps.filter_next(self.choices, self.snapshot, self.desk.focused_pane(self.choices)))

    def action_ask_refresh(self) -> None:
        """Ask the feed for a round now."""
        self.choose(self.choices, self.data.ask("refresh") or "Asked the feed for a refresh.")

    def action_palette(self) -> None:
        """Every command by name."""
        bound = sorted(self.bound, key=lambda one: SOUGHT.index(one.command.section))
        named = [(_title(one), one) for one in bound]
        named += [(f"{word}: {_title(one).lower()}", one) for one in bound for word in _also(one)]
        self.search_commands(
            [(title, partial(self.run_action, one.command.action), one.all_keys) for title, one in named]
        )


SOUGHT = ("screens", "program", "lists", "chart", "week and time", "move")
"""Sections in the order of the palette: who opens it rarely looks for the key that moves the cursor."""
ALIASES = {"screen-quotes": ("WEI",), "screen-chart": ("GP",), "screen-confirmation": ("macro",)}
"""What traders type elsewhere to come to a screen."""


def closed_too_soon(error: Exception) -> bool:
    """Whether a search for commands failed only because its list was closed while it searched; that is no bug."""
    return isinstance(error, WorkerFailed) and isinstance(error.error, NoMatches | ScreenStackError | NoScreen)


def _also(one: Bound) -> tuple[str, ...]:
    return ALIASES.get(one.command.name, ())


def _title(one: Bound) -> str:
    words = one.command.help
    return words[:1].upper() + words[1:]
