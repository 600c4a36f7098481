"""When alerts fire: a pure step from what they remember and a snapshot to what they remember next, and what fired.

The same snapshots give the same firings with the same ids, however often one of them is judged and wherever a
restart falls between two of them.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from msgspec.structs import replace

from ..model.alert import AlertSetting, Firing, Memory, Subject
from ..model.harmless import harmless
from ..model.snapshot import Snapshot
from .conditions import Reading, is_gone, readings
from .times import Quiet, duration

LOADING = timedelta(minutes=30)
"""How long an alert on flags may wait until every history is there before what it finds counts as new."""
NEVER = timedelta()


class Judged(NamedTuple):
    """What every alert remembers now, and what fired, in the order of the settings."""

    memories: dict[str, Memory]
    firings: tuple[Firing, ...]


def evaluate(
    settings: Iterable[AlertSetting], memories: Mapping[str, Memory], snapshot: Snapshot, now: datetime
) -> Judged:
    """Judge every alert on one snapshot at a moment of the market's clock."""
    kept: dict[str, Memory] = {}
    fired: list[Firing] = []
    for setting in settings:
        kept[setting.name], new = _judge(setting, remembered(setting, memories, now), snapshot, now)
        fired += new
    return Judged(kept, tuple(fired))


def remembered(setting: AlertSetting, memories: Mapping[str, Memory], now: datetime) -> Memory:
    """What an alert remembers; one whose condition was changed begins anew, and stays muted."""
    known = memories.get(setting.name)
    if known is not None and known.condition == setting.condition:
        return known
    begun = Memory(condition=setting.condition, since=now.astimezone(UTC))
    return begun if known is None else replace(begun, muted_until=known.muted_until)


def _judge(
    setting: AlertSetting, memory: Memory, snapshot: Snapshot, now: datetime
) -> tuple[Memory, tuple[Firing, ...]]:
    found = readings(setting, snapshot)
    subjects = _without_gone(setting, memory, snapshot)
    fired: list[Firing] = []
    for reading in found:
        if reading.on is None:
            continue
        before = subjects.get(reading.subject) or _unseen(setting, memory, reading)
        after = _step(setting, before, reading, now)
        subjects[reading.subject] = after
        if after.fired > before.fired:
            fired.append(_firing(setting, memory, reading, before, now))
    unknown = bool(found) and all(one.on is None for one in found)
    unknown = unknown or (not found and setting.on != "flag")
    made = replace(memory, subjects=subjects, unknown=unknown, settled=_is_settled(memory, snapshot, now))
    return made, tuple(fired)


def _without_gone(setting: AlertSetting, memory: Memory, snapshot: Snapshot) -> dict[str, Subject]:
    return {
        name: replace(one, on=False) if one.on and is_gone(setting, name, snapshot) else one
        for name, one in memory.subjects.items()
    }


def _unseen(setting: AlertSetting, memory: Memory, reading: Reading) -> Subject:
    """What stands for the past of a subject seen for the first time: what is true already is no news.

    Flags come and go: one that appears once all histories were there has been off.
    """
    fresh = setting.on == "flag" and memory.settled
    if fresh or setting.at_first or not reading.on:
        return Subject()
    return Subject(on=True, token=reading.token)


def _is_settled(memory: Memory, snapshot: Snapshot, now: datetime) -> bool:
    loaded, wanted = snapshot.health.history_loaded
    return memory.settled or loaded >= wanted or now - memory.since > LOADING


def _step(setting: AlertSetting, before: Subject, reading: Reading, now: datetime) -> Subject:
    if not reading.on:
        return replace(before, on=False)
    after = replace(before, on=True, token=reading.token)
    if not (_crossed(before, reading) or _repeats(setting, before)) or _cools(setting, before, now):
        return after
    return replace(after, fired_at=now.astimezone(UTC), fired=before.fired + 1)


def _crossed(before: Subject, reading: Reading) -> bool:
    another = reading.token != before.token
    return another if reading.once else another or not before.on


def _repeats(setting: AlertSetting, before: Subject) -> bool:
    return not setting.latch and before.on and before.fired_at is not None


def _cools(setting: AlertSetting, before: Subject, now: datetime) -> bool:
    return before.fired_at is not None and now - before.fired_at < cool_down(setting)


def cool_down(setting: AlertSetting) -> timedelta:
    """How long a subject is silent after it fired."""
    return duration(setting.cool_down) or NEVER


def quiet_until(setting: AlertSetting, now: datetime) -> datetime | None:
    """When the alert's quiet hours end, where it is in them."""
    quiet = Quiet.of(setting.quiet, setting.zone) if setting.quiet else None
    return quiet.until(now) if quiet else None


def is_muted(memory: Memory, now: datetime) -> bool:
    """Whether the user wants to hear nothing of it now."""
    return memory.muted_until is not None and now < memory.muted_until


def _firing(setting: AlertSetting, memory: Memory, reading: Reading, before: Subject, now: datetime) -> Firing:
    held = quiet_until(setting, now)
    dropped = "muted" if is_muted(memory, now) else ""
    if held is not None and setting.after_quiet == "drop":
        dropped = dropped or "quiet hours"
    named = (setting.name, setting.condition, memory.since.isoformat(), reading.subject, str(before.fired))
    return Firing(
        id=hashlib.sha256("\0".join((*named, reading.token)).encode()).hexdigest()[:20],
        alert=harmless(setting.name),
        on=setting.on,
        time=now.astimezone(UTC),
        text=harmless(reading.text),
        symbol=harmless(reading.symbol),
        held_until=None if dropped else held,
        dropped=dropped,
    )
