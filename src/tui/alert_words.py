"""Alerts in words, for the screen and for paper."""

from collections.abc import Sequence
from datetime import datetime

from ..core.model.alert import AlertReading, Alerts, Told
from .format import clock, dated, in_zone, zone_name
from .text import clean

NONE = "No alerts are configured."
EXAMPLE = (
    "[[alerts]]",
    'name = "RUT back over its record close"',
    'on = "price"',
    'symbol = "RUT"',
    "above = 2519.75",
    'how = ["bell", "notify"]',
)
"""What the least of an alert looks like in the settings."""


def chosen(picked: str | None, names: Sequence[str]) -> str | None:
    """The alert under the cursor: the first until another was chosen."""
    return picked if picked in names else next(iter(names), None)


def moment(time: datetime | None, now: datetime, zone: str) -> str:
    """``12:01 ET``, and ``Thu 16 Oct 12:01 ET`` of another day."""
    if time is None:
        return "never"
    day, here = in_zone(time, zone).date(), in_zone(now, zone).date()
    named = "" if day == here else f"{dated(day, here)} "
    return f"{named}{clock(time, zone)} {zone_name(time, zone)}"


def state_words(alert: AlertReading, now: datetime, zone: str) -> str:
    """``cooling until 15:10 ET``."""
    if alert.state == "muted" and alert.until is not None and (alert.until - now).days > 300:
        return "muted"
    if alert.state == "latched" and alert.last_fired is None:
        return "latched, true from the start"
    until = f" until {moment(alert.until, now, zone)}" if alert.until is not None else ""
    return f"{clean(alert.state)}{until}"


def told_words(told: Told, now: datetime, zone: str) -> str:
    """``bell 12:01 ET``, ``webhook failed: server error (500), 3 tries, next 12:05 ET``."""
    way, cause = clean(told.way), clean(told.cause)
    if told.state == "sent":
        return f"{way} {moment(told.at, now, zone)}"
    if told.state == "begun":
        return f"{way} under way"
    if told.state == "dropped":
        return f"{way} not told: {cause}"
    tries = f", {told.tries} {'try' if told.tries == 1 else 'tries'}" if told.tries else ""
    if told.state == "pending" and told.next_try is not None:
        return f"{way} {f'failed: {cause}{tries}, next' if cause else 'waits until'} {moment(told.next_try, now, zone)}"
    return f"{way} {clean(told.state)}" + (f": {cause}{tries}" if cause else "")


def has_failed(told: Told) -> bool:
    """Whether this way has not reached anybody yet, and not because it was not to."""
    return told.state == "failed" or (told.state == "pending" and bool(told.cause))


def stays_words(alerts: Alerts, now: datetime, zone: str) -> str:
    """Whether the feed stays for its alerts when the last screen is closed, and until when."""
    if alerts.service:
        return "The feed is a service: it judges them with or without a screen."
    if alerts.stays_until is None:
        return "No session is at hand: without a screen the feed ends after a minute."
    return f"Without a screen the feed stays for them until {moment(alerts.stays_until, now, zone)}."


def printed_alerts(alerts: Sequence[AlertReading], now: datetime, zone: str) -> str:
    """All alerts on paper, a block each, ending in a newline."""
    blocks = ["\n".join(_block(one, now, zone)) for one in alerts]
    return "\n\n".join(blocks) + "\n"


def _block(alert: AlertReading, now: datetime, zone: str) -> list[str]:
    lines = [f"{clean(alert.name)}: {clean(alert.condition)}", f"  {state_words(alert, now, zone)}"]
    fired = f"last fired {moment(alert.last_fired, now, zone)}" if alert.last_fired else "has not fired yet"
    lines.append(f"  {fired}" + (f": {clean(alert.last_text)}" if alert.last_text else ""))
    test = " (a test)" if alert.tested else ""
    lines += [f"  {told_words(one, now, zone)}{test}" for one in alert.told]
    return lines if alert.told else [*lines, f"  told by {', '.join(map(clean, alert.ways))}"]
