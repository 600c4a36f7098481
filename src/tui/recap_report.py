"""A recap as text for a pipe, as Markdown for a desk note, and as JSON."""

from collections.abc import Iterable

from ..core.model.decoding import json_text, made_harmless
from ..core.model.recap import IndexLine, Part, Recap, SessionLine, Turn
from . import format as fmt
from .text import wrap

WIDTH = 100
Cells = tuple[str, ...]


def printed_recap(recap: Recap, form: str) -> str:
    """The recap as text, markdown or json, ending in a newline."""
    if form == "json":
        return json_text(recap) + "\n"
    recap = made_harmless(recap)
    whole = _markdown(recap) if form == "markdown" else _text(recap)
    return plain("\n".join(whole)) + "\n"


def plain(text: str) -> str:
    """What leaves for a pipe or a file: plain hyphens, quotes and blanks."""
    for one, other in ((fmt.MINUS, "-"), (fmt.NO_DATA, "-"), (fmt.NO_BREAK, " "), ("’", "'"), ("“", '"'), ("”", '"')):
        text = text.replace(one, other)
    return text


def sessions_words(recap: Recap) -> str:
    """``5 of 5, final``, or ``day 3 of 5``."""
    if recap.final:
        return f"{recap.sessions} of {recap.expected}, final"
    return f"day {recap.sessions} of {recap.expected}"


def _title(recap: Recap) -> str:
    return f"{recap.name}: {recap.title} ({sessions_words(recap)})"


# -- text -----------------------------------------------------------------------------------------------


def _text(recap: Recap) -> list[str]:
    lines = [_title(recap), ""]
    for part in recap.parts:
        lines += [*_paragraph(part), ""]
    for title, heads, rows in tables(recap):
        lines += [title, *_columns([heads, *rows]), ""]
    return [*lines, recap.closing]


def _paragraph(part: Part) -> list[str]:
    body = " ".join(sentence.text for sentence in part.sentences)
    return [part.heading.text, *(f"  {one}" for one in wrap(body, WIDTH - 2))]


def _columns(rows: list[Cells]) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        ("  " + "  ".join(cell.ljust(wide) if _is_word(rows, at) else cell.rjust(wide) for at, (cell, wide) in cells))
        .rstrip()
        for cells in (list(enumerate(zip(row, widths, strict=True))) for row in rows)
    ]  # fmt: skip


def _is_word(rows: list[Cells], column: int) -> bool:
    """Whether a column holds words: they stand left, numbers right."""
    return any(row[column][:1].isalpha() for row in rows[1:])


# -- markdown -------------------------------------------------------------------------------------------


def _markdown(recap: Recap) -> list[str]:
    lines = [f"# {_title(recap)}", ""]
    for part in recap.parts:
        lines += [f"## {part.heading.text}", "", " ".join(one.text for one in part.sentences), ""]
    for title, heads, rows in tables(recap):
        rule = tuple("---" if _is_word([heads, *rows], at) else "---:" for at in range(len(heads)))
        lines += [f"## {title}", "", *(f"| {' | '.join(row)} |" for row in (heads, rule, *rows)), ""]
    return [*lines, f"*{recap.closing}*"]


# -- tables ---------------------------------------------------------------------------------------------


def tables(recap: Recap) -> list[tuple[str, Cells, list[Cells]]]:
    """Title, headings and rows of the recap's tables; those without rows are left out."""
    made: list[tuple[str, Cells, list[Cells]]] = [
        (
            _index_title(recap),
            ("SYM", "CLOSE", "W/W %", "O>C %", "1stC>C %", "POS %", "DAYS"),
            _rows(_index(line) for line in recap.by_index),
        ),
        (
            f"{recap.short} by session",
            (
                "DAY",
                "CLOSE",
                "CHG bp" if is_yield(recap) else "CHG %",
                "HIGH",
                "LOW",
                "RANGE",
                "ATR",
                "POS %",
                "RECORD",
            ),
            _rows(_session(line) for line in recap.by_session),
        ),
        (
            "distance from the record",
            ("SYM", "INTRADAY %", "CLOSE %"),
            [(one.short, fmt.signed(one.intraday_percent), fmt.signed(one.close_percent)) for one in recap.records],
        ),
        (
            f"what would change it, from {fmt.price(recap.close)}",
            ("A CLOSE", "PRICE", "DIST %", "ATR", "WOULD BE"),
            _rows(_turn(turn) for turn in recap.turns),
        ),
    ]
    return [table for table in made if table[2]]


def _index_title(recap: Recap) -> str:
    """What the three definitions are, and the mark where a row has it."""
    marked = "; !: another definition has the other sign" if any(line.disagrees for line in recap.by_index) else ""
    return (
        "by index (w/w: previous week's last close to this week's; O>C: open to close; 1stC>C: first close to "
        f"close{marked})"
    )


def is_yield(recap: Recap) -> bool:
    """Whether the subject's changes are basis points."""
    return any(line.kind == "yield" for line in recap.by_index if line.symbol == recap.symbol)


def change_words(line: SessionLine) -> str:
    """A session's change in percent; a yield's in basis points, without the unit."""
    return fmt.signed(line.change_percent) if line.change_points is None else fmt.signed(line.change_points, 1)


def range_words(line: SessionLine) -> str:
    """A session's range, with the decimals of its prices."""
    return fmt.number(line.range, 3 if line.close < 10 else 2)


def _rows(rows: Iterable[Cells]) -> list[Cells]:
    return list(rows)


def _index(line: IndexLine) -> Cells:
    change = fmt.basis_points(line.change_points) if line.kind == "yield" else fmt.signed(line.change_percent)
    return (
        line.short, fmt.price(line.close), change + ("!" if line.disagrees else ""),
        fmt.signed(line.open_to_close_percent), fmt.signed(line.first_close_to_close_percent),
        fmt.count(line.position_percent), f"{line.sessions} of {line.expected}",
    )  # fmt: skip


def _session(line: SessionLine) -> Cells:
    return (
        fmt.weekday_date(line.day), fmt.price(line.close), change_words(line),
        fmt.price(line.high), fmt.price(line.low), range_words(line), fmt.number(line.range_atr, 1),
        fmt.count(line.position_percent), records_words(line),
    )  # fmt: skip


def records_words(line: SessionLine) -> str:
    """``high, close``: the records a session set."""
    return ", ".join(name for name, new in (("high", line.record_high), ("close", line.record_close)) if new)


def _turn(turn: Turn) -> Cells:
    return (
        turn.side, fmt.price(turn.price), fmt.signed(turn.distance_percent), fmt.signed(turn.distance_atr, 1),
        turn.meaning,
    )  # fmt: skip
