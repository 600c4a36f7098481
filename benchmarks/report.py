"""What was measured: as a table for eyes, as JSON for machines, as Markdown for the documentation."""

import json
import math
import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tapewatch.core.clock import wall

from .measured import Measured

HEADS = ("goal", "what", "measured", "ratio", "limit", "met")
RIGHT = ("goal", "ratio", "limit")
"""Columns that are set to the right."""


def table(found: Iterable[Measured]) -> str:
    """The rows in columns, for a terminal."""
    rows = [HEADS, *map(cells, found)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADS))]
    return "\n".join("  ".join(_set(row, widths)).rstrip() for row in rows)


def _set(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    sided = zip(HEADS, row, widths, strict=True)
    return [text.rjust(width) if head in RIGHT else text.ljust(width) for head, text, width in sided]


def markdown(found: Iterable[Measured]) -> str:
    """The same as a table of Markdown."""
    lines: list[Sequence[str]] = [HEADS, ["---:" if one in RIGHT else "---" for one in HEADS], *map(cells, found)]
    return "\n".join("| " + " | ".join(one.replace("|", "\\|") for one in row) + " |" for row in lines) + "\n"


def cells(one: Measured) -> tuple[str, ...]:
    """A row of the table; what is not there is a dash."""
    met = {None: "–", True: "yes", False: "no"}[one.met]
    ratio = number(one.ratio)
    if one.spread is not None and one.spread[0] != one.spread[1]:
        ratio += f" ({number(one.spread[0])} to {number(one.spread[1])})"
    figure = f"{one.figure}; WRONG: {one.wrong}" if one.wrong else one.figure
    return str(one.goal or "–"), one.what, figure, ratio, number(one.limit), met


def number(value: float | None) -> str:
    """Three figures that count, and no more decimals than they need."""
    if value is None:
        return "–"
    if math.isinf(value):
        return "∞"
    if value == int(value):
        return f"{value:,.0f}"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def results(found: Iterable[Measured], runs: int, *, quick: bool) -> dict[str, Any]:
    """Everything for the file: when, on what, and the rows; no names of machines or folders."""
    return {
        "date": wall().date().isoformat(),
        "tapewatch": version("tapewatch"),
        "python": platform.python_version(),
        "textual": version("textual"),
        "platform": f"{platform.system()} {platform.machine()}",
        "cpus": os.cpu_count(),
        "runs": runs,
        "quick": quick,
        "rows": [_row(one) for one in found],
    }


def _row(one: Measured) -> dict[str, Any]:
    return {
        "goal": one.goal, "what": one.what, "figure": one.figure, "ratio": _finite(one.ratio), "limit": one.limit,
        "met": one.met, "spread": [_finite(end) for end in one.spread] if one.spread else None, "wrong": one.wrong,
    }  # fmt: skip


def _finite(value: float | None) -> float | str | None:
    """JSON knows no infinity."""
    if value is None or math.isfinite(value):
        return value if value is None else round(value, 4)
    return "inf"


def rows_of(content: Mapping[str, Any]) -> list[Measured]:
    """The rows of such a file."""
    return [_measured(row) for row in content["rows"]]


def _measured(row: Mapping[str, Any]) -> Measured:
    ratio = None if row["ratio"] is None else float(row["ratio"])
    spread = (float(row["spread"][0]), float(row["spread"][1])) if row["spread"] else None
    return Measured(row["goal"], row["what"], row["figure"], ratio, row["limit"], spread, row.get("wrong", ""))


def write(content: Mapping[str, Any], file: Path) -> None:
    """The file of results."""
    file.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def read(file: Path) -> dict[str, Any]:
    """What was written."""
    content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return content
