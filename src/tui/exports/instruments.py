"""Tables of the panes with a row an instrument: board, quotes, weekly ranges, record distance."""

from collections.abc import Callable, Sequence
from functools import partial

from msgspec import Struct

from ...core.model.reading import Quote, RecordMark, Week
from ...core.model.snapshot import Row, Snapshot
from ..choices import WEEK_WORDS
from ..look import Look, is_old
from ..panes.record import in_force, other
from ..panes.weekly import is_fragment, week_change
from .table import Column, Table, Value


class Seen(Struct, frozen=True):
    """A row with what is shown of it: no change of an old quote, no week that is a fragment."""

    row: Row
    snapshot: Snapshot
    look: Look

    @property
    def quote(self) -> Quote | None:
        """The quote that is shown."""
        return self.row.official or self.row.quote

    @property
    def moved(self) -> Quote | None:
        """The quote where its change is shown."""
        return None if self.row.official is None and is_old(self.row, self.snapshot) else self.quote

    @property
    def week(self) -> Week | None:
        """The week that is shown."""
        week = self.row.week
        return None if week is None or is_fragment(week, self.snapshot) else week

    @property
    def mark(self) -> RecordMark | None:
        """The record distances are measured from."""
        return in_force(self.row.record, self.look.choices.record_basis) if self.row.record else None

    @property
    def other(self) -> RecordMark | None:
        """The record on the other basis."""
        return other(self.row.record, self.look.choices.record_basis) if self.row.record else None

    @property
    def week_percent(self) -> float | None:
        """The week's change by the definition in force; a yield has none in percent."""
        if self.week is None or self.row.kind == "yield":
            return None
        return week_change(self.week, self.look.choices.week_basis)

    @property
    def week_points(self) -> float | None:
        """The week's change of a yield."""
        return self.week.change_points if self.week is not None and self.look.choices.week_basis == "w/w" else None

    @property
    def age(self) -> float | None:
        """Seconds from the quote's own time to the moment of the export; None where it cannot be told."""
        time = self.quote.time if self.quote is not None else None
        if time is None or self.row.freshness == "ahead":
            return None
        return max(0.0, (self.look.now - time).total_seconds())

    @property
    def patterns(self) -> str | None:
        """What kind of week it is."""
        return " ".join(self.week.patterns) if self.week is not None else None


class Field(Struct, frozen=True):
    """A column and where its values are, as attributes of what is seen."""

    column: Column
    path: str

    def of(self, seen: Seen) -> Value:
        """The value, None where something on the way is missing."""
        value: object = seen
        for name in self.path.split("."):
            value = getattr(value, name, None)
        return value  # type: ignore[return-value]


def _field(name: str, path: str, unit: str = "", means: str = "") -> Field:
    return Field(Column(name, unit, means), path)


PRICE = "points, yields %"
_WHO = (_field("symbol", "row.symbol"), _field("short", "row.short"), _field("name", "row.name"))
_LAST = (_field("last", "quote.last", PRICE, "last price"),)
_MOVED = (
    _field("change_percent", "moved.change_percent", "%", "from the previous final close; none for yields"),
    _field("change_points", "moved.change_points", "bp", "from the previous final close; yields alone"),
)
_AGE = (
    _field("session", "quote.session", "date", "of the quote"),
    _field("time", "quote.time", "time", "the quote's own"),
    _field("state", "quote.state", "", "live, provisional or final"),
    _field("freshness", "row.freshness"),
    _field("age_seconds", "age", "s", "from the quote's own time to the export"),
    _field("source", "quote.source", "", "who published it; empty: the main source"),
    _field("held", "row.held", "", "a newer price not believed yet"),
)
_QUOTES = (
    *_WHO, _field("group", "row.group"), _field("currency", "row.currency"), *_LAST,
    _field("change", "moved.change", PRICE, "from the previous final close"), *_MOVED,
    *(_field(name, f"quote.{name}", PRICE, "of the session") for name in ("open", "high", "low")),
    _field("previous_close", "quote.previous_close", PRICE, "previous final close"), *_AGE,
)  # fmt: skip
_EXTREMES = (
    _field("week_high", "week.high", PRICE), _field("week_high_date", "week.high_date", "date"),
    _field("week_low", "week.low", PRICE), _field("week_low_date", "week.low_date", "date"),
    _field("week_position_percent", "week.position_percent", "%", "0 at the week's low, 100 at its high"),
)  # fmt: skip


