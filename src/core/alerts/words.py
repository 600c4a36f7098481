"""What an alert waits for and how it stands, in words and as plain data."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from msgspec.structs import replace

from ..model.alert import AlertReading, AlertSetting, Delivery, Firing, Memory, Told
from ..model.harmless import harmless
from .evaluate import cool_down, is_muted, quiet_until

ALWAYS = 366.0 * 86400.0
"""Seconds: a mute without an end ends after a year."""


def condition(setting: AlertSetting, shorts: Mapping[str, str]) -> str:
    """``RUT at or above 2,460``, ``a record of RUT``; `shorts` are the board's names of symbols."""
    name = shorts.get(setting.symbol, setting.symbol)
    on_close = " on a final close" if setting.basis == "close" else ""
    made = {
        "flag": lambda: _flag(setting, name),
        "level": lambda: f"{name} {_LEFT[setting.side or 'touch']} {_level(setting)}",
        "record": lambda: f"a record {'close' if setting.basis == 'close' else 'high'} of {name}",
        "week-break": lambda: f"{name} {_BEYOND[setting.side or 'either']}{on_close}",
        "price": lambda: f"{name} {_beyond(setting)}{on_close}",
        "stale": lambda: f"prices of {name} go old" if name else "a quarter of all prices go old",
    }[setting.on]()
    return harmless(made)


_LEFT = {"touch": "reaches", "above": "above", "below": "under", "either": "leaves"}
_BEYOND = {
    "either": "out of last week's range",
    "above": "above last week's high",
    "below": "under last week's low",
}


def _flag(setting: AlertSetting, name: str) -> str:
    what = setting.rule.replace("-", " ") or "any flag"
    rarer = "" if setting.severity == "rare" else " or rarer"
    rank = f", {setting.severity}{rarer}" if setting.severity != "info" else ""
    return f"{what}{f' of {name}' if name else ''} {setting.state}{rank}"


def _level(setting: AlertSetting) -> str:
    return "a level of yours" if setting.level == "user level" else f"its {setting.level}"


def _beyond(setting: AlertSetting) -> str:
    above = "" if setting.above is None else f"at or above {setting.above:,.10g}"
    below = "" if setting.below is None else f"at or below {setting.below:,.10g}"
    return " or ".join(part for part in (above, below) if part)


def reading(
    setting: AlertSetting,
    memory: Memory,
    firings: Sequence[Firing],
    deliveries: Mapping[tuple[str, str], Delivery],
    shorts: Mapping[str, str],
    now: datetime,
) -> AlertReading:
    """One alert as it stands at a moment; `firings` are all that are known, oldest first."""
    own = [one for one in firings if one.alert == setting.name]
    real = next((one for one in reversed(own) if not one.test), None)
    state, until = standing(setting, memory, now)
    made = AlertReading(
        name=setting.name, condition=condition(setting, shorts), state=state, until=until, ways=setting.how,
    )  # fmt: skip
    if real is not None:
        made = replace(made, last_fired=real.time, last_text=real.text)
    if own:
        told = tuple(_told(one) for (firing, _), one in deliveries.items() if firing == own[-1].id)
        made = replace(made, told=told, tested=own[-1].test)
    return made


def _told(one: Delivery) -> Told:
    return Told(
        way=one.way, state=one.state, at=one.changed_at, tries=one.tries, next_try=one.next_try, cause=one.cause
    )


def standing(setting: AlertSetting, memory: Memory, now: datetime) -> tuple[str, datetime | None]:
    """muted, unknown, quiet, cooling, latched or armed, and until when; the first of them that applies."""
    if is_muted(memory, now):
        return "muted", memory.muted_until
    if memory.unknown:
        return "unknown", None
    quiet = quiet_until(setting, now)
    if quiet is not None:
        return "quiet", quiet
    cools = [one.fired_at + cool_down(setting) for one in memory.subjects.values() if one.fired_at is not None]
    if cools and max(cools) > now:
        return "cooling", max(cools)
    latched = setting.latch and any(one.on for one in memory.subjects.values())
    return ("latched", None) if latched else ("armed", None)


def failed(alerts: Iterable[AlertReading]) -> tuple[str, ...]:
    """Names of alerts whose last firing has not reached everybody it should have."""
    return tuple(one.name for one in alerts if any(missed(told) for told in one.told))


def missed(told: Told) -> bool:
    """Whether this way has not reached anybody yet, and not because it was not to."""
    return told.state == "failed" or (told.state == "pending" and bool(told.cause))
