"""The sessions of every exchange as exchange_calendars tells them, written down: read without it and without pandas.

The library takes longer to import and to ask than a whole snapshot does. What it said is used only where the
installed version is the one that said it; any other is asked itself. `core/timetable_writing.py` writes the file
beside this one.
"""

import bisect
import importlib.util
import zlib
from array import array
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from .model.instrument import ZONES

FILE = Path(__file__).with_name("timetable.bin")
LAST = date(2035, 12, 31)
"""The last day that is written down."""
LIBRARY = "exchange_calendars"


class Listed(NamedTuple):
    """A session as the library has it: its day, its bells as aware UTC times, whether it closes early."""

    day: date
    opens: datetime
    closes: datetime
    half: bool


class Written(msgspec.Struct, frozen=True):
    """One exchange: `steps` are the days from each session to the next, `kinds` which `bells` each rings.

    Both are a byte a session, compressed. Bells are minutes of local time from the midnight that begins the day.
    """

    first: int
    steps: bytes
    kinds: bytes
    bells: list[tuple[int, int, bool]]


class Table(msgspec.Struct, frozen=True):
    """Everything the library's `version` said, by exchange."""

    version: str
    exchanges: dict[str, Written]


class Exchange:
    """One exchange's sessions, put together as they are asked for."""

    def __init__(self, name: str, written: Written) -> None:
        self._zone = ZoneInfo(ZONES[name])
        self._bells, self._kinds = written.bells, zlib.decompress(written.kinds)
        # a feed keeps these for good: four bytes a session, where a list of numbers takes nine times as much
        self._days = array("i", accumulate(zlib.decompress(written.steps), initial=written.first))

    def between(self, first: date, last: date) -> list[Listed]:
        """From `first` to `last`, both included."""
        return [self._listed(at) for at in self._reach(first, last)]

    def days(self, first: date, last: date) -> list[date]:
        """Their days alone."""
        return [date.fromordinal(self._days[at]) for at in self._reach(first, last)]

    def _reach(self, first: date, last: date) -> range:
        return range(
            bisect.bisect_left(self._days, first.toordinal()), bisect.bisect_right(self._days, last.toordinal())
        )

    def _listed(self, at: int) -> Listed:
        day = date.fromordinal(self._days[at])
        opens, closes, half = self._bells[self._kinds[at]]
        return Listed(day, self._rung(day, opens), self._rung(day, closes), half)

    def _rung(self, day: date, minutes: int) -> datetime:
        days, left = divmod(minutes, 24 * 60)
        local = datetime.combine(day + timedelta(days=days), time(left // 60, left % 60), self._zone)
        return local.astimezone(UTC)


def listed(name: str, first: date, last: date) -> list[Listed] | None:
    """The sessions of an exchange from `first` to `last`; None where the library has to be asked."""
    return _exchange(name).between(first, last) if _knows(name, last) else None


def days(name: str, first: date, last: date) -> list[date] | None:
    """Their days alone, many times as fast."""
    return _exchange(name).days(first, last) if _knows(name, last) else None


def _knows(name: str, last: date) -> bool:
    table = usable()
    return table is not None and name in table.exchanges and last <= LAST


@cache
def _exchange(name: str) -> Exchange:
    table = usable()
    assert table is not None
    return Exchange(name, table.exchanges[name])


@cache
def usable() -> Table | None:
    """What is written down, None where another version of the library is installed or the file cannot be read."""
    try:
        table = msgspec.msgpack.decode(FILE.read_bytes(), type=Table)
    except (OSError, msgspec.DecodeError):
        return None
    return table if installed() == table.version else None


def installed() -> str | None:
    """The library's version by the name of what its installer left beside it; None where that tells none."""
    found = importlib.util.find_spec(LIBRARY)
    if found is None or found.origin is None:
        return None
    left = [one.name for one in Path(found.origin).parents[1].glob(f"{LIBRARY}-*.dist-info")]
    return left[0].removeprefix(f"{LIBRARY}-").removesuffix(".dist-info") if len(left) == 1 else None