def _week_fields(look: Look) -> tuple[Field, ...]:
    means = WEEK_WORDS[look.choices.week_basis]
    return (
        _field("week_change_percent", "week_percent", "%", f"{means}; none for yields"),
        _field("week_change_points", "week_points", "bp", "close to close; yields alone"),
    )


def _weekly(look: Look) -> tuple[Field, ...]:
    return (
        *_WHO, _field("monday", "week.monday", "date", "the week's"), _field("sessions", "week.sessions", "sessions"),
        _field("expected", "week.expected", "sessions"), _field("final", "week.final", "", "all of them are"),
        _field("week_open", "week.open", PRICE), *_EXTREMES, _field("week_close", "week.close", PRICE, "or last"),
        _field("previous_close", "week.previous_close", PRICE, "last close of the week before"), *_week_fields(look),
        _field("range", "week.range", PRICE), _field("range_percent", "week.range_percent", "%", "of previous_close"),
        _field("range_times_average", "week.range_times_average", "times", "the mean of ten weeks before"),
        _field("range_percentile", "week.range_percentile", "0-100", "among 260 weeks before"),
        _field("gap_percent", "week.gap_percent", "%", "open from previous_close"),
        _field("path_percent", "week.path_percent", "%", "way of the closes"),
        _field("efficiency_percent", "week.efficiency_percent", "%", "net way of all the way"),
        _field("patterns", "patterns"),
        _field("previous_change_percent", "week.previous.change_percent", "%", "of the week before"), *_AGE,
    )  # fmt: skip


def _mark(start: str, path: str, basis: str) -> tuple[Field, ...]:
    return (
        _field(f"{start}price", f"{path}.price", PRICE, f"{basis} record"),
        _field(f"{start}date", f"{path}.date", "date"),
        _field(f"{start}distance_percent", f"{path}.distance_percent", "%", f"from the {basis} record; never above 0"),
        _field(f"{start}to_recover_percent", f"{path}.to_recover_percent", "%", "rise that brings it back"),
        _field(f"{start}sessions_since", f"{path}.sessions_since", "sessions"),
    )


def _bases(look: Look) -> tuple[str, str]:
    return ("closing", "intraday") if look.choices.record_basis == "close" else ("intraday", "closing")


def _record(look: Look) -> tuple[Field, ...]:
    basis, beside = _bases(look)
    return (
        *_WHO, _field("phase", "row.record.phase", "", "on closes"), *_mark("record_", "mark", basis),
        *_mark("other_", "other", beside),
        _field("deepest_percent", "row.record.deepest_percent", "%", "deepest close since the record close"),
        _field("deepest_date", "row.record.deepest_date", "date"), _field("atr14", "row.atr14", PRICE, "daily ATR(14)"),
        _field("depth_percentile", "row.record.depth_percentile", "0-100"),
        _field("since", "row.record.since", "date", "history, of futures since the last roll"), *_LAST, *_AGE,
    )  # fmt: skip


def _board(look: Look) -> tuple[Field, ...]:
    record = _mark("record_", "mark", _bases(look)[0])
    return (*_WHO, *_LAST, *_MOVED, *_EXTREMES, *_week_fields(look), *record, *_AGE)


def _quotes(_: Look) -> tuple[Field, ...]:
    return _QUOTES


def _table(
    pane: str,
    title: str,
    fields_of: Callable[[Look], tuple[Field, ...]],
    snapshot: Snapshot,
    look: Look,
    keys: Sequence[str],
) -> Table:
    fields, by_symbol = fields_of(look), {row.symbol: row for row in snapshot.instruments}
    seen = [Seen(by_symbol[key], snapshot, look) for key in keys if key in by_symbol]
    rows = tuple(tuple(field.of(one) for field in fields) for one in seen)
    return Table(pane, title, tuple(field.column for field in fields), rows)


MAKERS = {
    "board": partial(_table, "board", "board", _board),
    "quotes": partial(_table, "quotes", "quotes", _quotes),
    "weekly": partial(_table, "weekly", "weekly ranges", _weekly),
    "record": partial(_table, "record", "distance from the record", _record),
}
