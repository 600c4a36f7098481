"""A chart out of a store, for one command: read and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace

from .bars import Bars
from .charting import Charts, Material
from .clock import wall
from .lagging import lagging
from .model.chart import Chart, Wish
from .model.config import Config
from .model.snapshot import Row
from .oneshot import stored_bars
from .paths import Paths
from .sessions import Calendars
from .take import History, read_row


class NothingError(Exception):
    """There is nothing to draw; the sentence says of what."""


class RefusedError(Exception):
    """What was asked for cannot be drawn of any bars; the sentence says why."""


@dataclass(frozen=True)
class Answer:
    """A chart, the row of its first instrument for head and ladder, and what is missing, a sentence each."""

    chart: Chart
    row: Row
    missing: tuple[str, ...] = ()


def chart_in(paths: Paths, config: Config, wish: Wish) -> Answer:
    """The chart of a wish from final bars: raises NothingError, RefusedError, StoreError."""
    bars = stored_bars(paths, symbols=wish.symbols)
    return chart_of(bars, config, wish, wall())


def chart_of(bars: Mapping[str, Bars], config: Config, wish: Wish, now: datetime) -> Answer:
    """The same of bars at hand, read at a moment."""
    by_symbol = {one.symbol: one for one in config.instruments}
    wanted = [by_symbol[symbol] for symbol in wish.symbols]
    histories = {one.symbol: History.of(one, bars.get(one.symbol, Bars.empty())) for one in wanted}
    calendars = Calendars()
    chart = Charts().answer(wish, Material(histories, {}, calendars, now))
    if chart.problem and not chart.names:
        raise RefusedError(chart.problem)
    if chart.problem and not chart.points:
        raise NothingError(f"{chart.problem}; run tapewatch fetch, or import bars")
    first = wanted[0]
    calendar = calendars.of(first.calendar, now.date())
    row = read_row(histories[first.symbol], None, calendar, now, own_levels=config.levels_of(first.symbol))
    late = (
        lagging(one.short, histories[one.symbol].last_day, calendars.of(one.calendar, now.date()), now)
        for one in wanted
    )
    said = (*([chart.problem] if chart.problem else []), *chart.notes, *filter(None, late))
    return Answer(replace(chart, notes=()), row, said)
