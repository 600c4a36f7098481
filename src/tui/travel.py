"""What the monitor receives, holds back and shows; and the replays it opens beside the live data."""

import asyncio
from collections.abc import Callable
from datetime import date, datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace
from textual.binding import BindingsMap
from textual.timer import Timer

from ..core.data import MarketData
from ..core.model.snapshot import Snapshot
from . import choices as steps
from .chrome import TRADING
from .commands import by_name, in_force
from .hands import Hands
from .look import first_choice
from .message_line import Troubles
from .outfit import Outfit

Opener = Callable[[date | None], MarketData]
"""Opens a replay at a date, of a feed and in a folder of its own."""

QUICK = 0.1
"""Seconds between two looks for a session that was asked for."""


class Rest(Struct, frozen=True):
    """From when until when nothing moves by itself, and what it was painted of."""

    since: datetime
    until: datetime
    key_tick: int
    troubles: Troubles
    size: tuple[int, int]


class Travel(Hands, inherit_bindings=False):
    """The half of the monitor that receives: `data` is what is shown, `live` what the program was started on."""

    worn: Outfit

    def receive_from(self, data: MarketData, opener: Opener | None) -> None:
        """Begin with this market; `opener` opens replays of it, None where it is one."""
        self.live = self.data = data
        self._opener = opener
        self._coming: MarketData | None = None
        self._quick: Timer | None = None
        self.replaying = False
        self.held: Snapshot | None = None
        self.waiting = 0
        self.paused_at: datetime | None = None
        self._rest: Rest | None = None

    def bind_keys(self) -> None:
        """The keys there are now: a replay has some of its own."""
        self.bound = in_force(self.worn.bound, replaying=self.replaying)
        self._bindings = BindingsMap()
        for one in self.bound:
            for key in one.keys:
                self.bind(key, one.command.action, description=one.command.help, show=bool(one.command.footer))

    # -- receiving ------------------------------------------------------------------------------------

    def look_for_newer(self) -> None:
        """A replay that was asked for, or a newer snapshot of what is shown."""
        if self._coming is not None:
            self._welcome(self._coming)
        newest = self.data.latest()
        if newest is not None and newest is not self.held:
            self._receive(newest)
        self.troubles = replace(self.troubles, trouble=self.data.trouble.text if self.data.trouble else "")

    def resting(self) -> bool:
        """Whether everything stands as it was painted, and nothing of it can change before the minute is over."""
        now, rest = self.data.now(), self._rest
        if rest is None or now is None or not rest.since <= now < rest.until:
            return False
        if (self.key_tick, self.troubles, self.size) != (rest.key_tick, rest.troubles, rest.size):
            return False
        return not self.data.is_newer()

    def rest(self) -> None:
        """Everything has just been painted: rest, where the clock of a quiet market is all that will move."""
        now, shot, quiet = self.data.now(), self.snapshot, not self.choices.paused
        quiet = quiet and not self.choices.finding and self.choices.edit is None
        self._rest = None
        if now is None or shot is None or shot.mode != "live" or self._quick is not None or not quiet:
            return
        trading = any(market.state in TRADING for market in shot.markets.values())
        if not (trading or shot.health.error or shot.health.next_try or self.troubles.notice):
            until = now.replace(second=0, microsecond=0) + timedelta(minutes=1)
            self._rest = Rest(now, until, self.key_tick, self.troubles, self.size)

    def _receive(self, newest: Snapshot) -> None:
        if self.choices.paused:
            # the same snapshot, judged anew as time passes, is no newer one
            self.waiting += self.held is None or newest.version != self.held.version
            self.held = newest
            return
        self.take(newest)

    def take(self, newest: Snapshot | None) -> None:
        """Show a snapshot."""
        self.held, self.waiting = newest, 0
        if newest is not None and self.choices.selected is None:
            self.choices = replace(self.choices, selected=first_choice(newest))
        replaying = newest is not None and newest.mode == "replay"
        if replaying != self.replaying:
            self.replaying = replaying
            self.bind_keys()
        self._hurry()
        self.snapshot = newest

    def _hurry(self) -> None:
        """Look often while a step may be on its way."""
        wanted = self.replaying or self._coming is not None
        if wanted and self._quick is None:
            self._quick = self.set_interval(QUICK, self.look_for_newer)
        elif not wanted and self._quick is not None:
            self._quick.stop()
            self._quick = None

    def tend_feeds(self) -> str:
        """See to the feeds of what is shown and of the live data; why there is none of what is shown."""
        if self.data is not self.live:
            self.live.tend()
        return self.data.tend() or ""

    def close(self) -> None:
        """Close every market that is open."""
        for data in (self._coming, self.data, self.live):
            if data is not None:
                data.close()

    def action_pause(self) -> None:
        """Keep receiving and stop showing, or show the newest."""
        paused = not self.choices.paused
        self.paused_at = self.data.now() if paused else None
        self.choices = replace(self.choices, paused=paused)
        if not paused:
            self.take(self.held)
        self.choose(self.choices)

    # -- back in time ---------------------------------------------------------------------------------

    def action_travel(self, step: str) -> None:
        """Turn a week or a session; from the live market a week back opens a replay."""
        if not self.replaying and self._coming is None:
            self._depart(step)
            return
        end = self._end_reached(step)
        asked_of = self._coming or self.data
        self.choose(self.choices, end or asked_of.ask("step", value=step) or "")

    def _end_reached(self, step: str) -> str:
        stand = self.snapshot.transport if self.snapshot and self._coming is None else None
        if stand is None:
            return ""
        if step.endswith("-1") and stand.shown == stand.first:
            return "This is the first session stored."
        later = step.endswith("+1") or step == "play"
        return "This is the last session stored." if later and stand.shown == stand.last else ""

    def action_play(self) -> None:
        """Play the sessions on, or stop."""
        stand = self.snapshot.transport if self.snapshot else None
        self.action_travel("pause" if stand and stand.playing else "play")

    def _depart(self, step: str) -> None:
        shown = self.snapshot.session if self.snapshot else None
        if shown is None or self._opener is None or step != "week-1":
            back = by_name(self.bound)["week-back"].key
            none = "There is nothing to replay yet." if shown is None else f"This is the newest week; {back} goes back."
            self.choose(self.choices, none)
            return
        monday = shown - timedelta(days=shown.weekday())
        try:
            self._coming = self._opener(monday - timedelta(days=1))
        except OSError as problem:
            self.choose(self.choices, f"A replay cannot be opened: {problem.strerror or problem}.")
            return
        self._hurry()
        self.choose(self.choices, "Opening the week before.")

    def _welcome(self, coming: MarketData) -> None:
        """Go over to a replay as soon as it has something to show."""
        first = coming.latest()
        if first is not None:
            self._coming, self.data = None, coming
            self.choices = replace(self.choices, paused=False)
            self.say("")
            self.take(first)
            return
        problem = coming.tend()
        if problem:
            self._let_go(coming)
            self.choose(self.choices, f"No replay: {problem}.")

    def action_choose(self, name: str) -> None:
        """A step; back from the panes of a replay is back to the live market."""
        if name == "back" and self._leaves():
            self._return()
            return
        super().action_choose(name)

    def _leaves(self) -> bool:
        after = steps.back(self.choices)
        if self.choices.opened:
            return False
        away = self._coming is not None or self.data is not self.live
        return away and (after == self.choices or after.screen != self.choices.screen)

    def _return(self) -> None:
        left = self._coming or self.data
        self._let_go(left)
        self.data = self.live
        self.choices = replace(self.choices, paused=False)
        self.say("")
        self.take(self.live.latest())

    def _let_go(self, left: MarketData) -> None:
        """End a replay; its feed may take a moment, for which nobody waits."""
        self._coming = None
        self.run_worker(asyncio.to_thread(left.close), exit_on_error=False)
