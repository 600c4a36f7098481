"""The feed's alerts: judged on each snapshot, journalled, told, muted and tested."""

import hashlib
import sqlite3
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from msgspec.structs import replace

from ..channel import Request
from ..clock import wall
from ..log import warning
from ..model.alert import BY_SCREENS, AlertReading, Alerts, AlertSetting, Delivery, Firing, Memory, Ring, Told
from ..model.config import Config
from ..model.snapshot import Market, Snapshot
from ..store.alerts import (
    OPEN,
    forget_alerts,
    forget_old_firings,
    note_deliveries,
    read_deliveries,
    read_firings,
    read_memories,
    write_alerts,
)
from .courier import Courier, Parcel
from .deliveries import NO_LONGER, ONCE, after, begun, first, is_due, resumed, sent
from .evaluate import evaluate, remembered
from .life import calendars, stays_until
from .times import LONGEST
from .words import condition, reading

TEST, MUTE = "alerts-test", "alerts-mute"
"""Kinds of requests that are for the alerts; `symbol` is the alert's name, empty for all."""
RUNG = timedelta(hours=1)
"""How long the snapshot carries what screens ring for: one that was asleep for less still does."""
MOST_RUNG = 20
AT_HAND = 200
"""Firings a running feed remembers; the journal has all."""
Say = Callable[[str], None]


