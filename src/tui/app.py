"""The monitor: one timer, one snapshot, and every pane hangs on it."""

import asyncio
import os
from collections.abc import Callable

from msgspec.structs import replace
from textual.driver import Driver

from ..core.data import MarketData
from ..core.model.config import Config, Problem
from .choices import Choices
from .chrome import Status
from .ending import Ending
from .hands import closed_too_soon
from .look import Look, exchange_zone
from .message_line import Troubles
from .orders import Orders
from .outfit import Outfit, outfit
from .screens.desk import NEVER, Desk, View
from .sender import Sender
from .starting import USUAL, Start
from .terminal import Terminal
from .travel import Opener
from .viewing import Viewing

WIDEST = 1000
"""Cells and lines in which every column and row is there."""

Reloaded = Callable[[], tuple[Config, tuple[Problem, ...]] | None]
"""The settings anew where their file has changed, else None."""

TEND_EVERY = 5.0
"""Seconds between two looks at whether somebody feeds the store."""
STUCK = 5.0
"""Seconds a terminal may take nothing until nothing is prepared for it either."""
STARTING = 20.0
"""Seconds a feed that was started with this screen may take until it speaks."""
NOTICE_LASTS = 5.0
"""Seconds the answer to a key stays on the line."""


class Monitor(Viewing, inherit_bindings=False):
    """The market on a terminal.

    It asks `data` for the latest snapshot on one timer and shows it; nothing here waits, computes or
    talks to the outside. `problems` are settings that were not taken, for the line; `reloaded` is asked
    now and then whether there are new ones. `opener` opens replays; `start` is what is shown first, `driver` what it
    is shown on.
    """

    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    TITLE = "tapewatch"

    def __init__(
        self,
        data: MarketData,
        config: Config,
        problems: tuple[Problem, ...] = (),
        reloaded: Reloaded | None = None,
        opener: Opener | None = None,
        start: Start = USUAL,
        driver: type[Driver] = Terminal,
    ) -> None:
        # every colour sent is the theme's own: no filter has to look at each line for others
        super().__init__(ansi_color=True, driver_class=driver)
        self.ending, self.sender, self.last_words = Ending(), Sender(config.screen.output, self.sent_whole), ""
        self.receive_from(data, opener)
        self.prepare_charts()
        self._reloaded, self._given = reloaded, config
        self.desk = Desk(self.paint)
        self.troubles, self.choices = Troubles(), Choices(compact=config.screen.compact)
        self._orders = Orders()
        self.ticks = self.key_tick = self.notice_tick = self._behind = 0
        self.uncovered = True
        self._put_on(outfit(config, data.paths.themes, os.environ), problems)
        self.begin(start)

    def _put_on(self, worn: Outfit, problems: tuple[Problem, ...]) -> None:
        self.config = worn.config
        self.choices = worn.chosen(self.choices)
        self.hang_up(worn, problems)
        self.bind_keys()

    def get_default_screen(self) -> Desk:
        """The one screen."""
        return self.desk

    def on_mount(self) -> None:
        """The last snapshot first, then the timer."""
        self.ending.tell(asyncio.get_running_loop(), self.leave)
        self.desk.dress(self.palette, plain=self.worn.ascii)
        self.take(self.data.latest())
        self._timer = self.set_interval(self.config.screen.refresh, self.tick)
        self.call_after_refresh(self.tend)

    def _handle_exception(self, error: Exception) -> None:
        """A bug ends the program with one sentence; where it was is in the log."""
        if self.is_headless:
            super()._handle_exception(error)
            return
        if not closed_too_soon(error):
            self.failed(error)

    def failed(self, error: Exception) -> None:
        """End because of a bug; the first is the one that is told."""
        if not self.last_words:
            self.data.log.crash(error)
            said = f"{type(error).__name__}: {error}".rstrip(".")
            self.last_words = f"tapewatch stopped: {said}. More in {self.data.log.path}."
            self.exit(1, return_code=1)

    def leave(self) -> None:
        """End because a signal or the terminal says so."""
        self.exit(self.ending.code, return_code=self.ending.code or 0)

    def exit(self, result: int | None = None, return_code: int = 0, message: object = None) -> None:
        """End; whether the panes are what is seen is remembered, for whoever keeps the picture."""
        self.uncovered = len(self.screen_stack) == 1
        super().exit(result, return_code, None if message is None else str(message))

    def tick(self) -> None:
        """A newer snapshot? Ages and countdowns move on either way, each as often as its words change."""
        self.ticks += 1
        if self._resize_event is not None:
            self._check_resize()  # its timer never rings where the loop was late, and no size would be taken again
        self._behind = self._behind + 1 if self.sender.owed else 0
        if not self.resting() and self._seconds(self._behind) < STUCK:
            before = self.snapshot, self.troubles
            self.look_for_newer()
            if self._seconds(self.ticks - self.notice_tick) >= NOTICE_LASTS:
                self.say("")
            if self.snapshot is before[0] or self.troubles != before[1]:
                self.desk.paint(self.view())  # else it was painted just now
            self.rest()
        if self.ticks % max(1, round(TEND_EVERY / self.config.screen.refresh)) == 0:
            self.tend()

    def tend(self) -> None:
        """See to it that somebody feeds the store, and look whether the settings have changed."""
        young = self._seconds(self.ticks) < STARTING
        self.troubles = replace(self.troubles, feed=self.tend_feeds(), starting=young)
        changed = self._reloaded() if self._reloaded else None
        if changed is not None:
            self._refit(*changed)
        self.look_at_themes()

    def _refit(self, config: Config, problems: tuple[Problem, ...]) -> None:
        """Settings changed while running: put them on."""
        if config.screen.compact != self.config.screen.compact:
            self.choices = replace(self.choices, compact=config.screen.compact)
        self._put_on(outfit(config, self.data.paths.themes, os.environ, self.themes_anew()), problems)
        self.sender.want(config.screen.output)
        self._timer.stop()
        self._timer = self.set_interval(config.screen.refresh, self.tick)
        self.action_repaint()
        same, self._given = config is self._given, config
        self.choose(self.choices, "The settings file cannot be read." if same else "Settings taken up anew.")

    def _seconds(self, ticks: int) -> float:
        return ticks * self.config.screen.refresh

    def view(self) -> View:
        """What the screen depends on now."""
        look = Look(
            now=self.data.now() or NEVER,
            zone=self._zone(),
            choices=self.choices,
            ascii=self.worn.ascii,
            hidden=self.hidden(),
            first=self.worn.first,
            decimals=self.worn.decimals,
            chart=self.chart_stand(),
        )
        status = Status(self.waiting, self.paused_at, self._allowed(), mode=self.data.mode)
        worn = self.worn.theme_words(self.palette.theme.name)
        looked = self._ordered(look)
        known = self.snapshot, looked, status, self.troubles, self.bound, self.config
        return View(*known, self.size, worn, self.others(), self.worn)

    def _zone(self) -> str:
        if self.config.screen.zone != "exchange":
            return self.config.screen.zone
        return exchange_zone(self.snapshot) if self.snapshot else "America/New_York"

    def _allowed(self) -> float:
        rate = self.snapshot.clock.rate if self.snapshot else 1.0
        return 2 * self.config.feed.poll * max(1.0, rate)

    def _ordered(self, look: Look) -> Look:
        snapshot = self.snapshot
        if snapshot is None or not self.choices.sorts:
            return look

        def ordered(pane: str) -> tuple[str, ...]:
            return self.desk.panes[pane].page(snapshot, look, WIDEST, WIDEST).keys

        now, last = self._seconds(self.ticks), self._seconds(self.key_tick)
        return replace(look, orders=self._orders.renew(self.choices, ordered, now, last))

    def watch_snapshot(self) -> None:
        """Every pane hangs on it."""
        self.paint()

    def paint(self) -> None:
        """Show what there is now."""
        if self.desk.is_mounted:
            self.desk.paint(self.view())

    def action_repaint(self) -> None:
        """Paint every cell again."""
        self.sender.forget()
        self.desk.dress(self.palette, plain=self.worn.ascii)
        self.refresh(repaint=True)
        self.sender.paint()  # the library may find nothing to do, and then nobody would send what was forgotten
