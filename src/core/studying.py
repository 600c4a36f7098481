"""Studies on demand: a rule, a pair and a span to a Study; and the book that keeps those beside the flags."""

import hashlib
import sqlite3
from collections.abc import Mapping, Sequence
from datetime import date

import msgspec

from .analytics.returns import LEAST_HISTORY
from .bars import Bars
from .conditions import Condition
from .flags import rules
from .flags.aligned import Aligned, align
from .flags.history import CLOSE, WATCHED, Asked, Given, brief_of, holes, study_of
from .flags.legs import ends_week
from .flags.rule import Judged, Rule
from .flags.watch import legs_of
from .model.config import Config, RuleSetting
from .model.flag import FlagHistory
from .model.instrument import Instrument, yields_of
from .model.study import Study
from .rule_check import usable
from .sessions import Calendars
from .settings import near
from .settings_keys import RULE_NAMES
from .store.studies import decoded_study, read_study, save_study, study_key
from .universe import INSTRUMENTS

METHOD = 3
"""Raised whenever the same bars and rule would give another study."""
FRIDAY = 4


class StudyError(Exception):
    """No such rule, threshold or leg; the message is one sentence that names the nearest."""


# -- one study ------------------------------------------------------------------------------------------


def study(
    setting: RuleSetting,
    bars: Mapping[str, Bars],
    *,
    since: date | None = None,
    until: date | None = None,
    outcome: str = WATCHED,
    entry: str = CLOSE,
    given: Condition | None = None,
    instruments: Sequence[Instrument] = INSTRUMENTS,
) -> Study | None:
    """What a rule did on its legs, from bars up to and including `until`; days before `since` only warm it up.

    None where the legs share no session of the span. The rule is judged by the code that raises its flags.
    """
    rule = rules()[setting.rule]
    held = {one: _upto(bars.get(one, Bars.empty()), until) for one in legs_of(setting)}
    aligned = align(
        list(held.items()), last_is_week_end=_ends_week(setting, held, instruments), yields=yields_of(instruments)
    )
    judged = rule.judge(aligned, rule.parameters(setting.set))
    condition = _given(given, setting, aligned, bars, until, instruments)
    asked = Asked(since=since, outcome=outcome, entry=entry, given=condition)
    made = study_of(setting, rule, aligned, judged, asked)
    if made is None:
        return None
    if given is not None:
        held[given.symbol] = _upto(bars.get(given.symbol, Bars.empty()), until)
    names = {one.symbol: one.short for one in instruments}
    named = {names.get(symbol, symbol): one for symbol, one in held.items()}
    return msgspec.structs.replace(made, gaps=(*holes(named, *made.span), *_short(aligned)))


def _short(aligned: Aligned) -> tuple[str, ...]:
    """That the whole common history is too short for a rule that ranks."""
    if len(aligned) >= LEAST_HISTORY:
        return ()
    return (f"{len(aligned)} common sessions: a rule that ranks a day needs {LEAST_HISTORY} before it",)


def _upto(bars: Bars, until: date | None) -> Bars:
    return bars if until is None else bars.upto(until)


def _given(
    given: Condition | None,
    setting: RuleSetting,
    aligned: Aligned,
    bars: Mapping[str, Bars],
    until: date | None,
    instruments: Sequence[Instrument],
) -> Given | None:
    if given is None:
        return None
    own = _upto(bars.get(given.symbol, Bars.empty()), until)
    return given.on(aligned.days, own, _calendar(setting.watched, instruments))


def _calendar(symbol: str, instruments: Sequence[Instrument]) -> str:
    return next((one.calendar for one in instruments if one.symbol == symbol), "XNYS")


def _ends_week(setting: RuleSetting, held: Mapping[str, Bars], instruments: Sequence[Instrument]) -> bool:
    """Whether the newest session all legs have ends its week; a Friday does without asking a calendar."""
    if not all(len(one) for one in held.values()):
        return True
    newest = min(one.day(len(one) - 1) for one in held.values())
    return newest.weekday() == FRIDAY or ends_week(
        Calendars().of(_calendar(setting.watched, instruments), newest), newest
    )


# -- what a trader asks for -----------------------------------------------------------------------------


def rule_named(name: str) -> Rule:
    """The rule of a name, or of its number in the family (D1 to D12). Raises StudyError."""
    wanted = name.strip().lower().replace("_", "-").replace(" ", "-")
    numbered = {f"d{at}": rule for at, rule in enumerate(RULE_NAMES, 1)}
    found = rules().get(numbered.get(wanted, wanted))
    if found is None:
        known = ", ".join(_labelled())
        raise StudyError(f"unknown rule {name!r}{near(wanted, rules())}; this version has {known}")
    return found


def _labelled() -> list[str]:
    """The rules of this version with their numbers, ``same-day-direction (D1)``."""
    own = [f"{rule} (D{at})" for at, rule in enumerate(RULE_NAMES, 1) if rule in rules()]
    return own + sorted(set(rules()) - set(RULE_NAMES))


