"""The configured rules held against the rules there are: names, thresholds, number of references.

Asked by whoever may load the heavy half: the feed, `config check` and `doctor`.
"""

from collections.abc import Iterator

import msgspec

from .flags import rules
from .flags.rule import Bound, Rule
from .model.config import Config, Problem, RuleSetting
from .model.instrument import yields_of
from .settings import near
from .settings_file import shown

LEFT_OUT = "this rule is left out"


def usable(config: Config) -> tuple[Config, tuple[Problem, ...]]:
    """The configuration with only the rules that can be judged, and why the others cannot."""
    found = [(setting, tuple(_faults(setting, config))) for setting in config.rules]
    kept = tuple(_suited(setting, config) for setting, faults in found if not faults)
    problems = tuple(problem for _, faults in found for problem in faults)
    return msgspec.structs.replace(config, rules=kept), problems


def _suited(setting: RuleSetting, config: Config) -> RuleSetting:
    """Across exchanges, changes of two days: of one they would be of different hours and go together less."""
    calendars = {one.calendar for one in config.instruments if one.symbol in (setting.watched, *setting.against)}
    if len(calendars) < 2 or "days" in setting.set or "days" not in rules()[setting.rule].defaults:
        return setting
    return msgspec.structs.replace(setting, set={**setting.set, "days": 2.0})


def _faults(setting: RuleSetting, config: Config) -> Iterator[Problem]:
    file, where = config.path or "", f"rule[{setting.rule}]"
    rule = rules().get(setting.rule)
    if rule is None:
        known = ", ".join(sorted(rules()))
        yield _problem(file, f"{where}.rule", setting.rule, f"a rule of this version: {known}")
        return
    if len(setting.against) < rule.references:
        least = f"at least {rule.references} of the other instruments"
        yield _problem(file, f"{where}.against", list(setting.against), least)
    if rule.percent:
        yield from _yields(setting, config)
    for name, value in setting.set.items():
        expected = _expected(rule, name, value)
        if expected:
            yield _problem(file, f"{where}.set.{name}", _as_typed(value), expected)
    if all(_expected(rule, name, value) is None for name, value in setting.set.items()):
        yield from _together(setting, rule, file)


def _yields(setting: RuleSetting, config: Config) -> Iterator[Problem]:
    """The legs that a rule of percentages cannot be judged on."""
    found = yields_of(config.instruments)
    for key, symbols in (("watched", (setting.watched,)), ("against", setting.against)):
        for symbol in found.intersection(symbols):
            expected = "an instrument with a price: this rule measures in percent, and a yield moves in basis points"
            yield _problem(config.path or "", f"rule[{setting.rule}].{key}", symbol, expected)


def _together(setting: RuleSetting, rule: Rule, file: str) -> Iterator[Problem]:
    """What is wrong with thresholds that will do each for itself."""
    parameters = rule.parameters(setting.set)
    found = rule.amiss(parameters) if rule.amiss else None
    if found:
        name, expected = found
        yield _problem(file, f"rule[{setting.rule}].set.{name}", _as_typed(parameters[name]), expected)


def _expected(rule: Rule, name: str, value: float | bool | str) -> str | None:
    """What was expected of this threshold, None where the value will do."""
    if name not in rule.defaults:
        return f"a threshold of this rule{near(name, rule.defaults)}: {', '.join(rule.defaults) or 'none'}"
    default = rule.defaults[name]
    if isinstance(default, bool):
        return None if isinstance(value, bool) else "true or false"
    if isinstance(default, str):
        return _text_expected(rule.choices.get(name, ()), value)
    return _number_expected(rule.bounds.get(name), value)


def _number_expected(bound: Bound | None, value: float | bool | str) -> str | None:
    if bound is None:
        return "a number" if isinstance(value, bool | str) else None
    return None if not isinstance(value, bool | str) and bound.holds(value) else str(bound)


def _text_expected(choices: tuple[str, ...], value: float | bool | str) -> str | None:
    if choices and value not in choices:
        return " or ".join(f'"{one}"' for one in choices)
    return None if isinstance(value, str) else "a text in quotes"


def _as_typed(value: float | bool | str) -> float | bool | str:
    # thresholds are kept as fractions, also those that were written without one
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _problem(file: str, key: str, value: object, expected: str) -> Problem:
    return Problem(file=file, key=key, value=shown(value), expected=expected, instead=LEFT_OUT)
