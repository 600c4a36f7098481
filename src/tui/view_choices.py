"""Saved layouts among the choices: entering one, leaving it, and what is then as it was before."""

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from ..core.model.view_setting import ViewSetting
from .chart_choices import CLOSES, ChartChoice, frames_of

if TYPE_CHECKING:
    from .choices import Choices, Sort

PANES_SCREEN = "panes"
"""The screen of a view that is made of panes of its own."""
SHIPPED_GROUPS = {"confirmation": ("macro", "futures")}
"""Groups of instruments shown beside the panes of a screen that ships."""


class Layout(Struct, frozen=True):
    """A view as the screen takes it: the setting, and the order it asks for in each pane."""

    setting: ViewSetting
    sorts: "tuple[tuple[str, Sort], ...]" = ()

    @property
    def panes(self) -> tuple[str, ...]:
        """Panes of its own; empty where it is one of the screens that ship."""
        return self.setting.panes


class Before(Struct, frozen=True):
    """What a view has put something else in place of."""

    selected: str | None
    sorts: "tuple[tuple[str, Sort], ...]"
    group: str | None
    week_basis: str
    record_basis: str
    chart: ChartChoice


def entered(now: "Choices", layout: Layout) -> "Choices":
    """The view as it was saved; the view before it is left."""
    setting = layout.setting
    first = layout.panes[0] if layout.panes else "" if setting.screen == "overview" else setting.screen
    plain = replace(
        left(now),
        screen=setting.screen or PANES_SCREEN,
        focus=setting.focus or first,
        zoomed=setting.zoomed,
        find=now.opened.find if now.opened else now.find,
        page="", figure=None, exporting="", opened=None,
    )  # fmt: skip
    return defined(plain, layout)


def defined(now: "Choices", layout: Layout) -> "Choices":
    """The definitions, order, row and chart of a view in force, whatever screen is shown."""
    setting = layout.setting
    kept = Before(now.selected, now.sorts, now.group, now.week_basis, now.record_basis, now.chart)
    shown = replace(
        now,
        view=layout,
        before=kept,
        selected=setting.symbol or now.selected,
        sorts=_sorts(now, layout),
        week_basis=setting.week_basis or now.week_basis,
        record_basis=setting.record_basis or now.record_basis,
        chart=_charted(now.chart, setting),
    )
    return narrowed(shown)


def _sorts(now: "Choices", layout: Layout) -> "tuple[tuple[str, Sort], ...]":
    if not layout.sorts:
        return now.sorts
    return tuple((name, replace(sort, reverse=layout.setting.reverse)) for name, sort in layout.sorts)


def _charted(now: ChartChoice, setting: ViewSetting) -> ChartChoice:
    if not (setting.chart or setting.frame or setting.against):
        return now
    kind = setting.chart or ("ratio" if setting.against else now.kind)
    frame = setting.frame or now.frame
    frame = frame if frame in frames_of(kind) else CLOSES[0]
    return ChartChoice(kind=kind, frame=frame, log=now.log, candles=now.candles, against=setting.against or now.against)


def narrowed(now: "Choices") -> "Choices":
    """Without a filter that would leave no instrument of the groups that are shown."""
    return now if not now.group or not now.groups or now.group in now.groups else replace(now, group=None)


def left(now: "Choices") -> "Choices":
    """Out of a view: what it has set is as it was before it, the rest stays as it is now."""
    if now.view is None or now.before is None:
        return now
    setting, before = now.view.setting, now.before
    chart = before.chart if setting.chart or setting.frame or setting.against else now.chart
    return replace(
        now,
        view=None,
        before=None,
        selected=before.selected if setting.symbol else now.selected,
        sorts=before.sorts if now.view.sorts else now.sorts,
        group=now.group or before.group,
        week_basis=before.week_basis if setting.week_basis else now.week_basis,
        record_basis=before.record_basis if setting.record_basis else now.record_basis,
        chart=chart,
    )


def renewed(now: "Choices", plain: "Choices", layouts: tuple[Layout, ...]) -> "Choices":
    """The choices after other settings were taken up; `plain` are those without a view, as the settings have them.

    A view that is still there is shown on, one that has gone gives way to what it stood on.
    """
    home = _again(now.home, layouts) or next((one for one in layouts if one.setting.digit == 1), None)
    plain = replace(plain, home=home if now.home_screen == "overview" or now.home else None)
    again = _again(now.view, layouts)
    if again is None:
        return replace(plain, screen="overview", focus="") if plain.screen == PANES_SCREEN else plain
    was = now.view.setting if now.view else again.setting
    same = (was.screen, was.panes) == (again.setting.screen, again.setting.panes)
    return defined(plain, again) if same or plain.opened else entered(plain, again)


def _again(layout: Layout | None, layouts: tuple[Layout, ...]) -> Layout | None:
    """The view of the same name, else of the same digit."""
    if layout is None:
        return None
    name, digit = layout.setting.name.casefold(), layout.setting.digit
    named = next((one for one in layouts if one.setting.name.casefold() == name), None)
    return named or next((one for one in layouts if one.setting.digit == digit), None)
