"""`tapewatch doctor`: what everything around the program looks like, and what to do about it.

Nothing is created, changed or asked of the data service; a check that fails itself is a finding too.
"""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, TextIO

import msgspec

from .clock import wall
from .model.config import Config, Problem
from .model.decoding import json_text, made_harmless
from .paths import Paths
from .plainly import paint

Problems = tuple[Problem, ...]
State = Literal["ok", "warn", "fail"]
LEAST_SIZE, USUAL_SIZE = (60, 16), (80, 24)
"""Columns and rows: under the first the monitor says so instead of painting; the second is made for."""

PALETTE_TEST = "\x1b[90mgrey\x1b[0m \x1b[2mdim\x1b[0m \x1b[92mup\x1b[0m \x1b[91mdown\x1b[0m \x1b[93mflag\x1b[0m" + (
    ' \x1b[96mrecord\x1b[0m ▲ ▼ ● ○ ━ ─ ⣀⣤: what cannot be read here needs another theme, or glyphs = "ascii"\n'
)
"""Colours of the sixteen and glyphs that a palette or font may hide, to be looked at."""


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One thing looked at: `state` is ok, warn or fail; `remedy` says what to do where it is not ok."""

    name: str
    state: State
    finding: str
    remedy: str | None = None


@dataclass(frozen=True)
class Terminal:
    """What is known of the terminal; `size` is (columns, rows), None where there is none."""

    environment: Mapping[str, str]
    size: tuple[int, int] | None
    encoding: str

    @classmethod
    def here(cls) -> "Terminal":
        """The terminal of this process."""
        return cls(os.environ, _size(), str(sys.stdout.encoding or "unknown"))


def _size() -> tuple[int, int] | None:
    for stream in (sys.__stdout__, sys.__stderr__, sys.__stdin__):
        try:
            found = os.get_terminal_size(stream.fileno() if stream else -1)
        except (OSError, ValueError):
            continue
        return found.columns, found.lines
    return None


@dataclass(frozen=True)
class Case:
    """Everything a check may look at."""

    paths: Paths
    config: Config
    problems: Problems
    terminal: Terminal
    now: datetime
    processes: Path = Path("/proc")


Part = Callable[[Case], Iterator[Check]]


def diagnose(case: Case) -> tuple[Check, ...]:
    """All checks, in the order in which they are read."""
    from .doctor_alerts import alerts
    from .doctor_bars import bars
    from .doctor_closes import closes
    from .doctor_recap import recaps
    from .doctor_rights import rights
    from .doctor_store import budget, feed, folder, snapshot
    from .doctor_world import calendars, network, packages, settings, terminal, themes

    parts: tuple[Part, ...] = (
        packages, terminal, settings, themes, folder, rights, bars, closes, snapshot, feed, budget, recaps, alerts,
        calendars, network,
    )  # fmt: skip
    return tuple(check for part in parts for check in _careful(part, case))


def _careful(part: Part, case: Case) -> list[Check]:
    """A check's findings; one that breaks is a finding, so that the others are still read."""
    found: list[Check] = []
    try:
        found += part(case)
    except Exception as fault:
        finding = f"could not be checked: {type(fault).__name__}: {fault}"
        remedy = "please report this with the output of `tapewatch doctor --json`"
        found.append(Check(name=part.__name__, state="fail", finding=finding, remedy=remedy))
    return found


def run_doctor(
    paths: Paths,
    config: Config,
    problems: Problems,
    *,
    as_json: bool = False,
    out: TextIO | None = None,
    bundle: Path | None = None,
    terminal: Terminal | None = None,
    more: tuple[Check, ...] = (),
) -> int:
    """Print every check; returns 1 if any failed, else 0.

    `problems` are those of the settings and of the user's themes, `more` what was looked at elsewhere. `bundle` is a
    file to put checks, settings, log and snapshot into, for a report; it is made for its owner alone and never
    overwritten.
    """
    case = Case(paths, config, problems, terminal or Terminal.here(), wall())
    checks = (*diagnose(case), *more)
    if bundle is not None:
        from .doctor_bundle import write_bundle

        checks += (write_bundle(bundle, checks, case),)
    stream = out or sys.stdout
    stream.write(in_json(checks) if as_json else in_words(checks))
    if stream.isatty() and not as_json and not case.terminal.environment.get("NO_COLOR"):
        paint(stream, PALETTE_TEST)
    return 1 if any(check.state == "fail" for check in checks) else 0


def in_json(checks: tuple[Check, ...]) -> str:
    """A list of objects with name, state, finding and remedy."""
    return json_text(checks) + "\n"


def in_words(checks: tuple[Check, ...]) -> str:
    """A line a check, and under it what to do."""
    lines: list[str] = []
    for check in map(made_harmless, checks):
        lines.append(f"{check.state:<5} {check.name:<10} {check.finding}")
        if check.remedy:
            lines.append(f"{'':<16} do: {check.remedy}")
    counts = {state: sum(check.state == state for check in checks) for state in ("ok", "warn", "fail")}
    lines.append(f"{counts['ok']} ok, {counts['warn']} to look at, {counts['fail']} failed")
    return "\n".join(lines) + "\n"
