"""The five commissioning articles held against real bars: `python docs/articles.py DATA_FOLDER`.

Imports the folder (daily bars, a CSV file a symbol) into a store of its own, runs the program's commands on it and
prints a table in Markdown; every value comes from what a command wrote. With `--against OTHER_FOLDER` only the rows
are printed that come out differently on the bars of that folder. Needs the development install.
"""

import argparse
import contextlib
import io
import json
import re
import shlex
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from articles_rows import ROWS, Row

from tapewatch.cli import run
from tapewatch.core.model.claim import Answer
from tapewatch.tui.claim_report import value_of

VERDICTS = {"true": "agrees", "unknown": "missing"}
HEADS = ("article", "claim", "command", "value", "article's value", "verdict")
FIGURES = 3
"""Of one reading; the command has them all."""


@dataclass(frozen=True)
class Outcome:
    """What a row came to."""

    row: Row
    value: str
    verdict: str


def main(arguments: Sequence[str]) -> int:
    """Print the table, or with another folder what differs between the two."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--against", type=Path, metavar="OTHER_FOLDER")
    chosen = parser.parse_args(arguments)
    found = list(outcomes(chosen.folder))
    if chosen.against is None:
        print_table(HEADS, [cells(one) for one in found])
        return 0
    pairs = [pair for pair in zip(found, outcomes(chosen.against), strict=True) if pair[0] != pair[1]]
    heads = ("article", "claim", "command", "value", "verdict", "value there", "verdict there")
    print_table(heads, [(*named(a.row), a.value, a.verdict, b.value, b.verdict) for a, b in pairs])
    return 0


def outcomes(folder: Path) -> Iterator[Outcome]:
    """Every row, from a private store of the folder's bars."""
    with tempfile.TemporaryDirectory() as place:
        store = ["--store", place, "--config", str(empty_settings(Path(place)))]
        if output_of(["import", str(folder), *store])[0] not in (0, 3):
            raise SystemExit(f"{folder} could not be imported")
        written = cache(lambda command: output_of([*shlex.split(command), "--json", *store]))
        for row in ROWS:
            yield outcome(row, *written(row.command))


def empty_settings(place: Path) -> Path:
    """Settings of nobody, so that those of whoever runs this change nothing."""
    file = place / "config.toml"
    file.touch()
    return file


def output_of(arguments: Sequence[str]) -> tuple[int, str]:
    """Exit code and standard output of a command."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = run(arguments)
        except SystemExit as ended:
            code = int(ended.code or 0)
    return code, out.getvalue() or err.getvalue()


def outcome(row: Row, code: int, text: str) -> Outcome:
    """Value and verdict of a row."""
    if not text.startswith("{"):
        return Outcome(row, text.strip().splitlines()[0] if text.strip() else f"exit {code}", "missing")
    if row.command.startswith("check "):
        return of_claim(row, msgspec.json.decode(text, type=Answer))
    return of_paths(row, json.loads(text))


def of_claim(row: Row, answer: Answer) -> Outcome:
    """The figures of each reading, and the check's own verdict."""
    readings = [(part, reading) for part in answer.parts for reading in part.readings]
    shown = [
        (f"{reading.basis} " if reading.basis else "")
        + ", ".join(f"{figure.label} {value_of(figure)}" for figure in reading.figures[:FIGURES])
        for _, reading in readings
    ]
    return Outcome(row, "; ".join(shown) or "; ".join(answer.missing), VERDICTS.get(answer.verdict, answer.verdict))


def of_paths(row: Row, output: Any) -> Outcome:
    """The values at the row's paths; false where one of them is not the article's."""
    found = [at(output, path) for path in row.paths]
    pairs = zip(row.paths, found, strict=True)
    shown = ", ".join(f"{path.rpartition('.')[2]} {written(value)}" for path, value in pairs)
    if any(value is None for value in found):
        why = at(output, f"{row.paths[0].rpartition('.')[0]}.reading")
        return Outcome(row, str(why or shown), "missing")
    if not row.numbers:
        return Outcome(row, shown, "shown")
    met = all(meets(value, number) for value, number in zip(found, row.numbers, strict=True))
    return Outcome(row, shown, "agrees" if met else "false")


def at(output: Any, path: str) -> Any:
    """A value by keys and, in brackets, by index or by the key and value of one in a list; None where there is none."""
    for step in re.findall(r"[^.\[\]]+(?:\[[^\]]*\])?", path):
        name, _, wanted = step.rstrip("]").partition("[")
        output = output.get(name) if isinstance(output, dict) else None
        if wanted and isinstance(output, list):
            output = picked(output, wanted)
    return output


def picked(listed: list[Any], wanted: str) -> Any:
    """The item at an index, or the first whose key has a value (or lists it); `holds` is a price within a level."""
    key, equal, value = wanted.partition("=")
    if key == "holds":
        return next((one for one in listed if one["low"] <= float(value) <= one["high"]), None)
    if not equal:
        return listed[int(key)] if int(key) < len(listed) else None
    return next((one for one in listed if value == one.get(key) or value in listed_in(one.get(key))), None)


def listed_in(value: Any) -> list[Any]:
    """The value if it is a list."""
    return value if isinstance(value, list) else []


def meets(value: Any, number: str) -> bool:
    """Whether a value is the article's number to its last printed digit, or its very word."""
    try:
        wanted = float(number)
    except ValueError:
        return bool(str(value) == number)
    half = 0.5 * 10.0 ** -len(number.partition(".")[2])
    return abs(float(value) - wanted) <= max(half, 0.0101 if abs(wanted) > 100 and half < 0.05 else 0.0) + 1e-9


def written(value: Any) -> str:
    """A value as the table shows it."""
    if isinstance(value, float):
        return f"{value:,.2f}"
    return "-" if value is None else ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def named(row: Row) -> tuple[str, str, str]:
    """Which row this is."""
    return row.article, row.says, f"`tapewatch {row.command}`"


def cells(one: Outcome) -> tuple[str, ...]:
    """A row of the table."""
    return (*named(one.row), one.value, one.row.stated or ", ".join(one.row.numbers) or "-", one.verdict)


def print_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table in Markdown."""
    for line in (heads, ["---"] * len(heads), *rows):
        sys.stdout.write(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
