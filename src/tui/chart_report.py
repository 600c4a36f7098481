"""A chart on paper: plain text in so many cells, in ASCII where the reader has no other signs."""

from ..core.model.chart import Chart
from ..core.model.snapshot import Row
from .charts.drawing import Drawing
from .charts.page import chart_lines
from .charts.readout import legend
from .glyphs import to_ascii
from .text import joined, line, plain
from .widgets.board import title_line

LEAST_CELLS, LEAST_LINES, MOST_LINES = 40, 16, 60


def printed_chart(chart: Chart, row: Row, drawing: Drawing, cells: int, lines: int) -> str:
    """Title and chart in so many cells and lines, ending in a newline."""
    cells, lines = max(LEAST_CELLS, cells), min(MOST_LINES, max(LEAST_LINES, lines))
    words = joined(legend(chart), line("  "))
    made = [title_line(chart.wish.kind, (words,), cells, focused=False)]
    made += chart_lines(chart, row, drawing, cells, lines - 1)
    text = "\n".join(plain(one).rstrip() for one in made)
    return f"{to_ascii(text) if drawing.ascii_only else text}\n"
