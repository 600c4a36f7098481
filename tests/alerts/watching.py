"""A board that an alert is judged on, moment by moment."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import replace

from tapewatch.core.alerts.evaluate import evaluate
from tapewatch.core.model.alert import AlertSetting, Firing, Memory
from tapewatch.core.model.flag import Flag
from tapewatch.core.model.snapshot import Health, Snapshot
from tests import builders
from tests.builders import FRIDAY, at

NOON = at(FRIDAY, 12)
MINUTE = timedelta(minutes=1)
LOADED = Health(source="yahoo", history_loaded=(10, 10))


def board(last: float, *, symbol: str = "^RUT", freshness: str = "live", flags: Iterable[Flag] = ()) -> Snapshot:
    """The live board with one price and these flags; every other row is Friday's close."""
    now = builders.overview()
    row = builders.row(symbol, last=last, live=True)
    rows = tuple(replace(row, freshness=freshness) if one.symbol == symbol else one for one in now.instruments)
    return replace(now, instruments=rows, flags=tuple(flags), health=LOADED)


class Watch:
    """One or more alerts over time; `restarts` puts what they remember through the store's form at every step."""

    def __init__(self, *settings: AlertSetting, restarts: bool = False) -> None:
        self.settings, self.restarts = settings, restarts
        self.memories: Mapping[str, Memory] = {}
        self.fired: list[Firing] = []

    def see(self, snapshot: Snapshot, now: datetime) -> tuple[Firing, ...]:
        """Judge one snapshot; what fired."""
        if self.restarts:
            stored = msgspec.json.encode(self.memories)
            self.memories = msgspec.json.decode(stored, type=dict[str, Memory])
        judged = evaluate(self.settings, self.memories, snapshot, now)
        self.memories = judged.memories
        self.fired += judged.firings
        return judged.firings

    def prices(self, *prices: float, begin: datetime = NOON, every: timedelta = MINUTE) -> list[int]:
        """Which of these prices, one after another, made it fire."""
        return [number for number, last in enumerate(prices) if self.see(board(last), begin + number * every)]
