"""A table before it is written: named columns with unit and definition, rows of values at full precision."""

from datetime import date, datetime

from msgspec import Struct

Value = float | str | bool | date | datetime | None


class Column(Struct, frozen=True):
    """A column: a stable name, its unit (empty for words) and what it means."""

    name: str
    unit: str = ""
    means: str = ""

    @property
    def heading(self) -> str:
        """``change_percent [%: from the previous final close]``."""
        inside = ": ".join(part for part in (self.unit, self.means) if part)
        return f"{self.name} [{inside}]" if inside else self.name


class Table(Struct, frozen=True):
    """The rows of a pane, each as long as there are columns."""

    pane: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
