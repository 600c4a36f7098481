"""What the keys that add, remove and change act on: whatever has the focus."""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from ..core.model.config import Config, RuleSetting
from ..core.model.measures import Level
from ..core.model.snapshot import Row, Snapshot
from .choices import Choices
from .edits import Edit, pair_of
from .opening import under_cursor
from .text import clean

FLAGS = ("flags", "journal", "symbol_flags")
"""Panes of flags: what is added and removed there is a pair."""
LADDER = "symbol_levels"
NOTHING = "Nothing is added, removed or changed here."
FIRST_RULE = "same-day-direction"
"""The rule that stands in the row of a new pair until another is chosen."""


class At(Struct, frozen=True):
    """Where one is: the focused pane, what is selected in it, and what there is beside the board."""

    choices: Choices
    pane: str
    key: str | None
    snapshot: Snapshot
    config: Config
    others: Sequence[Row] = ()

    @property
    def row(self) -> Row | None:
        """The instrument under the cursor, or the open one."""
        opened = self.choices.opened
        symbol = opened.symbol if opened else under_cursor(self.pane, self.key, self.choices, self.snapshot)
        return next((one for one in (*self.snapshot.instruments, *self.others) if one.symbol == symbol), None)

    @property
    def on_board(self) -> bool:
        """Whether the settings have the instrument on the board."""
        row = self.row
        return row is not None and any(one.symbol == row.symbol for one in self.config.watched)


def begun(what: str, at: At) -> Edit | str:
    """The change that a key begins, or why there is none to be made here."""
    if at.choices.page or at.pane.startswith("recap"):
        return NOTHING
    return {"add": _added, "remove": _removed, "change": _changed}[what](at)


def _added(at: At) -> Edit | str:
    row = at.row
    if at.pane in FLAGS:
        watched = f"{row.short} " if at.choices.opened and row else ""
        return Edit("pair", text=f"{FIRST_RULE} {watched}")
    if at.choices.opened and row is not None and not at.on_board:
        return Edit("symbol", text=f"{row.symbol} {row.short} {row.group}".strip())
    if at.choices.opened or at.pane == "chart":
        return Edit("level", of=row.short) if row is not None else NOTHING
    return Edit("symbol")


def _removed(at: At) -> Edit | str:
    if at.pane in FLAGS:
        return _pair(at)
    row = at.row
    if row is None or at.pane == "chart":
        return NOTHING
    return _level(at, row) if at.pane == LADDER else _off(at, row)


def _pair(at: At) -> Edit | str:
    """The pair of the selected flag; without one a row in which it is named."""
    rule = next((one for one in at.config.rules if one.id == at.key), None)
    flag = next((one for one in at.snapshot.flags if one.id == at.key), None)
    if rule is not None:
        return Edit("drop-pair", of=rule.id, question=f"remove {pair_words(rule, at.config)}?")
    if flag is None:
        return Edit("unpair")
    named = RuleSetting(rule=flag.rule, watched=flag.watched, against=flag.against)
    return Edit("drop-pair", of=flag.id, question=f"remove {pair_words(named, at.config)}?")


def pair_words(rule: RuleSetting, config: Config) -> str:
    """``spread-shock of RUT against SPX``."""
    shorts = {one.symbol: one.short for one in config.instruments}
    against = ", ".join(clean(shorts.get(one, one)) for one in rule.against)
    mirrored = " (its mirror)" if rule.set.get("mirror") else ""
    watched = clean(shorts.get(rule.watched, rule.watched))
    return f"{clean(rule.rule)}{mirrored} of {watched}" + (f" against {against}" if against else "")


def _level(at: At, row: Row) -> Edit | str:
    place = (at.key or "").removeprefix("level")
    level = row.levels[int(place)] if place.isdigit() and int(place) < len(row.levels) else None
    if level is None or not level.series:
        return "This level is computed; only levels of your own can be removed."
    text = level_text(level)
    return Edit("drop-level", of=row.short, text=text, question=f"remove your level {text} of {clean(row.short)}?")


