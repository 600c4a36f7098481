"""The sessions of the exchanges written down anew: `python -m tapewatch.core.timetable_writing`.

Due when another version of exchange_calendars is pinned.
"""

import zlib
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import msgspec

from .model.instrument import ZONES
from .sessions import asked, earliest
from .timetable import FILE, LAST, Listed, Table, Written, installed

_MINUTE = timedelta(minutes=1)


def written(name: str, sessions: Iterable[Listed]) -> Written:
    """Sessions in their short form, oldest first."""
    zone, kinds = ZoneInfo(ZONES[name]), dict[tuple[int, int, bool], int]()
    rows = list(sessions)
    rung = [(_minutes(one.day, one.opens, zone), _minutes(one.day, one.closes, zone), one.half) for one in rows]
    found = bytes(kinds.setdefault(bells, len(kinds)) for bells in rung)
    steps = bytes((after.day - before.day).days for before, after in pairwise(rows))
    return Written(rows[0].day.toordinal(), zlib.compress(steps, 9), zlib.compress(found, 9), list(kinds))


def _minutes(day: date, moment: datetime, zone: ZoneInfo) -> int:
    local = moment.astimezone(zone).replace(tzinfo=None)
    minutes, left = divmod(local - datetime.combine(day, time()), _MINUTE)
    if left:
        raise ValueError(f"{moment} is no whole minute")
    return minutes


def main() -> None:
    """Ask the library for everything and write it down."""
    exchanges = {name: written(name, asked(name, earliest(name), LAST)) for name in sorted(ZONES)}
    table = Table(version=installed() or "unknown", exchanges=exchanges)
    FILE.write_bytes(msgspec.msgpack.encode(table))


if __name__ == "__main__":
    main()
