"""What the settings make of the screen: keys, themes, glyphs, first order; and what of them was not taken."""

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from ..core.model.config import Config, Problem
from ..core.model.theme import Theme
from .choices import RECORD_BASES, WEEK_BASES, Choices, Sort
from .commands import Bound, bind
from .glyphs import wants_ascii
from .panes import sorts_by
from .themes import load_themes, resolve, theme_problem
from .view_choices import Layout, left, renewed
from .view_keys import with_views

OWN_ORDER = "own order"


class Outfit(Struct, frozen=True):
    """Everything derived from one configuration."""

    config: Config
    bound: tuple[Bound, ...]
    themes: Mapping[str, Theme]
    theme: Theme
    ascii: bool
    sorts: tuple[tuple[str, Sort], ...]
    problems: tuple[Problem, ...]
    layouts: tuple[Layout, ...] = ()

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


def outfit(config: Config, user_themes: Path, environment: Mapping[str, str]) -> Outfit:
    """Dress the screen by its settings; a wrong one costs only itself."""
    file = config.path or ""
    bound, unbound = bind(config.keys, file)
    themes, unreadable = load_themes(user_themes)
    unknown = theme_problem(themes, config.screen, file)
    bound, undialled = with_views(bound, config.views, config.keys, file)
    sorts, unsorted = _first_order(config.screen.sort, file)
    orders = [_first_order(one.sort or OWN_ORDER, file, f"view[{one.name}].sort") for one in config.views]
    return Outfit(
        config=config,
        bound=bound,
        themes=themes,
        theme=resolve(themes, config.screen, environment),
        ascii=wants_ascii(config.screen.glyphs, environment),
        sorts=sorts,
        problems=(
            *unbound,
            *unreadable,
            *((unknown,) if unknown else ()),
            *unsorted,
            *undialled,
            *(problem for _, found in orders for problem in found),
        ),
        layouts=tuple(Layout(one, order) for one, (order, _) in zip(config.views, orders, strict=True)),
    )


def _first_order(
    label: str, file: str, key: str = "screen.sort"
) -> tuple[tuple[tuple[str, Sort], ...], tuple[Problem, ...]]:
    sorts = sorts_by(label) if label != OWN_ORDER else ()
    if sorts or label == OWN_ORDER:
        return sorts, ()
    expected = f'"{OWN_ORDER}" or the heading of a column such as "CHG %"'
    return (), (Problem(file=file, key=key, value=f'"{label}"', expected=expected),)
