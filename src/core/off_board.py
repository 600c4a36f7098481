"""Readings of instruments that have bars and are not on the board: the panel, and hidden ones that were imported.

They are made when a screen asks for them and when their bars change, and published in a file of their own: the
snapshot that every tick replaces is no larger for them.
"""

import sqlite3
from collections.abc import Mapping
from datetime import datetime

from msgspec.structs import replace

from . import channel
from .bars import Bars
from .model.config import Config
from .model.instrument import Instrument
from .model.snapshot import Market, Row, Snapshot
from .paths import Paths
from .sessions import Calendars
from .store.bars import load_bars
from .take import History, read_row

ASKED = "off-board"
"""The kind of request that asks for them."""

Made = tuple[tuple[str, object, int], ...]
"""Symbol, last session and number of the bars a file was made of."""


class OffBoard:
    """Publishes them for as long as its feed lives, once anybody has asked."""

    def __init__(self, paths: Paths, config: Config, calendars: Calendars) -> None:
        self._paths, self._config, self._calendars = paths.off_board, config, calendars
        self._hidden: dict[str, Bars] | None = None
        self._made: Made | None = None

    def follow(self, config: Config, database: sqlite3.Connection) -> None:
        """Other settings; what was asked for goes on."""
        self._config = config
        if self._hidden is not None:
            self.ask(database)

    def ask(self, database: sqlite3.Connection) -> None:
        """Somebody wants to see them: what the store has of them is read anew."""
        self._hidden = load_bars(database, symbols={one.symbol for one in self._instruments()})
        self._made = None

    def publish(
        self,
        shown: Snapshot,
        histories: Mapping[str, History],
        origins: Mapping[str, tuple[str, datetime]],
        now: datetime,
        mode: int,
    ) -> None:
        """Replace the file if it is wanted and bars have changed. Raises OSError on a disk that refuses."""
        if self._hidden is None:
            return
        bars = [(one, held) for one in self._instruments() if len(held := self._bars(one.symbol, histories))]
        made: Made = tuple((one.symbol, held.day(-1), len(held)) for one, held in bars)
        if made == self._made:
            return
        rows = tuple(self._row(one, held, origins, now) for one, held in bars)
        beside = replace(shown, instruments=rows, markets=self._markets(shown, rows, now), flags=(), nearest=(),
                         confirmation=(), journal=(), recap=None, transport=None)  # fmt: skip
        channel.publish(self._paths, beside, mode)
        self._made = made

    def histories(self) -> dict[str, History]:
        """Those of the hidden ones, for a chart of one of them; empty until anybody has asked."""
        held = self._hidden or {}
        return {one.symbol: History.of(one, held[one.symbol]) for one in self._instruments() if one.symbol in held}

    def _instruments(self) -> tuple[Instrument, ...]:
        return beside_board(self._config)

    def _bars(self, symbol: str, histories: Mapping[str, History]) -> Bars:
        followed = histories.get(symbol)
        if followed is not None:
            return followed.bars
        return (self._hidden or {}).get(symbol, Bars.empty())

    def _row(self, one: Instrument, bars: Bars, origins: Mapping[str, tuple[str, datetime]], now: datetime) -> Row:
        """Of a history that is let go again: what is computed of it is kept by the file alone."""
        calendar = self._calendars.of(one.calendar, now.date())
        levels = self._config.levels_of(one.symbol)
        return read_row(History.of(one, bars), None, calendar, now, taken=origins.get(one.symbol), own_levels=levels)

    def _markets(self, shown: Snapshot, rows: tuple[Row, ...], now: datetime) -> dict[str, Market]:
        names = {row.calendar for row in rows} - set(shown.markets)
        return {**shown.markets, **{name: self._calendars.of(name, now.date()).market(now) for name in sorted(names)}}


def beside_board(config: Config) -> tuple[Instrument, ...]:
    """Those of the panel and the hidden ones."""
    return tuple(one for one in config.instruments if one.hidden or one.panel)
