"""Carrying deliveries out beside the feed's loop: whatever one of them does, prices go on and the others are told."""

import queue
import shutil
import threading
from collections.abc import Callable
from html import escape
from typing import NamedTuple

from ..clock import elapsed, wall
from ..model.alert import AlertSetting, Firing
from . import command as commands
from .deliveries import Outcome
from .webhook import post

HANDS = 8
"""Deliveries under way at once."""
GRACE = 3.0
"""Seconds that what is under way is waited for at the end of the feed."""
NOTIFIER = "notify-send"


class Parcel(NamedTuple):
    """One firing to be told in one way."""

    firing: Firing
    setting: AlertSetting
    way: str


Carry = Callable[[Parcel, threading.Event], Outcome]


def carry(parcel: Parcel, stop: threading.Event) -> Outcome:
    """Tell one firing in one way, now; may take as long as the way's limit."""
    return _WAYS[parcel.way](parcel, stop)


def _command(parcel: Parcel, stop: threading.Event) -> Outcome:
    firing, setting = parcel.firing, parcel.setting
    line = setting.command if setting.shell else commands.filled(setting.command, firing)
    ran = commands.run(line, commands.surroundings(firing), as_line=setting.shell, stop=stop)
    return Outcome(firing.id, parcel.way, ran.cause, again=not ran.began or (ran.told and setting.retry))


def _desktop(parcel: Parcel, stop: threading.Event) -> Outcome:
    firing = parcel.firing
    program = shutil.which(NOTIFIER)
    if program is None:
        return Outcome(firing.id, parcel.way, f"there is no {NOTIFIER} here", again=False)
    # a body may hold markup; a title never does
    line = [program, "--app-name=tapewatch", "--", firing.alert, escape(firing.text, quote=False)]
    ran = commands.run(line, commands.surroundings(firing), stop=stop)
    return Outcome(firing.id, parcel.way, ran.cause, again=ran.told or not ran.began)


def _webhook(parcel: Parcel, stop: threading.Event) -> Outcome:
    del stop
    answer = post(parcel.setting.url, parcel.firing, wall())
    return Outcome(parcel.firing.id, parcel.way, answer.cause, pause=answer.pause)


_WAYS: dict[str, Carry] = {"command": _command, "desktop": _desktop, "webhook": _webhook}


class Courier:
    """Threads that carry parcels, begun when there is something to carry; used from one thread."""

    def __init__(self, carry: Carry = carry) -> None:
        self._carry = carry
        self._waiting: queue.SimpleQueue[Parcel] = queue.SimpleQueue()
        self._brought: queue.SimpleQueue[Outcome] = queue.SimpleQueue()
        self._stop = threading.Event()
        self._hands = 0
        self.under_way = 0

    @property
    def has_room(self) -> bool:
        """Whether one more would be begun at once."""
        return self.under_way < HANDS and not self._stop.is_set()

    def take(self, parcel: Parcel) -> None:
        """Begin to carry one."""
        self.under_way += 1
        if self._hands < self.under_way:
            self._hands += 1
            threading.Thread(target=self._work, name=f"courier-{self._hands}", daemon=True).start()
        self._waiting.put(parcel)

    def _work(self) -> None:
        while True:
            parcel = self._waiting.get()
            try:
                self._brought.put(self._carry(parcel, self._stop))
            except Exception as bug:  # whatever it is, it costs this one alone
                said = f"could not be carried out: {type(bug).__name__}: {bug}"
                self._brought.put(Outcome(parcel.firing.id, parcel.way, said, again=False))

    def brought(self) -> list[Outcome]:
        """How those went that have ended since the last question."""
        found: list[Outcome] = []
        while not self._brought.empty():
            found.append(self._brought.get())
        self.under_way -= len(found)
        return found

    def close(self) -> list[Outcome]:
        """Ask what is under way to end, and wait a little; what has ended."""
        self._stop.set()
        begun, found = elapsed(), self.brought()
        while self.under_way and elapsed() - begun < GRACE:
            threading.Event().wait(0.05)
            found += self.brought()
        return found
