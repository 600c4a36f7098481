"""A saved layout: what a digit shows, and the definitions in force there."""

import msgspec

from .chart import FRAMES, KINDS

SCREENS = ("overview", "quotes", "weekly", "record", "flags", "chart", "world", "recap", "confirmation")
"""The screens that ship, in the order of their digits."""
PANES = (
    "quotes", "weekly", "record", "board", "flags", "journal", "confirmation", "world", "chart",
    "recap", "recap_index", "recap_sessions", "recap_records", "recap_turns",
)  # fmt: skip
"""The panes that a view may be made of."""
ARRANGED = ("auto", "rows", "columns")
WEEK_BASES = ("w/w", "O>C", "1stC>C")
RECORD_BASES = ("intraday", "close")
LONGEST_NAME = 20
"""Characters: a name stands in the footer beside eight others."""
MOST_PANES = 6


class ViewSetting(msgspec.Struct, frozen=True, kw_only=True):
    """What is shown under a digit from 1 to 9: one of the screens that ship, or panes of one's own.

    `arrange` puts the panes under each other, in two columns, or as the window has room. `groups` are the groups of
    instruments shown, none for all. What is empty is as the settings have it. `symbol`, `against`, `frame` and
    `chart` are of the chart; `focus` is the pane the keys begin in, alone where it is `zoomed`.
    """

    digit: int
    name: str
    screen: str = ""
    panes: tuple[str, ...] = ()
    arrange: str = "auto"
    groups: tuple[str, ...] = ()
    sort: str = ""
    reverse: bool = False
    week_basis: str = ""
    record_basis: str = ""
    hidden_columns: tuple[str, ...] = ()
    symbol: str = ""
    against: str = ""
    frame: str = ""
    chart: str = ""
    focus: str = ""
    zoomed: bool = False


CHART_FRAMES, CHART_KINDS = FRAMES, KINDS
