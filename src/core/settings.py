"""The settings in force: defaults, with what a user's file changes and can be used.

Whatever is wrong is a Problem with file, key, value and what was expected; the rest is taken.
"""

from collections.abc import Iterable
from contextlib import suppress
from difflib import get_close_matches
from pathlib import Path
from typing import Any, cast

import msgspec

from .model.alert import AlertSetting
from .model.config import Config, FeedSettings, Problem, RuleSetting, ScreenSettings
from .model.harmless import harmless
from .model.instrument import Instrument
from .model.user_level import UserLevel, series_of
from .model.view_setting import ViewSetting
from .settings_alerts import faults
from .settings_file import read_toml, shown
from .settings_keys import KEYS, SECTIONS, TOP, is_plain, key_of, names_in
from .settings_views import view_of
from .universe import default_config, find, nearest

Table = dict[str, Any]
Problems = tuple[Problem, ...]


def load(path: Path | None, *, asked: bool = False) -> tuple[Config, Problems]:
    """The configuration of a file, and everything in it that was not taken.

    A missing file is no problem unless it was `asked` for by name; a broken one leaves the defaults.
    """
    base = default_config()
    if path is None:
        return base, ()
    content, problems = read_toml(path)
    if problems:
        return base, problems
    if not path.exists():
        missing = Problem(file=str(path), key="", value="", expected="does not exist; the defaults are used")
        return base, (missing,) if asked else ()
    return taken(str(path), content)


def taken(file: str, content: Table) -> tuple[Config, Problems]:
    """The configuration of a file's tables, and everything in them that was not taken."""
    reader = _Reader(file, content)
    config = reader.config(default_config())
    return config, tuple(reader.problems)


def check_setting(section: str, name: str, value: object) -> str | None:
    """What was expected of this key of `feed`, `screen` or `keys`, None where the value will do."""
    if section == "keys":
        return None if isinstance(value, str) and is_plain(value) and is_plain(name) else "a key in quotes"
    key = key_of(section, name)
    if key is None or section not in SECTIONS:
        return f"a known key{near(name, names_in(section)) if section in KEYS else ''}"
    return None if _converted(section, name, value) is not _WRONG else key.expected


def near(word: str, known: Iterable[str]) -> str:
    """A bracket that names the nearest known word, or nothing."""
    found = get_close_matches(word[:40], tuple(known), n=1)
    return f" (nearest: {found[0]})" if found else ""


