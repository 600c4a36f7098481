"""Checks of what is around the store: packages, terminal, settings, calendars, network."""

import os
import platform
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from urllib.parse import urlsplit

from .. import __version__
from .doctor import LEAST_SIZE, USUAL_SIZE, Case, Check, State
from .doctor_bars import market_now
from .model.config import Problem

HELD: dict[str, str] = {
    "textual": "8.2.", "yfinance": "1.7.", "pandas": "", "numpy": "", "msgspec": "",
    "exchange-calendars": "", "platformdirs": "", "tomlkit": "", "tzdata": "", "rich": "",
}  # fmt: skip
"""What is needed, with the beginning of its version where the program is held to one."""

CA_ORDER = ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "CURL_CA_BUNDLE")
"""The first that is set is in force."""
PROXY_ORDER = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")


def packages(case: Case) -> Iterator[Check]:
    """Python, this program and what it is built on."""
    del case
    python = f"tapewatch {__version__}, Python {platform.python_version()} on {platform.platform()}"
    yield Check(name="program", state="ok", finding=f"{python}, {sys.executable}")
    found = {name: _version(name) for name in HELD}
    missing = [name for name, one in found.items() if one is None]
    others = [f"{name} {one}" for name, one in found.items() if one and not one.startswith(HELD[name])]
    listed = ", ".join(f"{name} {one}" for name, one in found.items() if one)
    if missing:
        finding = f"missing: {', '.join(missing)}"
        yield Check(name="packages", state="fail", finding=finding, remedy="install tapewatch again")
    elif others:
        finding = f"not the versions this program is held to: {', '.join(others)}"
        yield Check(name="packages", state="warn", finding=finding, remedy="install tapewatch again")
    else:
        yield Check(name="packages", state="ok", finding=listed)


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def terminal(case: Case) -> Iterator[Check]:
    """Whether the screen can be painted, and in how many colours."""
    where = case.terminal
    env = where.environment
    kind = ", ".join(f"{name} {env[name]}" for name in ("TERM", "COLORTERM", "TERM_PROGRAM") if env.get(name))
    more = [word for word, name in (("tmux", "TMUX"), ("SSH", "SSH_CONNECTION")) if env.get(name)]
    more += ["NO_COLOR is set: no colours"] if env.get("NO_COLOR") else []
    said = "; ".join([kind or "TERM is not set", *more])
    if where.size is None:
        yield Check(name="terminal", state="ok", finding=f"none here ({said}); size and colours not checked")
        return
    columns, rows = where.size
    finding = f"{columns}x{rows}; {said}"
    state, remedy = _fits(columns, rows)
    yield Check(name="terminal", state=state, finding=finding, remedy=remedy)
    yield _encoding(where.encoding)


def _fits(columns: int, rows: int) -> tuple[State, str | None]:
    if columns < LEAST_SIZE[0] or rows < LEAST_SIZE[1]:
        return "fail", f"make it at least {LEAST_SIZE[0]}x{LEAST_SIZE[1]}; {USUAL_SIZE[0]}x{USUAL_SIZE[1]} shows all"
    if columns < USUAL_SIZE[0] or rows < USUAL_SIZE[1]:
        return "warn", f"columns are dropped under {USUAL_SIZE[0]}x{USUAL_SIZE[1]}"
    return "ok", None


def _encoding(encoding: str) -> Check:
    if encoding.lower().replace("-", "") == "utf8":
        return Check(name="characters", state="ok", finding="UTF-8")
    remedy = 'use a UTF-8 locale (LANG=C.UTF-8), or set glyphs = "ascii" under [screen]'
    return Check(name="characters", state="warn", finding=f"the locale is {encoding}", remedy=remedy)


def settings(case: Case) -> Iterator[Check]:
    """The settings file and what of it is not in force."""
    from .rule_check import usable

    problems = [one for one in case.problems if not _of_a_theme(case, one)] + list(usable(case.config)[1])
    file = case.paths.config_file
    for problem in problems:
        remedy = f"change it in {problem.file}; `tapewatch config init` shows every key in a new file"
        yield Check(name="settings", state="fail", finding=str(problem), remedy=remedy)
    if not problems:
        there = f"{file}: no problems" if case.config.path else f"the defaults; there is no {file}"
        yield Check(name="settings", state="ok", finding=there)


def themes(case: Case) -> Iterator[Check]:
    """The user's own themes and what of them is not in force."""
    problems = [one for one in case.problems if _of_a_theme(case, one)]
    for problem in problems:
        yield Check(name="themes", state="fail", finding=str(problem), remedy=f"change it in {problem.file}")
    if not problems:
        own = sorted(file.stem for file in case.paths.themes.glob("*.toml"))
        finding = f"{', '.join(own)} in {case.paths.themes}" if own else f"none of your own in {case.paths.themes}"
        yield Check(name="themes", state="ok", finding=finding)


def _of_a_theme(case: Case, problem: Problem) -> bool:
    return Path(problem.file).parent == case.paths.themes


def calendars(case: Case) -> Iterator[Check]:
    """Whether the trading days of every exchange on the board can be known."""
    from .sessions import Calendars

    now = market_now(case)
    built, day = Calendars(), now.date()
    states: list[str] = []
    for name in sorted({one.calendar for one in case.config.watched}):
        try:
            states.append(f"{name} {built.of(name, day).market(now).state}")
        except Exception as fault:
            remedy = "install exchange-calendars again"
            finding = f"{name} cannot be built: {type(fault).__name__}: {fault}"
            yield Check(name="calendars", state="fail", finding=finding, remedy=remedy)
    if states:
        yield Check(name="calendars", state="ok", finding=", ".join(states))


def network(case: Case) -> Iterator[Check]:
    """How the data service would be reached; no request is sent."""
    env = case.terminal.environment
    proxy = next((name for name in PROXY_ORDER if env.get(name)), None)
    yield Check(
        name="proxy", state="ok",
        finding=f"{proxy}={without_password(env[proxy])}" if proxy else "none; the service is reached directly",
    )  # fmt: skip
    bundle = next((name for name in CA_ORDER if env.get(name)), None)
    if bundle is None:
        yield Check(name="authority", state="ok", finding="the usual certificates")
        return
    there = os.access(env[bundle], os.R_OK)
    remedy = f"point {bundle} to a file of certificates that you may read, or unset it"
    yield Check(
        name="authority", state="ok" if there else "fail", remedy=None if there else remedy,
        finding=f"{bundle}={env[bundle]} is in force" + ("" if there else ", and it cannot be read"),
    )  # fmt: skip


def without_password(address: str) -> str:
    """An address as it may be shown: user and password taken out."""
    try:
        parts = urlsplit(address if "//" in address else f"//{address}")
        shown = parts.netloc.rpartition("@")[2]
    except ValueError:
        return "(unreadable)"
    return f"{parts.scheme}://{shown}" if parts.scheme else shown
