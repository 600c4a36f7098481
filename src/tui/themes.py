"""Themes: the packaged ones, the user's own, and the one in force."""

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import msgspec

from ..core.model.config import Problem, ScreenSettings
from ..core.model.theme import ROLES, Theme, is_color
from ..core.settings_file import read_toml, shown

if TYPE_CHECKING:
    from textual.theme import Theme as TextualTheme

T = TypeVar("T")
Themes = Mapping[str, Theme]
Problems = tuple[Problem, ...]

SHIPPED = Path(__file__).parents[1] / "themes"
"""The folder of the packaged themes; each is the theme of its file's name."""

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,39}")
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9-]")
MOST = 200
"""Themes read of one folder."""
LEFT_OUT = "this theme is left out"
_A_COLOR = 'a colour such as "#4fc58a"'


class _Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A theme file as it was written, its faults taken out."""

    file: str
    name: str
    extends: str | None
    dark: bool | None
    ansi: bool | None
    bold: tuple[str, ...] | None
    colors: dict[str, str]


def load_themes(user_folder: Path | None = None) -> tuple[Themes, Problems]:
    """Every theme by name, and what was wrong with the user's files.

    A user's theme of a packaged name takes its place. A role that is missing or wrong has the colour of
    the theme it extends (graphite, or ledger for a light one, where it names none).
    """
    own, problems = _read_folder(user_folder) if user_folder else ({}, ())
    shelf = Shelf(SHIPPED)
    own_themes, wrong = _settled(own, shelf, own)
    shelf.origins = {name: _origin(own, name) for name in own}
    return shelf.under(own_themes), problems + wrong


def _origin(drafts: dict[str, "_Draft"], name: str) -> tuple[Path, ...]:
    found: dict[str, Path] = {}
    while name in drafts and name not in found:
        found[name] = Path(drafts[name].file)
        name = drafts[name].extends or ""
    return tuple(found.values())


class Shelf(Themes):
    """Themes by name; those of a folder are read when they are first wanted, for a screen wears one of them.

    `origins` are the user's files that a theme of theirs takes its colours from, its own first.
    """

    def __init__(self, folder: Path, over: Themes | None = None) -> None:
        self.origins: Mapping[str, tuple[Path, ...]] = {}
        self._files = {one.stem: one for one in sorted(folder.glob("*.toml"))}
        self._read = dict(over or {})

    def under(self, themes: Themes) -> "Shelf":
        """The same shelf with themes that take the place of its own."""
        self._read |= themes
        return self

    def __getitem__(self, name: str) -> Theme:
        found = self._read.get(name)
        if found is None:
            draft, _ = _read(self._files[name])
            if draft is None:
                raise KeyError(name)
            above = draft.extends or _ordinary(draft)
            found = self._read[name] = _over(self[above] if above != name else None, draft)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys((*self._files, *self._read)))

    def __len__(self) -> int:
        return len({*self._files, *self._read})


def _read_folder(folder: Path) -> tuple[dict[str, _Draft], Problems]:
    try:
        paths = sorted(folder.glob("*.toml"))
    except OSError:
        return {}, ()
    drafts: dict[str, _Draft] = {}
    problems: list[Problem] = []
    for path in paths[:MOST]:
        draft, found = _read(path)
        problems += found
        if draft is not None and draft.name in drafts:
            before = Path(drafts[draft.name].file).name
            expected = f"a name that no other theme of yours has ({before} has it)"
            problems.append(
                Problem(file=str(path), key="name", value=shown(draft.name), expected=expected, instead=LEFT_OUT)
            )
        elif draft is not None:
            drafts[draft.name] = draft
    if len(paths) > MOST:
        only = f"holds {len(paths):,} themes; only the first {MOST} by name are read"
        problems.append(Problem(file=str(folder), key="", value="", expected=only))
    return drafts, tuple(problems)


def _read(path: Path) -> tuple[_Draft | None, list[Problem]]:
    content, unreadable = read_toml(path)
    if unreadable:
        return None, list(unreadable)
    reader = _Reader(path, content)
    draft = _Draft(
        file=str(path),
        name=reader.name(),
        extends=reader.take("extends", str, "the name of a theme"),
        dark=reader.take("dark", bool, "true or false"),
        ansi=reader.take("ansi", bool, "true or false"),
        bold=reader.bold(),
        colors=reader.colors(),
    )
    reader.refuse_others()
    return draft, reader.problems


class _Reader:
    """Takes one theme file apart and keeps what was wrong."""

    def __init__(self, path: Path, content: dict[str, Any]) -> None:
        self._file, self._content = str(path), dict(content)
        self._stem = f"theme-{path.stem}" if not path.stem[:1].isalpha() else path.stem
        self.problems: list[Problem] = []

    def _wrong(self, key: str, value: object, expected: str) -> None:
        self.problems.append(_problem(self._file, key, value, expected))

    def name(self) -> str:
        given = self.take("name", str, "a name in quotes")
        if given is None or (_NAME.fullmatch(given) and given != "auto"):
            return given or _NOT_IN_NAMES.sub("-", self._stem)
        self._wrong("name", given, "letters, digits and hyphens, not auto")
        return _NOT_IN_NAMES.sub("-", self._stem)

    def take(self, key: str, kind: type[T], expected: str) -> T | None:
        value = self._content.pop(key, None)
        if value is None or isinstance(value, kind):
            return value
        self._wrong(key, value, expected)
        return None

    def bold(self) -> tuple[str, ...] | None:
        listed = cast("list[object] | None", self.take("bold", list, "a list of roles"))
        if listed is None:
            return None
        roles = tuple(role for role in listed if isinstance(role, str) and role in ROLES)
        for role in listed:
            if role not in roles:
                self._wrong("bold", role, f"a role{_nearest(str(role), ROLES)}")
        return roles

    def colors(self) -> dict[str, str]:
        table = cast("dict[str, object]", self.take("colors", dict, "a table of roles") or {})
        taken: dict[str, str] = {}
        for role, value in table.items():
            if role not in ROLES:
                self._wrong(f"colors.{role}", value, f"a known role{_nearest(role, ROLES)}")
            elif isinstance(value, str) and is_color(value):
                taken[role] = value
            else:
                self._wrong(f"colors.{role}", value, _A_COLOR)
        return taken

    def refuse_others(self) -> None:
        known = ("name", "extends", "dark", "ansi", "bold", "colors")
        for key, value in self._content.items():
            self._wrong(key, value, f"a known key{_nearest(key, known)}")


def _problem(file: str, key: str, value: object, expected: str) -> Problem:
    instead = "the theme it extends is used for that"
    return Problem(file=file, key=key, value=shown(value), expected=expected, instead=instead)


def _nearest(word: str, known: tuple[str, ...]) -> str:
    found = get_close_matches(word[:40], known, n=1)
    return f" (nearest: {found[0]})" if found else f" ({', '.join(known)})" if len(known) < 10 else ""


def _settled(drafts: dict[str, _Draft], base: Themes, kin: dict[str, _Draft]) -> tuple[dict[str, Theme], Problems]:
    """Drafts with the colours of what they extend filled in; `base` are themes that stand already."""
    done: dict[str, Theme] = {}
    problems: list[Problem] = []

    def settle(draft: _Draft, under_way: tuple[str, ...]) -> Theme:
        if draft.name not in done:
            done[draft.name] = _over(parent(draft, (*under_way, draft.name)), draft)
        return done[draft.name]

    def parent(draft: _Draft, under_way: tuple[str, ...]) -> Theme | None:
        wanted = draft.extends
        if wanted and wanted in drafts and wanted not in under_way:
            return settle(drafts[wanted], under_way)
        if wanted and wanted in base:
            return base[wanted]
        if wanted:
            problems.append(_no_parent(draft, (*base, *kin)))
        return base.get(_ordinary(draft))

    for draft in drafts.values():
        settle(draft, ())
    return done, tuple(problems)


def _ordinary(draft: _Draft) -> str:
    if draft.ansi:
        return "ansi-light" if draft.dark is False else "ansi"
    return "ledger" if draft.dark is False else "graphite"


def _no_parent(draft: _Draft, known: tuple[str, ...]) -> Problem:
    wanted = draft.extends or ""
    expected = "a theme that does not extend this one" if wanted in known else "a known theme"
    near = "" if wanted in known else _nearest(wanted, tuple(sorted(known)))
    return _problem(draft.file, "extends", wanted, expected + near)


def _over(base: Theme | None, draft: _Draft) -> Theme:
    if base is None:
        return Theme(
            name=draft.name,
            dark=draft.dark is not False,
            ansi=bool(draft.ansi),
            bold=draft.bold or (),
            colors=draft.colors,
        )
    return Theme(
        name=draft.name,
        dark=base.dark if draft.dark is None else draft.dark,
        ansi=base.ansi if draft.ansi is None else draft.ansi,
        bold=base.bold if draft.bold is None else draft.bold,
        colors=base.colors | draft.colors,
    )


def resolve(themes: Themes, settings: ScreenSettings, environment: Mapping[str, str]) -> Theme:
    """The theme in force, its colours of gain and loss settled.

    "auto", and a name nobody knows, is graphite, or ansi where the terminal has sixteen colours.
    `settings.gain` and `loss` replace the theme's; `red_up` then swaps the two. Under NO_COLOR every
    role is the terminal's own ink and `no_color` is set.
    """
    if environment.get("NO_COLOR"):
        return _without_color()
    name = settings.theme if settings.theme in themes else automatic(environment)
    theme = themes[name]
    bull = settings.gain if is_color(settings.gain) else None
    bear = settings.loss if is_color(settings.loss) else None
    pair = (bull or theme.colors["bull"], bear or theme.colors["bear"])
    up, down = reversed(pair) if settings.red_up else pair
    return msgspec.structs.replace(theme, colors=theme.colors | {"bull": up, "bear": down})


def theme_problem(themes: Themes, settings: ScreenSettings, file: str = "") -> Problem | None:
    """What is wrong with the name of the theme asked for, None where it is known."""
    if settings.theme == "auto" or settings.theme in themes:
        return None
    near = _nearest(settings.theme, tuple(sorted(themes)))
    return Problem(file=file, key="screen.theme", value=shown(settings.theme), expected=f"the name of a theme{near}")


def automatic(environment: Mapping[str, str]) -> str:
    """The theme of somebody who chose none: by how many colours the terminal says it has."""
    if has_many_colors(environment):
        return "graphite"
    ground = environment.get("COLORFGBG", "").rpartition(";")[2]
    return "ansi-light" if ground in ("7", "15") else "ansi"


def has_many_colors(environment: Mapping[str, str]) -> bool:
    """Whether 256 colours or more can be shown, by the same signs that decide what is sent."""
    forced = environment.get("TEXTUAL_COLOR_SYSTEM", "auto")
    if forced != "auto":
        return forced in ("256", "truecolor")
    if environment.get("COLORTERM", "").strip().lower() in ("truecolor", "24bit"):
        return True
    return environment.get("TERM", "").strip().lower().rpartition("-")[2] in ("256color", "kitty")


def _without_color() -> Theme:
    return Theme(
        name="no-color",
        ansi=True,
        no_color=True,
        bold=("bright", "range-mark", "flag-notable", "flag-rare", "fault"),
        colors=dict.fromkeys(ROLES, "ansi_default"),
    )


def as_textual(theme: Theme) -> "TextualTheme":
    """The theme for Textual, every role a variable: ``$bull``, ``$flag-rare``, ``$chip-closed`` and so on."""
    from textual.theme import Theme as TextualTheme

    color = theme.colors
    return TextualTheme(
        name=theme.name, dark=theme.dark, ansi=theme.ansi,
        primary=color["accent"], secondary=color["record"], accent=color["accent"],
        warning=color["flag-notable"], error=color["fault"], success=color["bull"],
        foreground=color["text"], background=color["background"],
        surface=color["surface"], panel=color["panel"],
        variables=_stock_variables(theme) | color,
    )  # fmt: skip


def _stock_variables(theme: Theme) -> dict[str, str]:
    """What Textual's own widgets (palette, help, inputs) read, in this theme's roles."""
    color = theme.colors
    ground, ink = ("accent", "on-accent") if theme.ansi else ("lift", "bright")
    roles = {
        "text-muted": "muted", "text-disabled": "faint", "foreground-muted": "muted",
        "border": "accent", "border-blurred": "rule",
        "block-cursor-foreground": ink, "block-cursor-background": ground,
        "block-cursor-blurred-foreground": "text", "block-cursor-blurred-background": "panel",
        "block-hover-background": "lift",
        "scrollbar": "rule", "scrollbar-hover": "muted", "scrollbar-active": "accent",
        "scrollbar-background": "background", "scrollbar-background-hover": "background",
        "scrollbar-background-active": "background", "scrollbar-corner-color": "background",
        "footer-background": "surface", "footer-foreground": "muted",
        "footer-key-foreground": "accent", "footer-description-foreground": "muted",
        "input-cursor-background": "accent", "input-cursor-foreground": "on-accent",
        "input-selection-background": ground, "input-selection-foreground": ink,
        "screen-selection-background": ground, "screen-selection-foreground": ink,
        "link-color": "accent", "button-color-foreground": "on-accent",
    }  # fmt: skip
    # only its own ANSI themes define these, and an ANSI theme without them cannot be applied
    roles |= {"foreground-disabled": "faint", "surface-active": "surface"} if theme.ansi else {}
    roles |= {"ansi-background": "background", "ansi-foreground": "text"} if theme.ansi else {}
    return {name: color[role] for name, role in roles.items()}
