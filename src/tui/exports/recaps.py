"""Tables of the week in words: its sentences, the indices, the sessions, the records, what would change it."""

from collections.abc import Callable, Sequence
from functools import partial

import msgspec

from ...core.model.recap import IndexLine, Recap, RecordLine, SessionLine, Turn
from ...core.model.snapshot import Snapshot
from ..look import Look
from ..panes.recap_index import shown
from .table import Column, Table, Value

UNITS = {
    "change_percent": "%: previous week's last close to this week's last", "open_to_close_percent": "%",
    "first_close_to_close_percent": "%", "change_points": "bp: yields alone", "position_percent": "%: 0 low, 100 high",
    "intraday_percent": "%: from the intraday record", "close_percent": "%: from the record close",
    "gap_percent": "%: the record close from the intraday", "distance_percent": "%: from the last close",
    "distance_atr": "ATR(14): from the last close", "range_atr": "ATR(14)", "day": "date",
}  # fmt: skip
"""Units of the fields of a recap; the others are prices, counts and words."""


def _columns(kind: type[msgspec.Struct], own: dict[str, str]) -> tuple[Column, ...]:
    units = UNITS | own
    return tuple(Column(name, *units.get(name, "").split(": ", 1)) for name in kind.__struct_fields__)


def _fields(one: msgspec.Struct) -> tuple[Value, ...]:
    return tuple(getattr(one, name) for name in one.__struct_fields__)


def _sentences(recap: Recap) -> tuple[tuple[Value, ...], ...]:
    return tuple(
        (part.key, part.heading.text, number, sentence.text)
        for part in recap.parts
        for number, sentence in enumerate(part.sentences, 1)
    )


def _lines(of: Callable[[Recap], Sequence[msgspec.Struct]], recap: Recap) -> tuple[tuple[Value, ...], ...]:
    return tuple(_fields(one) for one in of(recap))


_SENTENCE = (Column("part"), Column("heading"), Column("number"), Column("sentence"))
_BY_DAY = {"change_percent": "%: from the close before"}


def _made(
    pane: str,
    title: str,
    columns: tuple[Column, ...],
    rows: Callable[[Recap], tuple[tuple[Value, ...], ...]],
    snapshot: Snapshot,
    _look: Look,
    _keys: Sequence[str],
) -> Table:
    recap = snapshot.recap
    named = f"{recap.name}: {recap.title}, {title}" if recap is not None else title
    return Table(pane, named, columns, rows(recap) if recap is not None else ())


MAKERS = {
    "recap": partial(_made, "recap", "in words", _SENTENCE, _sentences),
    "recap_index": partial(_made, "recap_index", "by index", _columns(IndexLine, {}), partial(_lines, shown)),
    "recap_sessions": partial(
        _made,
        "recap_sessions",
        "by session",
        _columns(SessionLine, _BY_DAY),
        partial(_lines, lambda one: one.by_session),
    ),
    "recap_records": partial(
        _made, "recap_records", "from the record", _columns(RecordLine, {}), partial(_lines, lambda one: one.records)
    ),
    "recap_turns": partial(
        _made, "recap_turns", "what would change it", _columns(Turn, {}), partial(_lines, lambda one: one.turns)
    ),
}
