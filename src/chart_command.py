"""The command `chart`: one chart of stored bars in plain text; nothing is written."""

import argparse
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import date

    from .core.charting_store import Answer
    from .core.model.chart import Wish
    from .core.model.config import Config
    from .tui.charts.drawing import Drawing

USUAL_SIZE = (80, 24)
"""Columns and lines where no terminal says how many it has."""
FRAMES = ("1w", "1m", "3m", "6m", "ytd", "1y", "5y", "all")


def chart_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes; made for every command line, so nothing heavy is imported here."""
    parser.add_argument("symbol", metavar="SYMBOL", help="either spelling (RUT or ^RUT)")
    parser.add_argument(
        "against", nargs="*", metavar="AGAINST", help="one: the ratio to it; several: all from one date"
    )
    parser.add_argument("--frame", choices=FRAMES, default="1y", help="the span drawn (default %(default)s)")
    parser.add_argument("--since", metavar="DATE", help="relative performance from this date (YYYY-MM-DD)")
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--relative", dest="kind", action="store_const", const="relative", help="percent from one date")
    kind.add_argument("--drawdown", dest="kind", action="store_const", const="drawdown", help="below the highest close")
    parser.add_argument("--candles", action="store_true", help="open, high, low and close of each session")
    form = parser.add_mutually_exclusive_group()
    for name in ("csv", "json", "markdown"):
        words = f"the series as {name}, with definition, source and time"
        form.add_argument(f"--{name}", dest="form", action="store_const", const=name, help=words)
    parser.add_argument("--log", action="store_true", help="equal heights are equal changes in percent")


def print_chart(chosen: argparse.Namespace) -> int:
    """The chart; what is missing is said aside."""
    from .cli import NOTHING, OK, PARTIAL, USAGE, ComplaintError, places, say, warned
    from .core.charting_store import NothingError, RefusedError, chart_in
    from .tui.chart_report import printed_chart

    paths = places(chosen)
    config = warned(chosen, paths)
    wish = _wish(chosen, config)
    try:
        answer = chart_in(paths, config, wish)
    except RefusedError as problem:
        raise ComplaintError(USAGE, str(problem)) from None
    except NothingError as problem:
        raise ComplaintError(NOTHING, str(problem)) from None
    cells, lines = _size()
    if chosen.form:
        sys.stdout.write(_rows(answer, chosen.form))
    elif answer.chart.size > 1:
        drawing = _drawing(chosen, config, answer.chart.points[-1])
        sys.stdout.write(printed_chart(answer.chart, answer.row, drawing, cells, lines))
    for sentence in answer.missing:
        say(sentence, PARTIAL)
    return PARTIAL if answer.missing else OK


def _rows(answer: "Answer", form: str) -> str:
    """Every point of it, with what it is of."""
    from .tui.exports.charts import chart_table
    from .tui.exports.writing import Provenance, written_of

    quote, missing = answer.row.quote, "; ".join(answer.missing)
    of = Provenance(
        mode="live", source="stored bars", data_time=quote.time if quote else None, market="final closes",
        freshness=missing or "up to the last final session",
    )  # fmt: skip
    return written_of(chart_table(answer.chart), of, {"markdown": "Markdown"}.get(form, form.upper()))


def _wish(chosen: argparse.Namespace, config: "Config") -> "Wish":
    from .cli import USAGE, ComplaintError, a_date, known_symbol
    from .core.model.chart import Wish

    against = tuple(known_symbol(name, config) for name in chosen.against)
    several = "relative" if len(against) > 1 or chosen.since else "ratio"
    kind = chosen.kind or (several if against or chosen.since else "price")
    if chosen.since and kind != "relative":
        raise ComplaintError(USAGE, "--since is of relative performance: name what to compare with")
    if kind == "drawdown" and against:
        raise ComplaintError(USAGE, "--drawdown is of one instrument")
    since = a_date(chosen.since) if chosen.since else None
    symbols = (known_symbol(chosen.symbol, config), *against)
    return Wish(kind=kind, symbols=symbols, frame=chosen.frame, since=since)


def _drawing(chosen: argparse.Namespace, config: "Config", newest: "date") -> "Drawing":
    import os

    from .core.clock import wall
    from .tui.charts.drawing import Drawing
    from .tui.glyphs import wants_ascii

    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    plain = wants_ascii(config.screen.glyphs, os.environ) or not encoding.lower().startswith("utf")
    today = wall().date() if newest.year == wall().year else newest
    return Drawing(today=today, log=chosen.log, candles=chosen.candles, ascii_only=plain)


def _size() -> tuple[int, int]:
    """The terminal's columns and lines but one for the prompt; the usual ones where there is none."""
    import shutil

    if not sys.stdout.isatty():
        return USUAL_SIZE
    columns, lines = shutil.get_terminal_size(USUAL_SIZE)
    return columns, lines - 1
