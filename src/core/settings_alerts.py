"""Alerts in the settings file: what goes together, and what was expected where it does not."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from .alerts.times import Quiet, duration
from .model.alert import BY_SCREENS, WAYS, AlertSetting
from .model.instrument import Instrument
from .universe import find

Table = dict[str, Any]
LEAST_PAUSE = 60.0
"""Seconds that must lie between two firings of an alert that repeats."""
NEEDED = {
    "flag": ("rule", "severity", "state"),
    "level": ("level", "side"),
    "record": ("basis",),
    "week-break": ("side", "basis"),
    "price": ("above", "below", "basis"),
    "stale": (),
}
"""What belongs to which kind of alert, beside what belongs to all."""
_OWN = {name for names in NEEDED.values() for name in names}


class Fault(NamedTuple):
    """A key of one alert that does not go with the others."""

    key: str
    value: object
    expected: str


def faults(table: Table, fields: Table, board: Sequence[Instrument]) -> Iterator[Fault]:
    """What is missing or does not go together; `fields` are those of the table that will do by themselves."""
    for needed, expected in (("name", "a name of your own"), ("on", 'what it waits for, such as "price"')):
        if needed not in table:
            yield Fault(needed, None, expected)
    if "on" not in fields:
        return
    kind = fields["on"]
    yield from _about_symbol(kind, table, fields, board)
    yield from _about_kind(kind, table, fields)
    yield from _about_ways(table, fields)
    yield from _about_times(fields)


def _about_symbol(kind: str, table: Table, fields: Table, board: Sequence[Instrument]) -> Iterator[Fault]:
    one = find(fields.get("symbol", ""), board) if fields.get("symbol") else None
    if kind not in ("flag", "stale") and "symbol" not in table:
        yield Fault("symbol", None, "the instrument it watches")
    if one is not None and (one.hidden or one.panel):
        yield Fault("symbol", fields["symbol"], f"an instrument of the board ({one.short} is hidden)")
    if kind == "record" and one is not None and not one.has_record:
        yield Fault("symbol", fields["symbol"], f"an instrument with an all-time high ({one.short} has none)")


def _about_kind(kind: str, table: Table, fields: Table) -> Iterator[Fault]:
    for name in sorted(set(fields) & _OWN - set(NEEDED[kind])):
        homes = [one for one, names in NEEDED.items() if name in names]
        yield Fault(name, fields[name], f"on = {' or '.join(homes)} (this alert is on {kind})")
    if kind == "price" and "above" not in table and "below" not in table:
        yield Fault("above", None, "a price in above or in below")
    side = fields.get("side")
    if kind == "week-break" and side == "touch":
        yield Fault("side", side, '"above", "below" or "either"')


def _about_ways(table: Table, fields: Table) -> Iterator[Fault]:
    how = fields.get("how", ("bell",))
    command, shell = fields.get("command", ()), fields.get("shell", False)
    if "command" in how and not table.get("command"):
        yield Fault("command", None, 'the program and its arguments, such as ["mpv", "ding.ogg"]')
    if "webhook" in how and not table.get("url"):
        yield Fault("url", None, "the address of the webhook")
    if shell and len(command) > 1:
        yield Fault("command", list(command), "one text, since shell is true")
    if command and "command" not in how:
        yield Fault("how", list(how), '"command" among the ways, since there is a command')
    if fields.get("url") and "webhook" not in how:
        yield Fault("how", list(how), '"webhook" among the ways, since there is a url')


def _about_times(fields: Table) -> Iterator[Fault]:
    pause = duration(fields.get("cool_down", "15m"))
    if not fields.get("latch", True) and pause is not None and pause.total_seconds() < LEAST_PAUSE:
        yield Fault("cool_down", fields.get("cool_down"), "a minute at least, since latch is false")


def are_ways(value: Sequence[str]) -> bool:
    """Whether these are ways of telling, each once, and at least one."""
    return bool(value) and set(value) <= set(WAYS) and len(set(value)) == len(value)


def is_duration(text: str) -> bool:
    """Whether this is a duration: ``15m``, ``1h``."""
    return duration(text) is not None


def is_quiet(text: str) -> bool:
    """Whether these are hours of a day: ``22:00-07:00``, or nothing for none."""
    return text == "" or Quiet.of(text, "UTC") is not None


def reaches_out(setting: AlertSetting) -> bool:
    """Whether telling it does anything outside of the screens."""
    return any(way not in BY_SCREENS for way in setting.how)