class AlertDesk:
    """The alerts of one feed. Only the feed's thread calls it; it alone writes their part of the store.

    `outside` is false in a demo, which tells nothing but its own screens; its clock runs at `pace` seconds a second.
    In a store that others read (`shared`) nothing is shown of what a command is or said. `service` is set by whoever
    lets the feed stay for good.
    """

    def __init__(
        self,
        database: sqlite3.Connection,
        config: Config,
        say: Say,
        *,
        outside: bool,
        pace: float = 1.0,
        shared: bool = False,
    ) -> None:
        self._database, self._config, self._say, self._outside = database, config, say, outside
        self._courier, self._pace, self._shared = Courier(), pace, shared
        self._markets: dict[str, Market] = {}
        self.service = False
        self._read()

    def _read(self) -> None:
        """Go on from what the feed before left: nothing of it fires again, and what is open is told."""
        now = wall()
        forget_old_firings(self._database, now)
        self._memories = read_memories(self._database)
        self._firings = list(read_firings(self._database))
        self._deliveries = read_deliveries(self._database)
        if self._config.path is None:
            return  # settings that could not be read say nothing of what is no longer wanted
        self._forget_missing()
        alerts, settings = {one.id: one.alert for one in self._firings}, self._settings()
        opened = [one for one in self._deliveries.values() if one.state in OPEN]
        self._note(resumed(one, settings.get(alerts.get(one.firing, "")), now) for one in opened)

    def _settings(self) -> dict[str, AlertSetting]:
        return {one.name: one for one in self._config.alerts}

    def _forget_missing(self) -> None:
        gone = [name for name in self._memories if name not in self._settings()]
        if gone:
            forget_alerts(self._database, gone)
            self._memories = {name: one for name, one in self._memories.items() if name not in gone}

    def _note(self, changed: Iterable[Delivery]) -> None:
        noted = [one for one in changed if self._deliveries.get((one.firing, one.way)) != one]
        if noted:
            note_deliveries(self._database, noted)
            self._deliveries |= {(one.firing, one.way): one for one in noted}

    # -- what the feed calls --------------------------------------------------------------------------

    def judge(self, snapshot: Snapshot, now: datetime) -> Snapshot:
        """Judge every alert, write down what fired, begin to tell it; the snapshot with the alerts as they stand."""
        self._markets = snapshot.markets
        if self._config.alerts:
            judged = evaluate(self._config.alerts, self._memories, snapshot, now)
            self._write(judged.memories, judged.firings, now)
        self._send(now)
        return replace(snapshot, alerts=self.standing(now))

    def _write(self, memories: dict[str, Memory], firings: tuple[Firing, ...], now: datetime) -> None:
        settings = self._settings()
        made = [d for f in firings for d in first(f, settings[f.alert].how, now, outside=self._outside)]
        changed = {name: one for name, one in memories.items() if self._memories.get(name) != one}
        if changed or firings:
            write_alerts(self._database, changed, firings, made)
        self._memories |= changed
        self._firings += firings
        self._deliveries |= {(one.firing, one.way): one for one in made}
        self._let_go()
        for one in firings:
            self._say(f"the alert {one.alert} fired: {one.text}{f' ({one.dropped})' if one.dropped else ''}")

    def _let_go(self) -> None:
        """Keep the newest firings at hand, and those still to be told."""
        if len(self._firings) <= 2 * AT_HAND:
            return
        opened = {one.firing for one in self._deliveries.values() if one.state in OPEN}
        self._firings = [one for one in self._firings[:-AT_HAND] if one.id in opened] + self._firings[-AT_HAND:]
        kept = {one.id for one in self._firings}
        self._deliveries = {place: one for place, one in self._deliveries.items() if place[0] in kept}

    def tend(self, now: datetime) -> bool:
        """Note how deliveries went and begin those that are due; whether anything has changed."""
        before = dict(self._deliveries)
        for outcome in self._courier.brought():
            known = self._deliveries.get((outcome.firing, outcome.way))
            if known is None or known.state != "begun":
                continue
            self._note((after(known, outcome, now, self._pace),))
            if outcome.cause:
                self._say(warning(f"an alert's {outcome.way} {outcome.cause}"))
        self._send(now)
        return self._deliveries != before

    def _send(self, now: datetime) -> None:
        """Release what screens tell; begin what is due elsewhere, written down before it is done."""
        firings, settings = {one.id: one for one in self._firings}, self._settings()
        for one in [one for one in self._deliveries.values() if is_due(one, now)]:
            firing = firings.get(one.firing)
            setting = settings.get(firing.alert) if firing else None
            if setting is None and self._config.path is None:
                continue
            if firing is None or setting is None:
                self._note((replace(one, state="dropped", changed_at=now, next_try=None, cause=NO_LONGER),))
            elif one.way in BY_SCREENS:
                self._note((replace(sent(one, now), released=wall()),))
            elif self._courier.has_room:
                self._note((begun(one, now),))
                self._courier.take(Parcel(firing, setting, one.way))

    def close(self, now: datetime) -> None:
        """At the end of the feed: what is under way is ended or waited for, and noted."""
        for outcome in self._courier.close():
            known = self._deliveries.get((outcome.firing, outcome.way))
            if known is not None and known.state == "begun":
                self._note((after(known, outcome, now, self._pace),))

    def stored_anew(self) -> None:
        """The database was begun anew under the feed: what is in memory goes in."""
        write_alerts(self._database, self._memories, self._firings, self._deliveries.values())
        note_deliveries(self._database, self._deliveries.values())

    # -- what users ask -------------------------------------------------------------------------------

    def heard(self, request: Request, now: datetime) -> None:
        """What a screen or a command wants: a test, or a mute for so many seconds (none: no longer)."""
        name = request.symbol or ""
        if request.kind == TEST:
            self.test(name, now)
        elif request.kind == MUTE:
            seconds = _seconds(request.value)
            self.mute(name, now + timedelta(seconds=seconds) if seconds else None, now)

    def configure(self, config: Config, now: datetime) -> None:
        """Other alerts in the settings: those whose condition is the same go on."""
        before, self._config = self._config, config
        if config.alerts == before.alerts:
            return
        self._forget_missing()
        self._say(f"the alerts of the settings were taken up anew: {len(config.alerts)}")
        self._send(now)

    def mute(self, name: str, until: datetime | None, now: datetime) -> None:
        """Tell nothing of one alert (or of all, without a name) until a moment; None: tell it again."""
        chosen = [one for one in self._config.alerts if name in ("", one.name)]
        muted = {one.name: replace(remembered(one, self._memories, now), muted_until=until) for one in chosen}
        write_alerts(self._database, muted, (), ())
        self._memories |= muted

    def test(self, name: str, now: datetime) -> None:
        """Tell a test of one alert, or of all, by each of its ways, whatever the hour."""
        for one in self._config.alerts:
            if name in ("", one.name):
                made = trial(one, condition(one, self._shorts()), now)
                self._write({}, (made,), now)
        self._send(now)

    # -- how things stand -----------------------------------------------------------------------------

    def _shorts(self) -> dict[str, str]:
        return {one.symbol: one.short for one in self._config.instruments}

    def standing(self, now: datetime) -> Alerts | None:
        """Everything a screen shows and rings for; None where no alert is configured."""
        if not self._config.alerts:
            return None
        return Alerts(
            alerts=tuple(self._reading(one, now) for one in self._config.alerts),
            rings=self._rings(wall()),
            stays_until=self.stays_until(now),
            service=self.service,
        )

    def _reading(self, setting: AlertSetting, now: datetime) -> AlertReading:
        memory = remembered(setting, self._memories, now)
        made = reading(setting, memory, self._firings, self._deliveries, self._shorts(), now)
        return made if not self._shared else replace(made, told=tuple(map(_for_others, made.told)))

    def _rings(self, now: datetime) -> tuple[Ring, ...]:
        made: list[Ring] = []
        for one in self._firings:
            ways = {way: self._deliveries.get((one.id, way)) for way in BY_SCREENS}
            told = {way: found.released for way, found in ways.items() if found is not None and found.released}
            at = max(told.values(), default=None)
            if at is not None and now - at < RUNG:
                bell, notify = "bell" in told, "notify" in told
                made.append(Ring(id=one.id, alert=one.alert, at=at, text=one.text, bell=bell, notify=notify))
        return tuple(sorted(made, key=lambda ring: ring.at)[-MOST_RUNG:])

    def stays_until(self, now: datetime) -> datetime | None:
        """Until when the feed stays without a screen; None where it does not."""
        if not self._outside or not self._config.alerts:
            return None
        return stays_until(self._markets, calendars(self._config.alerts, self._config), now)


def _for_others(told: Told) -> Told:
    private = told.way in ONCE and told.cause and told.state != "dropped"
    return replace(told, cause="see the log of the feed") if private else told


def _seconds(value: str | None) -> float:
    try:
        seconds = float(value or 0.0)
    except ValueError:
        return 0.0
    return min(seconds, LONGEST.total_seconds()) if seconds > 0 else 0.0


def trial(setting: AlertSetting, waits_for: str, now: datetime) -> Firing:
    """A firing that is a test, with an id of its own."""
    made = hashlib.sha256(f"{setting.name}\0{wall().isoformat()}".encode()).hexdigest()[:20]
    text = f"a test of this alert, which waits for: {waits_for}"
    return Firing(
        id=f"test-{made}", alert=setting.name, on=setting.on, time=now, text=text, symbol=setting.symbol, test=True
    )
