"""What a pane is told besides the snapshot, and which rows it shows."""

from collections.abc import Mapping
from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import replace

from ..core.model.chart import Chart
from ..core.model.instrument import ZONES
from ..core.model.reading import Quote
from ..core.model.snapshot import Row, Snapshot
from .choices import FLAGGED, Choices
from .format import in_zone
from .widgets.meter import SEVERITIES

ON = ("forming", "provisional", "confirmed")
"""States of a flag that counts."""
OLD = ("stale", "frozen", "ahead")
"""Freshness of a quote that must not be read as the market's."""
AGED = ("late", *OLD)
"""Words of a price that is not of now, while its exchange trades."""


class ChartStand(Struct, frozen=True):
    """The chart the feed has answered with, None before the first, and why there is no newer one."""

    chart: Chart | None = None
    said: str = ""


class Decimals(Struct, frozen=True):
    """Decimals prices are shown with: an instrument's own, else those of all; None where the price's size decides."""

    everywhere: int | None = None
    own: Mapping[str, int] = {}

    def of(self, row: Row) -> int | None:
        """Those of one instrument."""
        return self.own.get(row.symbol, self.everywhere)


class Look(Struct, frozen=True):
    """The market's time, the zone shown, the choices in force, how to draw.

    `orders` are the row orders in force by pane, as symbols: a sorted pane keeps its order between
    settlings. `hidden` are the labels of columns the user never wants; `first` the keys of those wanted first, by pane.
    """

    now: datetime
    zone: str = "America/New_York"
    choices: Choices = Choices()
    ascii: bool = False
    hidden: tuple[str, ...] = ()
    first: Mapping[str, tuple[str, ...]] = {}
    decimals: Decimals = Decimals()
    orders: Mapping[str, tuple[str, ...]] = {}
    chart: ChartStand = ChartStand()


def exchange_zone(snapshot: Snapshot) -> str:
    """The zone of the first instrument's exchange."""
    for row in snapshot.instruments:
        return ZONES.get(row.calendar, "UTC")
    return "UTC"


def shown_quote(row: Row) -> Quote | None:
    """What is shown of a row: the official close of another source where it is newer, labelled wherever it stands."""
    return row.official or row.quote


def has_bars(row: Row) -> bool:
    """Whether there is a price to show."""
    return row.quote is not None and row.quote.last is not None


def has_prices(snapshot: Snapshot) -> bool:
    """Whether any instrument has one."""
    return any(has_bars(row) for row in snapshot.instruments)


def of_session(row: Row, session: date | None) -> bool:
    """Whether the quote belongs to the session the screen names (or a newer one of another exchange)."""
    if row.quote is None or row.quote.session is None or session is None:
        return True
    return row.quote.session >= session


def is_old(row: Row, snapshot: Snapshot) -> bool:
    """Whether the row keeps its price and loses its change."""
    return row.freshness in OLD or not of_session(row, snapshot.session)


def are_spans_old(row: Row) -> bool:
    """Whether the newest close itself is old, and not only a price after it."""
    return row.freshness in OLD and not is_live(row)


def today(look: Look) -> date:
    """The day it is in the zone shown."""
    return in_zone(look.now, look.zone).date()


def is_outdated(snapshot: Snapshot) -> bool:
    """Whether the first exchange has closed a later session than the newest one shown."""
    calendar = next((row.calendar for row in snapshot.instruments), "")
    market = snapshot.markets.get(calendar)
    if market is None or market.session is None or snapshot.session is None:
        return False
    return market.state in ("closed", "holiday", "unknown") and snapshot.session < market.session


def history_wanting(snapshot: Snapshot) -> str:
    """Why figures of the whole history may be missing: ``history is loading``; empty once all of it is here."""
    loaded, wanted = snapshot.health.history_loaded
    if loaded >= wanted:
        return ""
    return "history is loading" if is_loading(snapshot) else "history is not loaded yet"


def is_loading(snapshot: Snapshot) -> bool:
    """Whether histories are still coming in."""
    health = snapshot.health
    loaded, wanted = health.history_loaded
    return loaded < wanted and not (health.error and len(health.silent) >= wanted)


def is_live(row: Row) -> bool:
    """Whether the last price may still move: drawn hollow."""
    return row.quote is not None and row.quote.state != "final"


def state_of(row: Row) -> str:
    """What a running price may be called: live (delayed too), or why it is not; provisional after the bell."""
    if row.freshness in AGED:
        return row.freshness
    return row.quote.state if row.quote is not None else ""


def is_moving(row: Row) -> bool:
    """Whether the last price is of now, as far as its delay allows."""
    return is_live(row) and state_of(row) == "live"


def worst_flags(snapshot: Snapshot) -> dict[str, str]:
    """The worst severity on, by watched symbol."""
    worst: dict[str, str] = {}
    for flag in snapshot.flags:
        if flag.state in ON and _rank(flag.severity) >= _rank(worst.get(flag.watched, "")):
            worst[flag.watched] = flag.severity
    return worst


def _rank(severity: str) -> int:
    return SEVERITIES.index(severity) if severity in SEVERITIES else -1


def shown_rows(snapshot: Snapshot, look: Look) -> tuple[Row, ...]:
    """The instruments left by group filter and find, in the user's order."""
    choices = look.choices
    if choices.group is None and not choices.find and not choices.groups:
        return snapshot.instruments
    flagged = worst_flags(snapshot) if choices.group == FLAGGED else {}
    return tuple(
        row
        for row in snapshot.instruments
        if (not choices.groups or row.group in choices.groups)
        and _in_group(row, choices.group, flagged)
        and matches(row, choices.find)
    )


def settled(choices: Choices, snapshot: Snapshot | None) -> Choices:
    """The choices with a row selected that is in sight: a filter may have left out the one that was.

    What a key acts on must be seen. While something is typed to be found nothing can be acted on, and Esc goes back.
    """
    if snapshot is None or choices.finding or choices.opened is not None or choices.page:
        return choices
    rows = shown_rows(snapshot, Look(now=snapshot.clock.now, choices=choices))
    if not rows or any(row.symbol == choices.selected for row in rows):
        return choices
    narrowed = bool(choices.find or choices.group or choices.groups)
    if narrowed and choices.screen != "chart":
        return replace(choices, selected=rows[0].symbol)
    return choices


def _in_group(row: Row, group: str | None, flagged: Mapping[str, str]) -> bool:
    if group is None:
        return True
    return row.symbol in flagged if group == FLAGGED else row.group == group


def matches(row: Row, words: str) -> bool:
    """Whether what was typed is part of the symbol, the short name, the name or the role."""
    wanted = words.strip().casefold()
    return not wanted or any(wanted in text.casefold() for text in (row.symbol, row.short, row.name, row.role))


def first_choice(snapshot: Snapshot) -> str | None:
    """The row selected before anybody chose one: the first with a flag, else the first."""
    flagged = worst_flags(snapshot)
    symbols = [row.symbol for row in snapshot.instruments]
    return next((symbol for symbol in symbols if symbol in flagged), symbols[0] if symbols else None)
