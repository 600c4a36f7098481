"""Settings: what belongs to the store (its feed) and what to the screen.

Defaults here are the whole configuration of somebody who configured nothing.
"""

from pathlib import PurePath

import msgspec

from .alert import AlertSetting
from .harmless import harmless
from .instrument import Instrument
from .user_level import UserLevel
from .view_setting import ViewSetting

LONGEST_KEY = 80
"""Characters of a key that a sentence repeats."""

Parameters = dict[str, float | bool | str]


class RuleSetting(msgspec.Struct, frozen=True, kw_only=True):
    """One rule on one pair: `against` are the references that must all hold; empty where none is needed."""

    rule: str
    watched: str
    against: tuple[str, ...] = ()
    set: Parameters = msgspec.field(default_factory=dict[str, float | bool | str])

    @property
    def id(self) -> str:
        """Stable name of this rule on this pair, e.g. ``same-day-direction:^RUT:^GSPC+^DJI``."""
        parts = [self.rule, self.watched, "+".join(self.against)]
        parts += [f"{key}={value}" for key, value in sorted(self.set.items())]
        return ":".join(part for part in parts if part)


class FeedSettings(msgspec.Struct, frozen=True, kw_only=True):
    """`poll` seconds between price requests (floor 10), `budget` requests an hour, `burst` at once.

    `closes` names who is asked for official closes when the source is out, in order of trust, or "off";
    `closes_after` hours after the close. `recap_folder` is where the recap of each finished week goes (empty:
    nowhere). `log_level` is the least bad that the log takes: error, warning, info or
    debug.
    """

    source: str = "yahoo"
    poll: float = 60.0
    budget: int = 240
    burst: int = 6
    closes: str | tuple[str, ...] = "off"
    closes_after: float = 3.0
    recap_folder: str = ""
    log_level: str = "info"

    @property
    def close_sources(self) -> tuple[str, ...]:
        """Names of the sources of closes in order of trust; empty where they are off."""
        named = (self.closes,) if isinstance(self.closes, str) else self.closes
        return tuple(one for one in dict.fromkeys(named) if one != "off")


class ScreenSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How this screen looks. `refresh` in seconds; `zone` is "exchange" or an IANA name.

    `theme` "auto" is graphite, or ansi on a terminal of sixteen colours. `gain` and `loss` override the
    theme's colours; `red_up` swaps them. `glyphs` is auto, unicode or ascii. `week_basis` is "w/w",
    "O>C" or "1stC>C"; `record_basis` intraday or close. `flash` is auto (off over SSH), on or off.
    `decimals` of prices is "auto" (two, three under ten) or a number for all of them; an instrument's own go first.
    `output` "cells" sends the terminal the cells that changed, "stock" all that is painted. `compact` leaves out
    what only sets things apart, and the footer.
    """

    refresh: float = 1.0
    theme: str = "auto"
    gain: str | None = None
    loss: str | None = None
    red_up: bool = False
    glyphs: str = "auto"
    zone: str = "exchange"
    week_basis: str = "w/w"
    record_basis: str = "intraday"
    flash: str = "auto"
    output: str = "cells"
    sort: str = "own order"
    decimals: int | str = "auto"
    columns: tuple[str, ...] = ()
    hidden_columns: tuple[str, ...] = ()
    compact: bool = False


class Config(msgspec.Struct, frozen=True, kw_only=True):
    """Everything settable. `keys` maps a command's name to its key; `path` is the file it came from."""

    instruments: tuple[Instrument, ...]
    rules: tuple[RuleSetting, ...]
    feed: FeedSettings = FeedSettings()
    screen: ScreenSettings = ScreenSettings()
    keys: dict[str, str] = msgspec.field(default_factory=dict[str, str])
    levels: tuple[UserLevel, ...] = ()
    alerts: tuple[AlertSetting, ...] = ()
    views: tuple[ViewSetting, ...] = ()
    path: str | None = None

    @property
    def watched(self) -> tuple[Instrument, ...]:
        """The instruments on the board, in the user's order."""
        return tuple(one for one in self.instruments if not one.hidden and not one.panel)

    def levels_of(self, symbol: str) -> tuple[UserLevel, ...]:
        """The user's own levels of one instrument, in the order of the file."""
        return tuple(level for level in self.levels if level.symbol == symbol)

    @property
    def followed(self) -> tuple[Instrument, ...]:
        """Everything the feed keeps bars of: the board, then the panel that is counted but not shown."""
        return (*self.watched, *(one for one in self.instruments if one.panel and not one.hidden))


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """A setting that was not taken: file, key, value, what was expected, what is done `instead`."""

    file: str
    key: str
    value: str
    expected: str
    instead: str = "the default is used"

    def __str__(self) -> str:
        """One harmless sentence."""
        where = f"{self.file}: " if self.file else ""
        if not self.key:
            return harmless(f"{where}{self.expected}")
        return harmless(f"{where}{self._assignment}: expected {self.expected}; {self.instead}")

    @property
    def brief(self) -> str:
        """The same for one line: the file by its name alone, and not what is done instead."""
        path = PurePath(self.file)
        where = f"{'theme ' if path.parent.name == 'themes' else ''}{path.name}: " if self.file else ""
        said = f"{self._assignment}: expected {self.expected}" if self.key else self.expected
        return harmless(f"{where}{said}")

    @property
    def _assignment(self) -> str:
        key = self.key if len(self.key) <= LONGEST_KEY else f"{self.key[:LONGEST_KEY]}…"
        return f"{key} = {self.value}"
