"""Files of closes, as far as they are out at the market's time."""

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from tapewatch.core.bars import Bar, Bars

from ..fake_yahoo import FakeYahoo
from ..fake_yahoo.troubles import Reply, Trouble

CBOE, FRED = "cdn.cboe.com", "fred.stlouisfed.org"
NEW_YORK = ZoneInfo("America/New_York")

CBOE_FILES = {"SPX": "^GSPC", "RUT": "^RUT", "NDX": "^NDX", "VIX": "^VIX", "DJX": "^DJI"}
FRED_SERIES = {"SP500": "^GSPC", "DJIA": "^DJI", "NASDAQCOM": "^IXIC", "VIXCLS": "^VIX", "DGS10": "^TNX"}


@dataclass
class FakeCloses:
    """Closes of real bars, out `evening` after the session's close (Cboe) or the next `morning` (FRED).

    `changed` are closes that are published other than they were: by the publisher's own name and day.
    """

    history: Mapping[str, Bars]
    yahoo: FakeYahoo
    evening: timedelta = timedelta(hours=2)
    morning: time = time(8, 20)
    changed: dict[tuple[str, date], float] = field(default_factory=dict[tuple[str, date], float])
    requests: list[tuple[datetime, str, str]] = field(default_factory=list[tuple[datetime, str, str]])

    def __post_init__(self) -> None:
        self._troubles: list[tuple[Trouble, str | None]] = []
        self._guard = threading.Lock()
        self.yahoo.beside |= {CBOE: self._answer, FRED: self._answer}

    def trouble(self, trouble: Trouble, name: str | None = None) -> None:
        """Spoil the answers of one file, or of all."""
        self._troubles.append((trouble, name))

    def heal(self) -> None:
        """No trouble any more."""
        self._troubles.clear()

    def asked(self, host: str | None = None) -> list[str]:
        """Names of the files that were asked for, in order."""
        return [name for _, where, name in self.requests if host in (None, where)]

    def _answer(self, host: str, target: str) -> Reply:
        with self._guard:
            parts = urlsplit(target)
            query = {key: values[0] for key, values in parse_qs(parts.query).items()}
            name = query.get("id") or parts.path.rsplit("/", 1)[-1].removesuffix("_History.csv")
            self.requests.append((self.yahoo.now, host, name))
            reply = self._file(host, parts.path, name, query.get("cosd", "1776-07-04"))
            for trouble, of in self._troubles:
                reply = trouble(reply) if of in (None, name) else reply
            return reply

    def _file(self, host: str, path: str, name: str, since: str) -> Reply:
        if host == CBOE and path == f"/api/global/us_indices/daily_prices/{name}_History.csv" and name in CBOE_FILES:
            return _text(self._cboe(name))
        if host == FRED and path == "/graph/fredgraph.csv" and name in FRED_SERIES:
            return _text(self._fred(name, date.fromisoformat(since)))
        return Reply(404, b"<html>Not Found</html>")

    def _cboe(self, name: str) -> Iterator[str]:
        """Six decimals, American dates; open, high and low of the VIX alone."""
        yield "DATE,OPEN,HIGH,LOW,CLOSE" if name == "VIX" else f"DATE,{name}"
        scale = 0.01 if name == "DJX" else 1.0
        for bar in self._out(CBOE_FILES[name], lambda day: datetime.combine(day, time(16), NEW_YORK) + self.evening):
            close = self.changed.get((name, bar.day), bar.close * scale)
            others = f"{bar.open:.6f},{bar.high:.6f},{bar.low:.6f}," if name == "VIX" else ""
            yield f"{bar.day:%m/%d/%Y},{others}{close:.6f}"

    def _fred(self, name: str, since: date) -> Iterator[str]:
        """Two decimals, every weekday, a holiday without a number; the rates of the Treasury to the hundredth."""
        yield f"observation_date,{name}"
        out = {
            bar.day: bar.close
            for bar in self._out(
                FRED_SERIES[name], lambda day: datetime.combine(day + timedelta(days=1), self.morning, NEW_YORK)
            )
        }
        day = max(since, min(out, default=since))
        while out and day <= max(out):
            close = self.changed.get((name, day), out.get(day))
            if day.weekday() < 5:
                yield f"{day.isoformat()},{'' if close is None else f'{close:.2f}'}"
            day += timedelta(days=1)

    def _out(self, symbol: str, at: Callable[[date], datetime]) -> Iterator[Bar]:
        bars = self.history[symbol]
        known = (bars.bar(index) for index in range(max(0, len(bars) - 2600), len(bars)))
        return (bar for bar in known if at(bar.day) <= self.yahoo.now)


def _text(lines: Iterator[str]) -> Reply:
    return Reply(200, ("\n".join(lines) + "\n").encode(), {"Content-Type": "text/csv"})
