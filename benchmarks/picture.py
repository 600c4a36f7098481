"""One picture of the results: how far each figure is from its limit, on a log scale, as SVG written by hand."""

import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from .measured import Measured
from .report import number, rows_of

LEAST, MOST = 1 / 32, 32.0
"""Share of the limit at the two ends of the scale; what lies beyond ends there, its number tells."""
WIDTH, LEFT, RIGHT, TOP, ROW, BAR = 960, 400, 170, 76, 26, 14
INK, QUIET, LINE = "#1f2933", "#5f6c7b", "#d5dbe1"
GOOD, BAD = "#2f7d5b", "#b4552d"
MARKS = (1 / 32, 1 / 8, 1 / 2, 1.0, 2.0, 8.0, 32.0)
LONGEST = 62
"""Characters of a label."""


def picture(content: Mapping[str, Any]) -> str:
    """The picture of a file of results; rows without a limit are not in it."""
    rows = [one for one in rows_of(content) if one.ratio is not None and one.limit is not None]
    height = TOP + ROW * len(rows) + 54
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        'font-family="DejaVu Sans, Verdana, Helvetica, Arial, sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        _text(20, 28, "tapewatch: each figure as a share of its limit", INK, size=16),
        _text(20, 48, _made_on(content), QUIET),
        *_scale(len(rows)),
        *(part for index, one in enumerate(rows) for part in _bar(one, TOP + ROW * index)),
        _text(20, height - 16, _legend(rows), QUIET),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _made_on(content: Mapping[str, Any]) -> str:
    return (
        f"{content['date']} · Python {content['python']} · Textual {content['textual']} · {content['platform']} · "
        f"{content['cpus']} CPUs · median of {content['runs']} runs"
    )


def _legend(rows: Sequence[Measured]) -> str:
    met = sum(one.met is True for one in rows)
    return f"{met} of {len(rows)} within the limit (left of the line at 1×). Log scale; shorter is better."


def _scale(count: int) -> list[str]:
    bottom = TOP + ROW * count
    parts: list[str] = []
    for mark in MARKS:
        x, at_limit = _place(mark), mark == 1.0
        stroke = f'stroke="{INK if at_limit else LINE}" stroke-width="{1.5 if at_limit else 1}"'
        parts.append(f'<line x1="{x:.1f}" y1="{TOP - 6}" x2="{x:.1f}" y2="{bottom}" {stroke}/>')
        label = f"{mark:g}×" if mark >= 1 else f"1/{1 / mark:g}×"
        parts.append(_text(x, bottom + 16, label, INK if at_limit else QUIET, anchor="middle"))
    return parts


def _bar(one: Measured, top: float) -> list[str]:
    share = share_of_limit(one)
    end, colour = _place(share), GOOD if one.met else BAD
    middle = top + ROW / 2 + 4
    width = max(2.0, end - LEFT)
    label = f"{one.goal}  {one.what}"
    label = label if len(label) <= LONGEST else f"{label[: LONGEST - 1]}…"
    said = f"{number(one.ratio)} of {number(one.limit)}"
    return [
        _text(LEFT - 10, middle, label, INK, anchor="end", size=11),
        f'<rect x="{LEFT}" y="{top + (ROW - BAR) / 2}" width="{width:.1f}" height="{BAR}" rx="2" fill="{colour}"/>',
        _text(WIDTH - RIGHT + 14, middle, said, colour, size=11),
    ]


def share_of_limit(one: Measured) -> float:
    """Ratio over limit; with a limit of nought it is nothing, or all there is."""
    if one.ratio is None or one.limit is None:
        raise ValueError(f"{one.what} has no limit")
    if one.limit:
        return one.ratio / one.limit
    return math.inf if one.ratio else 0.0


def _place(share: float) -> float:
    """Where a share of the limit lies from left to right."""
    kept = min(MOST, max(LEAST, share))
    return LEFT + (WIDTH - LEFT - RIGHT) * math.log(kept / LEAST) / math.log(MOST / LEAST)


def _text(x: float, y: float, text: str, colour: str, *, anchor: str = "start", size: int = 12) -> str:
    where = f'x="{x:.1f}" y="{y:.1f}" fill="{colour}" text-anchor="{anchor}" font-size="{size}"'
    return f"<text {where}>{escape(text)}</text>"