def asked_for(
    config: Config, name: str, watched: str | None, against: tuple[str, ...] | None, chosen: Sequence[str] = ()
) -> RuleSetting:
    """The rule as configured, with the trader's legs and thresholds over it. Raises StudyError.

    Without a configured rule of that name (on that watched instrument): the rule's own thresholds, on the
    Russell 2000 against the S&P 500. `chosen` are ``NAME=VALUE``.
    """
    rule = rule_named(name)
    base = _configured(config, rule, watched)
    own = watched or base.watched
    others = against if against is not None else tuple(one for one in base.against if one != own)
    if against is None and not others and rule.references:
        others = tuple(one for one in ("^GSPC", "^RUT") if one != own)[: rule.references]
    setting = RuleSetting(
        rule=rule.name, watched=own, against=others, set={**base.set, **dict(_threshold(rule, one) for one in chosen)}
    )
    usual, problems = usable(msgspec.structs.replace(config, rules=(setting,), path=None))
    for problem in problems:
        raise StudyError(f"{problem.key} = {problem.value}: expected {problem.expected}")
    if own in others:
        raise StudyError(f"{own} cannot be held against itself")
    return next(iter(usual.rules), setting)


def _configured(config: Config, rule: Rule, watched: str | None) -> RuleSetting:
    of_rule = [one for one in config.rules if one.rule == rule.name]
    exact = [one for one in of_rule if watched in (None, one.watched)]
    return next(iter([*exact, *of_rule]), RuleSetting(rule=rule.name, watched="^RUT"))


def _threshold(rule: Rule, text: str) -> tuple[str, float | bool | str]:
    """``depth=10`` as the type the rule keeps it in; a value of another type is left for the check to name."""
    name, equals, value = text.partition("=")
    name, value = name.strip(), value.strip()
    if not equals or not name or not value:
        raise StudyError(f"{text!r} is no threshold; write it like depth=10")
    if value.lower() in ("true", "false"):
        return name, value.lower() == "true"
    if isinstance(rule.defaults.get(name), str):
        return name, value
    try:
        number = float(value)
    except ValueError:
        return name, value
    if number != number or number in (float("inf"), float("-inf")):
        raise StudyError(f"{text!r}: a threshold is a finite number")
    return name, number


# -- the book -------------------------------------------------------------------------------------------


class StudyBook:
    """The studies beside the flags, made once for the same rule, thresholds and bars.

    With a `database` (the feed's) they outlive a restart; without one they live as long as the book, and
    those that a feed has `kept` are used. Its `history` is the `historian` of a Watch.
    """

    def __init__(self, database: sqlite3.Connection | None = None, kept: Mapping[str, bytes] | None = None) -> None:
        self._database, self._kept = database, kept or {}
        self._known: dict[str, tuple[Judged, FlagHistory | None]] = {}

    def history(self, setting: RuleSetting, rule: Rule, aligned: Aligned, judged: Judged) -> FlagHistory | None:
        """The history beside a flag, with intervals; asked again for the same verdicts it costs nothing."""
        known = self._known.get(setting.id)
        if known is None or known[0] is not judged:
            made = self.study(setting, rule, aligned, judged)
            known = self._known[setting.id] = judged, brief_of(made) if made else None
        return known[1]

    def has(self, setting: RuleSetting, judged: Judged) -> bool:
        """Whether the study of these verdicts is at hand."""
        known = self._known.get(setting.id)
        return known is not None and known[0] is judged

    def study(self, setting: RuleSetting, rule: Rule, aligned: Aligned, judged: Judged) -> Study | None:
        """The whole study, taken from the store where it was made of the same bars."""
        if self._database is None and not self._kept:
            return study_of(setting, rule, aligned, judged)
        digest = digest_of(setting, rule, aligned)
        found = self._found(setting.id, digest)
        if found is None:
            found = study_of(setting, rule, aligned, judged)
            if found is not None and self._database is not None:
                save_study(self._database, setting.id, digest, found)
        return found

    def _found(self, name: str, digest: str) -> Study | None:
        if self._database is not None:
            return read_study(self._database, name, digest)
        text = self._kept.get(study_key(name, digest))
        return decoded_study(text) if text is not None else None


def digest_of(setting: RuleSetting, rule: Rule, aligned: Aligned) -> str:
    """What tells one study from another: method, rule and its version, thresholds, legs and every bar of them."""
    digest = hashlib.blake2b(digest_size=16)
    parameters = sorted(rule.parameters(setting.set).items())
    digest.update(repr((METHOD, rule.name, rule.version, parameters, aligned.last_is_week_end)).encode())
    for leg in (aligned.watched, *aligned.against):
        bars = leg.bars
        digest.update(f"{leg.symbol} {leg.yields} {len(bars)};".encode())
        for column in (bars.days, bars.open, bars.high, bars.low, bars.close, bars.volume):
            digest.update(column.tobytes())
    return digest.hexdigest()
