"""What a user does to the settings: symbols, groups, pairs and levels come and go.

Every function changes the file in one write and gives None, or one Problem, and then nothing was changed.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple, cast

from msgspec.structs import replace

from .model.config import Config, Problem, RuleSetting
from .model.instrument import Instrument, yields_of
from .settings import load, near
from .settings_blocks import RefusedError, drop, edited, ordered, put, rules_written, symbol_of, symbols_of
from .settings_cut import Fields
from .settings_keys import OF_YIELDS, REFERENCES, RULE_NAMES
from .settings_symbols import guessed
from .universe import default_config, find, nearest

Price = float | tuple[float, float]
"""A level, or the lower and the upper edge of a zone."""
Table = dict[str, Any]
OFF = "hidden"
"""In the sentence of whatever waits for an instrument that is hidden."""
OF_VIEWS = "view["
"""How the keys of views begin: a view that names what is gone is shown without it, and says so."""


class Waiting(NamedTuple):
    """How many pairs, levels and alerts there are on an instrument, and the names of the views that name it."""

    pairs: int = 0
    levels: int = 0
    alerts: int = 0
    views: tuple[str, ...] = ()


# -- symbols ------------------------------------------------------------------------------------------------


def add_symbol(
    path: Path,
    symbol: str,
    *,
    short: str = "",
    name: str = "",
    group: str = "",
    kind: str = "",
    currency: str = "",
    calendar: str = "",
) -> Problem | None:
    """Put a symbol on the board, or show one that was hidden or of the panel.

    What is not given is guessed from the spelling, see :func:`.settings_symbols.guessed`.
    """
    given = {"short": short, "name": name, "group": group, "kind": kind, "currency": currency, "calendar": calendar}
    fields: Fields = {key: value for key, value in given.items() if value}

    def step(text: str, now: Config) -> str:
        one = find(symbol, now.instruments)
        if one is None:
            spelled = symbol.strip().upper()
            return put(text, "instrument", {"symbol": spelled}, {**guessed(spelled, now.instruments), **fields}, now)
        if one in now.watched:
            raise RefusedError("instrument.symbol", symbol, f"a symbol that is not on the board yet ({one.short} is)")
        return _shown(text, one, fields, now)

    return edited(path, f"instrument {symbol}", step)


def remove_symbol(path: Path, symbol: str) -> Problem | None:
    """Take a symbol off the board: a block of the user's is dropped, an instrument that ships is hidden.

    With a symbol of the user's go the levels, alerts and rules on it, and its places in views; those of one that is
    hidden stay in the file, off until it is shown again. :func:`goes_with` says beforehand how many.
    """

    def step(text: str, now: Config) -> str:
        one = _on_board(symbol, now)
        if len(now.watched) == 1:
            raise RefusedError("instrument.symbol", symbol, "one instrument at least to stay on the board")
        return _gone(text, one, now) if is_own(one.symbol) else _hidden(text, one, now)

    return edited(path, f"instrument {symbol}", step, bearing=OFF, bearing_keys=OF_VIEWS)


def set_group(path: Path, symbol: str, group: str) -> Problem | None:
    """Put a symbol in a group of the board; without a name back in the one it comes in."""

    def step(text: str, now: Config) -> str:
        one = _known(symbol, now)
        return _tidied(put(text, "instrument", {"symbol": one.symbol}, {"group": group or None}, now), one, now)

    return edited(path, f"instrument {symbol}", step, bearing_keys=OF_VIEWS)


def waiting(now: Config, symbol: str) -> Waiting:
    """What waits on a symbol, by its full name."""
    group = next((one.group for one in now.instruments if one.symbol == symbol), "")
    alone = sum(one.group == group for one in now.watched) == 1
    return Waiting(
        pairs=sum(symbol in (one.watched, *one.against) for one in now.rules),
        levels=len(now.levels_of(symbol)),
        alerts=sum(one.symbol == symbol for one in now.alerts),
        views=tuple(one.name for one in now.views
                    if symbol in (one.symbol, one.against) or (alone and group in one.groups)),
    )  # fmt: skip


def goes_with(path: Path, symbol: str) -> str:
    """What waits on a symbol, such as ``2 levels and 1 alert``; empty where nothing does."""
    now, _ = load(path)
    one = find(symbol, now.instruments)
    if one is None:
        return ""
    pairs, levels, alerts, views = waiting(now, one.symbol)
    counts = {"level": levels, "alert": alerts, "rule": pairs}
    said = [f"{count} {what}{'' if count == 1 else 's'}" for what, count in counts.items() if count]
    said += [f"its place in view {name}" for name in views]
    return " and ".join(filter(None, (", ".join(said[:-1]), *said[-1:])))


def is_own(symbol: str) -> bool:
    """Whether a symbol is the user's, and none that ships."""
    return all(one.symbol != symbol for one in default_config().instruments)


