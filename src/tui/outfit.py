"""What the settings make of the screen: keys, themes, glyphs, first order; and what of them was not taken."""

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from ..core.model.config import Config, Problem
from ..core.model.theme import Theme
from ..core.settings import near
from ..core.settings_file import shown
from .choices import RECORD_BASES, WEEK_BASES, Choices, Sort
from .commands import Bound, bind
from .glyphs import wants_ascii
from .look import Decimals
from .panes import ORDERED, headings, places_of, sorts_by
from .themes import has_many_colors, resolve, theme_problem
from .view_choices import Layout, left, renewed
from .view_keys import with_views
from .wardrobe import Wardrobe, filled

OWN_ORDER = "own order"


class Outfit(Struct, frozen=True):
    """Everything derived from one configuration."""

    config: Config
    bound: tuple[Bound, ...]
    wardrobe: Wardrobe
    theme: Theme
    ascii: bool
    sorts: tuple[tuple[str, Sort], ...]
    problems: tuple[Problem, ...]
    layouts: tuple[Layout, ...] = ()
    sixteen: bool = False
    decimals: Decimals = Decimals()
    first: Mapping[str, tuple[str, ...]] = {}

    @property
    def themes(self) -> Mapping[str, Theme]:
        """Every theme by name."""
        return self.wardrobe.themes

    def in_theme(self, name: str) -> Theme:
        """A theme as this screen wears it: with the gain and loss of the settings, under NO_COLOR without colour."""
        if self.theme.no_color:
            return self.theme
        return resolve(self.themes, replace(self.config.screen, theme=name), {})

    def chosen(self, now: Choices) -> Choices:
        """The choices with what the settings say about them."""
        screen = self.config.screen
        week = screen.week_basis if screen.week_basis in WEEK_BASES else now.week_basis
        record = screen.record_basis if screen.record_basis in RECORD_BASES else now.record_basis
        plain = replace(left(now), week_basis=week, record_basis=record, sorts=self.sorts)
        return renewed(now, plain, self.layouts)

    def layout(self, digit: int) -> Layout | None:
        """The saved layout of a digit."""
        return next((one for one in self.layouts if one.setting.digit == digit), None)

    def theme_words(self, name: str) -> str:
        """``auto: graphite`` where the program chose it, else the theme's name alone."""
        by_itself = self.config.screen.theme == "auto" and name == self.theme.name
        return f"auto: {name}" if by_itself else name


def outfit(
    config: Config, user_themes: Path, environment: Mapping[str, str], wardrobe: Wardrobe | None = None
) -> Outfit:
    """Dress the screen by its settings; a wrong one costs only itself. `wardrobe` are themes read already."""
    file = config.path or ""
    bound, unbound = bind(config.keys, file)
    wardrobe = wardrobe or filled(user_themes)
    unknown = theme_problem(wardrobe.themes, config.screen, file)
    bound, undialled = with_views(bound, config.views, config.keys, file)
    sorts, unsorted = _first_order(config.screen.sort, file)
    first, unplaced = _first_columns(config.screen.columns, file)
    orders = [_first_order(one.sort or OWN_ORDER, file, f"view[{one.name}].sort") for one in config.views]
    return Outfit(
        config=config,
        bound=bound,
        wardrobe=wardrobe,
        theme=resolve(wardrobe.themes, config.screen, environment),
        ascii=wants_ascii(config.screen.glyphs, environment),
        sorts=sorts,
        problems=(
            *unbound,
            *wardrobe.problems,
            *((unknown,) if unknown else ()),
            *unsorted,
            *unplaced,
            *undialled,
            *(problem for _, found in orders for problem in found),
        ),
        layouts=tuple(Layout(one, order) for one, (order, _) in zip(config.views, orders, strict=True)),
        sixteen=not has_many_colors(environment),
        decimals=decimals_of(config),
        first=first,
    )


def decimals_of(config: Config) -> Decimals:
    """How many decimals the settings ask for."""
    own = {one.symbol: one.decimals for one in config.instruments if one.decimals is not None}
    every = config.screen.decimals
    return Decimals(every if isinstance(every, int) else None, own)


def _first_columns(labels: tuple[str, ...], file: str) -> tuple[Mapping[str, tuple[str, ...]], tuple[Problem, ...]]:
    if not labels:
        return {}, ()
    known = headings(ORDERED)
    problems = tuple(
        Problem(
            file=file, key="screen.columns", value=shown(one),
            expected=f"the heading of a column{near(one.upper(), sorted(known.values()))}", instead="it is left out",
        )
        for one in labels
        if one.casefold() not in known
    )  # fmt: skip
    return places_of(labels), problems


def _first_order(
    label: str, file: str, key: str = "screen.sort"
) -> tuple[tuple[tuple[str, Sort], ...], tuple[Problem, ...]]:
    sorts = sorts_by(label) if label != OWN_ORDER else ()
    if sorts or label == OWN_ORDER:
        return sorts, ()
    expected = f'"{OWN_ORDER}" or the heading of a column such as "CHG %"'
    return (), (Problem(file=file, key=key, value=f'"{label}"', expected=expected),)
