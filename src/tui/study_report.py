"""A study as text for a pipe or a terminal, and as JSON."""

from collections.abc import Callable, Mapping, Sequence

from ..core.model.decoding import json_text, made_harmless
from ..core.model.study import Study
from . import format as fmt

SHOWN = 4
"""First and last dates written out of a long list."""
WIDTH = 100


def printed_study(study: Study, form: str, names: Mapping[str, str]) -> str:
    """The study as text or json, ending in a newline; `names` are the short names of symbols."""
    if form == "json":
        return json_text(study) + "\n"
    study = made_harmless(study)
    own, others = names.get(study.watched, study.watched), [names.get(one, one) for one in study.against]
    parts = [_heading(study, own, others), "", *_facts(study, own, others)]
    if any(one.mean is not None for one in study.horizons.values()):
        parts += ["", *_cases(study, others), "", *_days(study)]
    parts += ["", *_dates(study), *_folded("notes", "; ".join((*study.gaps, *study.notes)))]
    parts += _folded("conclusion", f"{study.conclusion}. This is a count, no advice.")
    text = "\n".join(parts)
    return text.replace(fmt.MINUS, "-").replace(fmt.NO_DATA, "-").replace(fmt.NO_BREAK, " ").replace("…", "...") + "\n"


def _heading(study: Study, own: str, others: Sequence[str]) -> str:
    against = f" against {_listed(others)}" if others else ""
    return f"tapewatch - study of {study.rule}: {own}{against}"


def _facts(study: Study, own: str, others: Sequence[str]) -> list[str]:
    first, last = study.span
    held = f"{fmt.count(study.days)} day{'' if study.days == 1 else 's'}"
    if study.days:
        held += f" ({100 * study.share_of_days:.2f} %, 1 in {fmt.count(1 / study.share_of_days)})"
        cases = len(study.episodes)
        held += ", 1 case" if cases == 1 else f", {fmt.count(cases)} cases more than 20 sessions apart"
    followed = others[0] if study.outcome == "reference" and others else own
    entry = "the next session's open" if study.entry == "next open" else "the close of the day"
    lines = [
        ("span", f"{first} to {last}, {fmt.count(study.sessions)} session{'' if study.sessions == 1 else 's'}"),
        ("parameters", f"{_parameters(study.parameters)} (rule version {study.version})"),
        ("given", _given(study)),
        ("held", held),
        ("followed", f"{followed}, from {entry}, {_unit(study)}"),
    ]
    return [line for name, text in lines for line in _folded(name, text)]


def _unit(study: Study) -> str:
    return "price return in percent" if study.unit == "percent" else f"change of the yield in {study.unit}"


def _given(study: Study) -> str:
    if study.given is None:
        return ""
    return f"{study.given}; the rule held on {fmt.count(study.days_without)} days of the span on which that was not so"


def _parameters(parameters: Mapping[str, float | bool | str]) -> str:
    return ", ".join(f"{name} {_plain(value)}" for name, value in parameters.items()) or "none"


def _plain(value: float | bool | str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else f"{value:g}"


def _listed(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _cases(study: Study, others: Sequence[str]) -> list[str]:
    """First days of cases, each farther from the one before than the horizon."""
    held = any(one.relative_to_reference is not None for one in study.horizons.values())
    against = f"OVER {others[0]}" if others and held else ""
    heads = ("SESSIONS", "CASES", "MEAN", "MEDIAN", "HIT %", "HIT 95 %", "WORST", against)
    rows = [
        (
            name, fmt.count(one.cases), fmt.signed(one.mean), fmt.signed(one.median), fmt.number(one.hit_percent, 1),
            _range(one.hit_interval, fmt.count), fmt.signed(one.worst_adverse),
            fmt.signed(one.relative_to_reference) if against else "",
        )
        for name, one in study.horizons.items()
    ]  # fmt: skip
    return ["first days of cases farther apart than the horizon", *_table(heads, rows)]


def _days(study: Study) -> list[str]:
    """All flagged days beside all days."""
    heads = ("SESSIONS", "FLAGGED MEAN", "ALL MEAN", "ALL MEDIAN", "ALL HIT %", "DIFFERENCE", "95 % INTERVAL", "HAC t")
    rows = [
        (
            name, fmt.signed(one.flagged_mean), fmt.signed(one.all_days.mean), fmt.signed(one.all_days.median),
            fmt.number(one.all_days.hit_percent, 1), fmt.signed(one.difference),
            _range(one.interval, fmt.signed), fmt.signed(one.hac_t),
        )
        for name, one in study.horizons.items()
    ]  # fmt: skip
    return [
        "all flagged days beside all days; interval of the difference by stationary bootstrap",
        *_table(heads, rows),
    ]


def _range(bounds: tuple[float, float] | None, write: Callable[[float], str]) -> str:
    return fmt.NO_DATA if bounds is None else f"{write(bounds[0])} to {write(bounds[1])}"


def _dates(study: Study) -> list[str]:
    days = [str(day) for day in study.episodes]
    if len(days) > 10:
        days = [*days[:SHOWN], "…", *days[-SHOWN:]]
    return _folded("first days", ", ".join(days).replace(", …,", " …"))


# -- writing --------------------------------------------------------------------------------------------


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    lines = ("  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in (heads, *rows))
    return [f"  {line}".rstrip() for line in lines]


def _folded(name: str, text: str) -> list[str]:
    """A named line, folded under its text; nothing without text."""
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= WIDTH - 14:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return [f"  {name if at == 0 else '':<12}{line}" for at, line in enumerate(lines)]