def _known(symbol: str, now: Config) -> Instrument:
    one = find(symbol, now.instruments)
    if one is None:
        found = nearest(symbol, now.instruments)
        close = f" (nearest: {', '.join(found)})" if found else ""
        raise RefusedError("symbol", symbol, f"a known symbol{close}")
    return one


def _on_board(symbol: str, now: Config) -> Instrument:
    one = _known(symbol, now)
    if one not in now.watched:
        raise RefusedError("instrument.symbol", symbol, f"a symbol on the board ({one.short} is not)")
    return one


def _shown(text: str, one: Instrument, fields: Fields, now: Config) -> str:
    comes = find(one.symbol, default_config().instruments)
    hidden, panel = (comes.hidden, comes.panel) if comes is not None else (False, False)
    shown: Fields = {"hidden": False if hidden else None, "panel": False if panel else None}
    return _tidied(put(text, "instrument", {"symbol": one.symbol}, {**shown, **fields}, now), one, now)


def _hidden(text: str, one: Instrument, now: Config) -> str:
    comes = find(one.symbol, default_config().instruments)
    back: Fields = {"hidden": None} if comes is not None and (comes.hidden or comes.panel) else {"hidden": True}
    if comes is not None and comes.panel:
        back = {"panel": None}
    return _tidied(put(text, "instrument", {"symbol": one.symbol}, back, now), one, now)


def _tidied(text: str, one: Instrument, now: Config) -> str:
    """Without a block that says nothing but the symbol of an instrument that ships."""
    says_nothing = [table for table in _tables(text, "instrument") if _is(table, one, now) and set(table) == {"symbol"}]
    if not says_nothing or is_own(one.symbol):
        return text
    return drop(text, "instrument", says_nothing[0], now)


def _gone(text: str, one: Instrument, now: Config) -> str:
    for section in ("instrument", "level", "alerts", "rule"):
        for table in _tables(text, section):
            if _is(table, one, now):
                text = drop(text, section, table, now)
    text = _out_of_views(text, one, now)
    order = tomllib.loads(text).get("order", [])
    kept = tuple(name for name in order if symbol_of(name, now) != one.symbol)
    return text if len(kept) == len(order) else ordered(text, kept)


def _out_of_views(text: str, one: Instrument, now: Config) -> str:
    """Views without a symbol that goes for good, and without its group where nobody else is in it."""
    alone = sum(other.group == one.group for other in now.watched) == 1
    for table in _tables(text, "view"):
        named = [name for name in ("symbol", "against") if one.symbol in symbols_of(table.get(name), now)]
        fields: Fields = dict.fromkeys(named)
        groups = table.get("groups", [])
        if alone and one.group in groups:
            fields = {**fields, "groups": tuple(name for name in groups if name != one.group) or None}
        text = put(text, "view", table, fields, now) if fields else text
    return text


def _is(table: Table, one: Instrument, now: Config) -> bool:
    named = [symbol for key in ("symbol", "watched", "against") for symbol in symbols_of(table.get(key), now)]
    return one.symbol in named


def _tables(text: str, section: str) -> list[Table]:
    return cast("list[Table]", tomllib.loads(text).get(section, []))


# -- pairs --------------------------------------------------------------------------------------------------


def add_pair(
    path: Path,
    rule: str,
    watched: str,
    against: str | Sequence[str] = (),
    chosen: Mapping[str, float | bool | str] | None = None,
) -> Problem | None:
    """Judge a rule on one more instrument, against references where it has any; `chosen` are other thresholds.

    In a file without rules those that ship are written out before it, since the first takes their place.
    """

    def step(text: str, now: Config) -> str:
        setting = rule_setting(now, rule, watched, against, chosen)
        if setting.id in {one.id for one in now.rules}:
            raise RefusedError("rule", setting.id, "a pair that is not judged yet")
        fields: Fields = {"against": setting.against} if setting.against else {}
        match: Fields = {"rule": rule, "watched": setting.watched, **fields, "set": setting.set or None}
        return put(text, "rule", match, {"enabled": None}, now)

    return edited(path, f"rule {rule}", step)