def level_text(level: Level) -> str:
    """A level's price or zone as it is typed."""
    from ..core.settings_actions import told

    return told(level.low if level.low == level.high else (level.low, level.high))


def _off(at: At, row: Row) -> Edit | str:
    from ..core.settings_actions import is_own

    short = clean(row.short)
    if not at.on_board:
        return f"{short} is not on the board."
    gone = going_with(at.config, row.symbol)
    more = "" if not gone else f", with {gone}" if is_own(row.symbol) else f"? {gone} pause"
    return Edit("drop-symbol", of=row.short, question=f"take {short} off the board{more}{'' if '?' in more else '?'}")


def going_with(config: Config, symbol: str) -> str:
    """What cannot be judged without an instrument: ``9 pairs, 2 levels, 1 alert``, and the views that name it."""
    from ..core.settings_actions import waiting

    pairs, levels, alerts, views = waiting(config, symbol)
    counts = (("pair", pairs), ("level", levels), ("alert", alerts))
    said = [f"{count} {word}{'' if count == 1 else 's'}" for word, count in counts if count]
    return ", ".join((*said, *(f"its place in view {clean(name)}" for name in views)))


def _changed(at: At) -> Edit | str:
    row = at.row
    if at.pane in FLAGS or at.pane == LADDER:
        return "A pair or level is changed by removing it and adding another."
    if row is None or at.pane == "chart":
        return NOTHING
    if not at.on_board:
        return f"{clean(row.short)} is not on the board."
    return Edit("group", of=row.short, text=row.group)


def named_pair(edit: Edit, config: Config) -> Edit:
    """The question about a pair that was typed; the row again where there is none of it."""
    from ..core.universe import find

    pair = pair_of(edit.text)
    names = (pair.watched, *pair.against) if pair is not None else ()
    found = [find(name, config.instruments) for name in names]
    symbols = tuple(one.symbol for one in found if one is not None)
    rules = [one for one in config.rules if pair is not None and one.rule == pair.rule]
    rule = next((one for one in rules if (one.watched, *one.against) == symbols), None)
    if rule is None:
        here = [pair_words(one, config) for one in rules if symbols and one.watched == symbols[0]] or ["none of this"]
        return replace(edit, fault=f"expected a pair of the settings ({', '.join(here[:2])})")
    return Edit("drop-pair", of=rule.id, question=f"remove {pair_words(rule, config)}?")


def moved(choices: Choices, pane: str, keys: Sequence[str], config: Config, step: int) -> tuple[str, ...] | str:
    """The board's order with the selected row beside its next neighbour in sight; or why it cannot be moved."""
    shorts = {one.symbol: one.short for one in config.watched}
    if choices.page or choices.opened or not keys or not set(keys) <= set(shorts):
        return "Rows are moved in a pane of the board's instruments."
    if choices.sort(pane) is not None:
        return "The rows are sorted by a column; a row is moved in your own order."
    symbol = choices.selected
    if symbol is None or symbol not in keys:
        return "No row is selected."
    place = keys.index(symbol) + step
    if not 0 <= place < len(keys):
        return f"{clean(shorts[symbol])} is the {'first' if step < 0 else 'last'} already."
    order = [one for one in shorts if one != symbol]
    order.insert(order.index(keys[place]) + (step > 0), symbol)
    return tuple(shorts[one] for one in order)


def joined_group(config: Config, name: str) -> tuple[str, ...]:
    """The board's order with an instrument behind the last of its group; empty where it stands beside one of them."""
    from ..core.universe import find

    board = config.watched
    one = find(name, board)
    mates = [place for place, other in enumerate(board) if one is not None and other.group == one.group != ""]
    if one is None or len(mates) < 2 or mates[-1] - mates[0] == len(mates) - 1:
        return ()
    rest = [other for other in board if other is not one]
    last = max(place for place, other in enumerate(rest) if other.group == one.group)
    return tuple(other.short for other in (*rest[: last + 1], one, *rest[last + 1 :]))