class Watched:
    """One settings file, looked at for changes while the monitor runs; a look costs one `stat`.

    `good` are settings of it that could be read, for when it cannot be.
    """

    def __init__(self, path: Path, good: Config | None = None) -> None:
        self._path, self._good = path, good
        self._stamp = self._look()

    def _look(self) -> tuple[int, int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size

    def changed(self) -> bool:
        """Whether the file is another than at the last look."""
        before, self._stamp = self._stamp, self._look()
        return before != self._stamp

    def reloaded(self) -> tuple[Config, Problems] | None:
        """The settings anew where the file has changed since the last look, else None.

        A file that cannot be read leaves the same object as before, and says why.
        """
        if not self.changed():
            return None
        config, problems = load(self._path)
        if config.path is None and problems and self._good is not None:
            return self._good, problems
        self._good = config
        return config, problems


_WRONG = object()
_STRUCTS: dict[str, type[msgspec.Struct]] = SECTIONS | {
    "instrument": Instrument,
    "rule": RuleSetting,
    "level": UserLevel,
    "alerts": AlertSetting,
    "view": ViewSetting,
}
_INSTEAD = {
    "instrument": "this is left as it was",
    "rule": "this rule is left out",
    "level": "this level is left out",
    "alerts": "this alert is left out",
    "view": "it is left out",
}
_PRESENT_AS_EMPTY = ("gain", "loss")


def _converted(section: str, name: str, value: object) -> object:
    """The value as the Struct's field wants it, or `_WRONG`."""
    struct = _STRUCTS[section]
    wanted = next((field.type for field in msgspec.structs.fields(struct) if field.name == name), bool)
    key = key_of(section, name)
    if name in _PRESENT_AS_EMPTY and value == "":
        return None
    try:
        made: object = msgspec.convert(value, wanted)
        good = key is not None and key.holds(made)
    except (msgspec.ValidationError, OverflowError, TypeError, ValueError):
        return _WRONG
    return made if good else _WRONG


class _Reader:
    """Takes one file's tables apart and keeps what was wrong."""

    def __init__(self, file: str, content: Table) -> None:
        self._file, self._content = file, content
        self.problems: list[Problem] = []

    def _wrong(self, key: str, value: object, expected: str, instead: str | None = None) -> None:
        section = key.partition("[")[0]
        done = instead or _INSTEAD.get(section if section != key else "", "the default is used")
        problem = Problem(file=self._file, key=key, value=shown(value), expected=expected, instead=done)
        self.problems.append(problem)

    def _say(self, sentence: str) -> None:
        self.problems.append(Problem(file=self._file, key="", value="", expected=sentence))

    def config(self, base: Config) -> Config:
        for name, value in self._content.items():
            if name not in TOP:
                self._wrong(name, value, _place_of(name))
        instruments = self._ordered(self._instruments(base.instruments))
        return Config(
            instruments=instruments,
            rules=self._rules(base.rules, instruments),
            feed=FeedSettings(**self._section("feed")),
            screen=ScreenSettings(**self._section("screen")),
            keys=self._keys(),
            levels=self._levels(instruments),
            alerts=self._alerts(instruments),
            views=self._views(instruments),
            path=harmless(self._file),
        )

    def _section(self, section: str) -> Table:
        return self._fields(section, section, self._table(section))

    def _fields(self, section: str, where: str, table: Table) -> Table:
        """The fields of one table that can be used."""
        taken: Table = {}
        for name, value in table.items():
            key = key_of(section, name)
            if key is None:
                instead = None if section in _INSTEAD else "it is left out"
                self._wrong(f"{where}.{name}", value, f"a known key{near(name, names_in(section))}", instead)
                continue
            made = _converted(section, name, value)
            if made is _WRONG:
                self._wrong(f"{where}.{name}", value, key.expected_of(value))
            else:
                taken[name] = made
        return taken

    def _table(self, name: str) -> Table:
        value = self._content.get(name, {})
        if isinstance(value, dict):
            return cast(Table, value)
        self._wrong(name, value, f"a section: [{name}] on a line of its own")
        return {}

    def _tables(self, name: str) -> list[Table]:
        value = cast(object, self._content.get(name, []))
        with suppress(msgspec.ValidationError):
            return msgspec.convert(value, list[Table])
        self._wrong(name, value, f"blocks: [[{name}]] on a line of its own before each")
        return []

    def _keys(self) -> dict[str, str]:
        taken: dict[str, str] = {}
        for command, key in self._table("keys").items():
            if isinstance(key, str) and is_plain(key) and is_plain(command):
                taken[command] = key
            else:
                self._wrong(f"keys.{command}", key, "a key in quotes")
        return taken

    # -- the board ------------------------------------------------------------------------------------

    def _instruments(self, base: tuple[Instrument, ...]) -> tuple[Instrument, ...]:
        board = {one.symbol: one for one in base}
        for number, table in enumerate(self._tables("instrument"), 1):
            one = self._instrument(number, table, board)
            if one is not None:
                board[one.symbol] = one
        return tuple(board.values())

    def _instrument(self, number: int, table: Table, board: dict[str, Instrument]) -> Instrument | None:
        name = table.get("symbol")
        where = f"instrument[{name if isinstance(name, str) else number}]"
        fields = self._fields("instrument", where, table)
        symbol = fields.pop("symbol", None)
        if symbol is None:
            if "symbol" not in table:
                self._wrong(f"{where}.symbol", None, "a symbol")
            return None
        known = find(symbol, board.values())
        short = fields.get("short")
        taken = find(short, board.values()) if short else None
        if taken is not None and taken is not known:
            self._wrong(f"{where}.short", short, f"a short name not in use ({taken.symbol} has it)")
            del fields["short"]
        if known is not None:
            return msgspec.structs.replace(known, **fields)
        plain = str(symbol).removeprefix("^")
        made: Table = {"symbol": symbol, "short": plain, "name": fields.get("short", plain), **fields}
        return Instrument(**made)

    def _ordered(self, board: tuple[Instrument, ...]) -> tuple[Instrument, ...]:
        """The user's order first, then what it does not name, as it stood."""
        named: dict[str, Instrument] = {}
        for name in self._list("order"):
            one = find(name, board)
            if one is None:
                self._wrong("order", name, _a_symbol(name, board), "it is left out")
            else:
                named[one.symbol] = one
        return (*named.values(), *(one for one in board if one.symbol not in named))

    def _list(self, name: str) -> list[str]:
        value = self._content.get(name, [])
        try:
            return msgspec.convert(value, list[str])
        except msgspec.ValidationError:
            self._wrong(name, value, "a list of symbols or short names")
            return []

    # -- the rules ------------------------------------------------------------------------------------

    def _rules(self, base: tuple[RuleSetting, ...], board: tuple[Instrument, ...]) -> tuple[RuleSetting, ...]:
        if "rule" not in self._content:
            return tuple(rule for rule in base if self._stands(rule, board))
        made = (self._rule(number, table, board) for number, table in enumerate(self._tables("rule"), 1))
        return tuple({rule.id: rule for rule in made if rule is not None and self._stands(rule, board)}.values())

    def _stands(self, rule: RuleSetting, board: tuple[Instrument, ...]) -> bool:
        """A rule on an instrument nobody watches could only ever be unknown.

        It is said of a rule that was written, and of one that ships where a reference of the board is hidden: who
        hides what it watches knows that it goes with it.
        """
        hidden = [one for one in board if one.hidden and one.symbol in (rule.watched, *rule.against)]
        missed = [one.short for one in hidden if not one.panel]
        if missed and ("rule" in self._content or all(one.symbol != rule.watched for one in hidden)):
            self._say(f"the rule {rule.id} is off: {', '.join(missed)} is hidden")
        return not hidden

    def _rule(self, number: int, table: Table, board: tuple[Instrument, ...]) -> RuleSetting | None:
        name = table.get("rule")
        where = f"rule[{name if isinstance(name, str) else number}]"
        known_faults = len(self.problems)
        fields = self._fields("rule", where, table)
        for needed in ("rule", "watched"):
            if needed not in table:
                self._wrong(f"{where}.{needed}", None, cast(Any, key_of("rule", needed)).expected)
        if not fields.pop("enabled", True):
            return None
        fields = self._with_symbols(where, fields, board)
        # a rule judged on other thresholds or references than were written would be a false statement
        return RuleSetting(**fields) if len(self.problems) == known_faults else None

    def _with_symbols(self, where: str, fields: Table, board: tuple[Instrument, ...]) -> Table:
        watched = [self._symbol(f"{where}.watched", name, board) for name in (fields.get("watched", ""),)]
        against = tuple(self._symbol(f"{where}.against", name, board) for name in fields.get("against", ()))
        if watched[0] in against and watched[0]:
            self._wrong(f"{where}.against", fields["against"], "other instruments than the watched one")
        return fields | {"watched": watched[0], "against": tuple(dict.fromkeys(against))}

    # -- levels -----------------------------------------------------------------------------------------

    def _levels(self, board: tuple[Instrument, ...]) -> tuple[UserLevel, ...]:
        made = (self._level(number, table, board) for number, table in enumerate(self._tables("level"), 1))
        return tuple(level for level in made if level is not None)

    def _level(self, number: int, table: Table, board: tuple[Instrument, ...]) -> UserLevel | None:
        name = table.get("symbol")
        where = f"level[{f'{name} {number}' if isinstance(name, str) else number}]"
        known_faults = len(self.problems)
        fields = self._fields("level", where, table)
        one = find(fields.get("symbol", ""), board)
        if one is None and ("symbol" in fields or "symbol" not in table):
            self._wrong(f"{where}.symbol", name, _a_symbol(fields.get("symbol", ""), board))
        self._check_prices(where, table, fields)
        # a level in another place than was written would be a false statement
        if one is None or len(self.problems) > known_faults:
            return None
        if one.hidden:
            self._say(f"a level on {one.short} is off: {one.short} is hidden")
            return None
        made: Table = {"instrument": series_of(one.kind), **fields, "symbol": one.symbol}
        return UserLevel(**made)

    def _check_prices(self, where: str, table: Table, fields: Table) -> None:
        """One price, or the two edges of a zone."""
        given = [name for name in ("price", "low", "high") if name in table]
        if given not in (["price"], ["low", "high"]):
            self._wrong(f"{where}.price", fields.get("price"), "a price, or low and high in its place")
        elif "low" in fields and "high" in fields and fields["low"] >= fields["high"]:
            self._wrong(f"{where}.high", fields["high"], f"a price above low, which is {fields['low']:,.10g}")

    # -- alerts -----------------------------------------------------------------------------------------

    def _alerts(self, board: tuple[Instrument, ...]) -> tuple[AlertSetting, ...]:
        made: dict[str, AlertSetting] = {}
        for number, table in enumerate(self._tables("alerts"), 1):
            one = self._alert(number, table, board)
            if one is not None and one.name in made:
                self._wrong(f"alerts[{number}].name", one.name, "a name that no other alert has")
            elif one is not None:
                made[one.name] = one
        return tuple(made.values())

    def _alert(self, number: int, table: Table, board: tuple[Instrument, ...]) -> AlertSetting | None:
        name = table.get("name")
        where = f"alerts[{name if isinstance(name, str) else number}]"
        known_faults = len(self.problems)
        fields = self._fields("alerts", where, table)
        for fault in faults(table, fields, board):
            self._wrong(f"{where}.{fault.key}", fault.value, fault.expected)
        symbol = self._symbol(f"{where}.symbol", fields.get("symbol", ""), board)
        # an alert that waits for something else than was written would be a false comfort
        if not fields.pop("enabled", True) or len(self.problems) > known_faults:
            return None
        made: Table = {**fields, "symbol": symbol}
        return AlertSetting(**made)

    # -- views ------------------------------------------------------------------------------------------

    def _views(self, board: tuple[Instrument, ...]) -> tuple[ViewSetting, ...]:
        made: list[ViewSetting] = []
        for number, table in enumerate(self._tables("view"), 1):
            name = table.get("name", number)
            where = f"view[{name if isinstance(name, str) else number}]"
            one, faults = view_of(table, self._fields("view", where, table), board, made)
            for fault in faults:
                self._wrong(f"{where}.{fault.key}", fault.value, fault.expected, fault.instead)
            made += [one] if one is not None else []
        return tuple(made)

    def _symbol(self, where: str, name: str, board: tuple[Instrument, ...]) -> str:
        one = find(name, board) if name else None
        if one is None and name:
            self._wrong(where, name, _a_symbol(name, board))
        return one.symbol if one else ""


def _a_symbol(name: str, board: tuple[Instrument, ...]) -> str:
    found = nearest(name, board)
    return "a known symbol" + (f" (nearest: {', '.join(found)})" if found else "")


def _place_of(name: str) -> str:
    """What was expected where an unknown word stands at the top of the file."""
    section = next((one for one in SECTIONS if name in names_in(one)), None)
    return f"to stand under [{section}]" if section else f"a known key or section{near(name, TOP)}"
