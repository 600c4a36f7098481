"""What is shown, as a block of the settings file."""

from collections.abc import Mapping
from pathlib import Path
from typing import cast

from ..core.model.config import Config, Problem
from ..core.settings_blocks import BlockValue, put_block
from .chart_choices import ChartChoice
from .choices import Choices
from .panes import discover
from .view_choices import PANES_SCREEN
from .widgets.table import Column

Fields = dict[str, BlockValue]


def saved(
    file: Path, digit: int, name: str, choices: Choices, in_sight: tuple[str, ...], config: Config
) -> Problem | None:
    """Write the view under its digit, in place of one that is there; None when it is done."""
    return put_block(file, "view", {"digit": digit}, {"name": name, **fields(choices, in_sight, config)})


def fields(choices: Choices, in_sight: tuple[str, ...], config: Config) -> Fields:
    """The keys of a view that shows what is shown now; None for one that is to go."""
    own, screen = choices.view.setting if choices.view is not None else None, config.screen
    sort = choices.sort(choices.focus)
    usual = choices.panes[0] if choices.panes else "" if choices.screen == "overview" else choices.screen
    made: Fields = {
        "screen": None if choices.screen == PANES_SCREEN else choices.screen,
        "panes": choices.panes or None,
        "arrange": own.arrange if own is not None and own.arrange != "auto" else None,
        "groups": (choices.group,) if choices.group else own.groups if own is not None and own.groups else None,
        "sort": _heading(choices.focus, sort.column) if sort is not None else None,
        "reverse": True if sort is not None and sort.reverse else None,
        "week_basis": choices.week_basis if choices.week_basis != screen.week_basis else None,
        "record_basis": choices.record_basis if choices.record_basis != screen.record_basis else None,
        "hidden_columns": own.hidden_columns if own is not None and own.hidden_columns else None,
        "focus": choices.focus if choices.focus not in ("", usual) and choices.focus in in_sight else None,
        "zoomed": True if choices.zoomed else None,
    }
    return made | _chart(choices, config)


def _chart(choices: Choices, config: Config) -> Fields:
    """The chart where one is shown: of which instrument, against which, in which frame."""
    shown = choices.screen == "chart" or "chart" in choices.panes
    chart, plain = choices.chart, ChartChoice()
    symbols: Mapping[str, str] = {one.symbol: one.short for one in config.instruments}
    return {
        "symbol": symbols.get(choices.selected or "") if shown else None,
        "against": symbols.get(chart.against or "") if shown and chart.kind == "ratio" else None,
        "frame": chart.frame if shown and chart.frame != plain.frame else None,
        "chart": chart.kind if shown and chart.kind != plain.kind else None,
    }


def _heading(pane: str, key: str) -> str | None:
    """What the settings call a column of a pane."""
    columns = cast("tuple[Column, ...]", getattr(discover().get(pane), "COLUMNS", ()))
    return next((one.label for one in columns if one.key == key), None)