def rule_setting(
    now: Config,
    rule: str,
    watched: str,
    against: str | Sequence[str] = (),
    chosen: Mapping[str, float | bool | str] | None = None,
) -> RuleSetting:
    """A rule on a pair as the settings would hold it. Raises RefusedError for what it cannot be judged on."""
    if rule not in RULE_NAMES:
        raise RefusedError("rule", rule, f"a rule{near(rule, RULE_NAMES)}: {', '.join(RULE_NAMES)}")
    names = (against,) if isinstance(against, str) else tuple(against)
    symbols = tuple(dict.fromkeys(_known(name, now).symbol for name in names if name))
    judged = _known(watched, now).symbol
    least = REFERENCES.get(rule, 1)
    if len(symbols) < least:
        raise RefusedError("rule.against", list(names), "a reference" if least == 1 else f"at least {least} references")
    if judged in symbols:
        raise RefusedError("rule.against", list(names), "another instrument than the watched one")
    found = yields_of(now.instruments).intersection((judged, *symbols))
    if found and rule not in OF_YIELDS:
        raise RefusedError("rule", sorted(found), "an instrument with a price: this rule measures in percent")
    return RuleSetting(rule=rule, watched=judged, against=symbols, set=dict(chosen or {}))


def remove_pair(path: Path, rule_id: str) -> Problem | None:
    """Judge a rule of this id (``spread-shock:^RUT:^GSPC``) no longer."""
    return remove_pairs(path, (rule_id,))


def remove_pairs(path: Path, rule_ids: Sequence[str]) -> Problem | None:
    """Judge rules of these ids no longer; in a file without rules the others that ship are written out."""

    def step(text: str, now: Config) -> str:
        for rule_id in rule_ids:
            if all(rule_id not in _ids(one) for one in now.rules):
                close = near(rule_id, (one.id for one in now.rules))
                raise RefusedError("rule", rule_id, f"a rule that is judged{close}")
        wanted = [one.id for one in now.rules if _ids(one) & set(rule_ids)]
        if "rule" not in tomllib.loads(text):
            return rules_written(text, now, wanted)
        for table in _tables(text, "rule"):
            if table.get("enabled", True) and _setting(table, now).id in wanted:
                text = drop(text, "rule", table, now)
        return text

    return edited(path, "rule", step)


def _ids(setting: RuleSetting) -> set[str]:
    # of a pair on two calendars a feed judges moves of two days, and says so in the id
    across = replace(setting, set={"days": 2.0, **setting.set})
    return {setting.id, across.id}


def _setting(table: Table, now: Config) -> RuleSetting:
    chosen = {key: float(value) if type(value) is int else value for key, value in table.get("set", {}).items()}
    watched = "".join(symbols_of(table.get("watched"), now))
    against = tuple(dict.fromkeys(symbols_of(table.get("against"), now)))
    return RuleSetting(rule=str(table.get("rule")), watched=watched, against=against, set=chosen)


# -- levels -------------------------------------------------------------------------------------------------


def add_level(
    path: Path, symbol: str, price: Price, rule: str = "", note: str = "", *, since: date | None = None
) -> Problem | None:
    """Watch a price or a zone on an instrument; `rule` is what it waits for, judged from `since` on."""

    def step(text: str, now: Config) -> str:
        one = _known(symbol, now)
        match = _level(one, price)
        if any(_at(level.price, level.low, level.high) == _priced(price) for level in now.levels_of(one.symbol)):
            raise RefusedError("level", told(price), f"a price that is no level of {one.short} yet")
        return put(text, "level", match, {"rule": rule or None, "since": since, "note": note or None}, now)

    return edited(path, f"level {symbol}", step)


def remove_level(path: Path, symbol: str, price: Price) -> Problem | None:
    """Watch a price or a zone no longer."""

    def step(text: str, now: Config) -> str:
        one = _known(symbol, now)
        known = [told(level.bottom if level.price is not None else (level.bottom, level.top))
                 for level in now.levels_of(one.symbol)]  # fmt: skip
        try:
            return drop(text, "level", _level(one, price), now)
        except RefusedError:
            yours = f"a level of {one.short}: {', '.join(known)}" if known else f"a level ({one.short} has none)"
            raise RefusedError("level", told(price), yours) from None

    return edited(path, f"level {symbol}", step)


def told(price: Price) -> str:
    """A level as it is written."""
    return "–".join(repr(float(one)).removesuffix(".0") for one in _edges(price))


def _edges(price: Price) -> tuple[float, ...]:
    return price if isinstance(price, tuple) else (price,)


def _priced(price: Price) -> tuple[float | None, ...]:
    return (None, *price) if isinstance(price, tuple) else _at(price, None, None)


def _at(*prices: float | None) -> tuple[float | None, ...]:
    return prices


def _level(one: Instrument, price: Price) -> Fields:
    names: Iterable[str] = ("low", "high") if isinstance(price, tuple) else ("price",)
    return {"symbol": one.symbol, **dict(zip(names, map(float, _edges(price)), strict=True))}
