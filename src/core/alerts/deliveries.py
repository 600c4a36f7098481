"""The life of one delivery: pending, begun, sent or failed; what a restart makes of it, and when it is tried again.

A command that has begun is never run a second time unless it said itself that it failed and its alert asks for that;
a webhook is sent again with the same key until it takes it or the tries are used up.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from msgspec.structs import replace

from ..model.alert import BY_SCREENS, AlertSetting, Delivery, Firing

PAUSES = (10.0, 60.0, 300.0, 900.0, 3600.0, 3600.0, 3600.0)
"""Seconds before the second and every further try."""
ONCE = ("command", "desktop")
"""Ways of which nobody can tell afterwards whether they were taken twice."""
CUT_OFF = "the feed ended while it ran: it is not run again"
OUTSIDE = "a demo tells nobody outside"
NO_LONGER = "the alert is no longer in the settings"


class Outcome(NamedTuple):
    """How one try went: `cause` empty where it was taken; `again` whether it may be tried once more.

    `pause` are seconds the other side asks for.
    """

    firing: str
    way: str
    cause: str = ""
    again: bool = True
    pause: float | None = None


def first(firing: Firing, ways: tuple[str, ...], now: datetime, *, outside: bool) -> tuple[Delivery, ...]:
    """The deliveries of a new firing; outside of the screens only where that is meant (`outside`, or a test)."""
    due = firing.held_until or now
    made: list[Delivery] = []
    for way in ways:
        refused = firing.dropped or ("" if way in BY_SCREENS or outside or firing.test else OUTSIDE)
        one = Delivery(firing=firing.id, way=way, changed_at=now, next_try=due)
        made.append(replace(one, state="dropped", next_try=None, cause=refused) if refused else one)
    return tuple(made)


def is_due(delivery: Delivery, now: datetime) -> bool:
    """Whether it is to be tried now."""
    return delivery.state == "pending" and (delivery.next_try is None or delivery.next_try <= now)


def begun(delivery: Delivery, now: datetime) -> Delivery:
    """On its way: written down before anything is done."""
    return replace(delivery, state="begun", changed_at=now, tries=delivery.tries + 1, next_try=None)


def sent(delivery: Delivery, now: datetime) -> Delivery:
    """Taken."""
    return replace(delivery, state="sent", changed_at=now, next_try=None, cause="")


def after(delivery: Delivery, outcome: Outcome, now: datetime, pace: float = 1.0) -> Delivery:
    """What a try made of it; `pace` is how fast the market's clock runs, for pauses are of the wall's."""
    if not outcome.cause:
        return sent(delivery, now)
    tried = max(1, delivery.tries)
    if not outcome.again or tried > len(PAUSES):
        return replace(delivery, state="failed", changed_at=now, next_try=None, cause=outcome.cause)
    pause = max(PAUSES[tried - 1], outcome.pause or 0.0)
    due = now + timedelta(seconds=pause * (pace or 1.0))
    return replace(delivery, state="pending", changed_at=now, next_try=due, cause=outcome.cause)


def resumed(delivery: Delivery, setting: AlertSetting | None, now: datetime) -> Delivery:
    """What a feed that begins makes of a delivery that the one before left open."""
    if setting is None or delivery.way not in setting.how:
        return replace(delivery, state="dropped", changed_at=now, next_try=None, cause=NO_LONGER)
    if delivery.state != "begun":
        return delivery
    if delivery.way in ONCE:
        return replace(delivery, state="failed", changed_at=now, cause=CUT_OFF)
    return replace(delivery, state="pending", changed_at=now, next_try=now)
