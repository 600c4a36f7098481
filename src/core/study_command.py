"""`tapewatch study`: what was typed, made into one study of stored bars; nothing is written."""

from dataclasses import dataclass
from datetime import date

from .conditions import Condition, ConditionError, condition
from .flags.history import CLOSE, REFERENCE, WATCHED
from .flags.watch import legs_of
from .model.config import Config
from .model.study import Study
from .oneshot import stored_bars
from .paths import Paths
from .studying import StudyError, asked_for, study
from .universe import find, nearest


class NothingError(Exception):
    """There are no bars to answer with; the message is one sentence that names what lacks."""


@dataclass(frozen=True)
class Typed:
    """The words of a call: symbols in either spelling, `against` separated by commas, `chosen` NAME=VALUE."""

    rule: str
    watched: str | None = None
    against: str | None = None
    chosen: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    outcome: str = WATCHED
    given: str | None = None
    entry: str = CLOSE


def answered(paths: Paths, config: Config, typed: Typed) -> Study:
    """The study that was asked for. Raises StudyError, ConditionError, NothingError, StoreError."""
    if typed.since and typed.until and typed.since > typed.until:
        raise StudyError(f"the span ends before it begins: {typed.since} to {typed.until}")
    watched = _symbol(typed.watched, config) if typed.watched else None
    others = [one for one in typed.against.split(",") if one.strip()] if typed.against is not None else None
    against = None if others is None else tuple(_symbol(one, config) for one in others)
    setting = asked_for(config, typed.rule, watched, against, typed.chosen)
    if typed.outcome == REFERENCE and not setting.against:
        raise StudyError(f"{setting.rule} has no reference here; name one with --against")
    given = condition(typed.given, config.instruments) if typed.given else None
    bars = stored_bars(paths)
    _need((*legs_of(setting), *_symbols_of(given)), tuple(bars), paths, config)
    made = study(
        setting, bars, since=typed.since, until=typed.until, outcome=typed.outcome, entry=typed.entry,
        given=given, instruments=config.instruments,
    )  # fmt: skip
    if made is None:
        raise NothingError("the instruments share no session of that span")
    return made


def _symbol(name: str, config: Config) -> str:
    one = find(name, config.instruments)
    if one is None:
        near = ", ".join(nearest(name, config.instruments))
        raise StudyError(f"unknown symbol {name.strip()!r}" + (f"; nearest: {near}" if near else ""))
    return one.symbol


def _symbols_of(given: Condition | None) -> tuple[str, ...]:
    return (given.symbol,) if given else ()


def _need(wanted: tuple[str, ...], held: tuple[str, ...], paths: Paths, config: Config) -> None:
    short = {one.symbol: one.short for one in config.instruments}
    lack = [short.get(symbol, symbol) for symbol in dict.fromkeys(wanted) if symbol not in held]
    if lack:
        raise NothingError(f"no bars of {', '.join(lack)} in {paths.store}; run tapewatch fetch, or import bars")


__all__ = ["ConditionError", "NothingError", "StudyError", "Typed", "answered"]
