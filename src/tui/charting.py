"""The monitor's half of a chart: asks the feed for what is wanted, shows what comes, moves the crosshair.

What draws is imported with the first chart: most screens are opened for their prices.
"""

from typing import TYPE_CHECKING

from msgspec.structs import replace
from textual.timer import Timer

from ..core.channel import ChannelError
from ..core.model.chart import Chart, Wish
from ..core.model.snapshot import Row, Snapshot
from . import chart_choices as steps
from .bells import Bells
from .chart_choices import ChartChoice
from .choices import Choices
from .commands import by_name
from .look import ChartStand
from .panes.chart import NAME, WAITING, drawing_of
from .screens.desk import View
from .screens.symbol_plan import CHART
from .text import clean
from .widgets.pointed import PointedBoard

if TYPE_CHECKING:
    from ..core.answers import Asked

LOOK_EVERY = 0.1
"""Seconds between two looks for an answer."""
PATIENCE = 5.0
"""Seconds without an answer after which that is said, and asked again."""
APART = 1.0
"""Seconds between two wishes of the same chart as its price moves."""
SOON = 1.0
"""Seconds without an answer after which a reader is told that another chart than the one shown is on its way."""

Prices = tuple[object, ...]
"""What the answer to a wish depends on: the charted quotes, and which market they are of."""


class Charting(Bells, inherit_bindings=False):
    """Between what is received and what is shown: the series behind a chart."""

    def view(self) -> View:
        """What the screen depends on now."""
        raise NotImplementedError

    def prepare_charts(self) -> None:
        """Nothing is drawn and nothing asked for."""
        self._chart: Chart | None = None
        self._chart_of: Prices | None = None
        self._asked: Asked | None = None
        self._asked_for: Prices | None = None
        self._chart_said = ""
        self._chart_timer: Timer | None = None

    def chart_stand(self) -> ChartStand:
        """The chart there is, and why there is no newer one."""
        return ChartStand(self._chart, self._chart_said)

    # -- asking -----------------------------------------------------------------------------------------

    def choose(self, choices: Choices, notice: str = "") -> None:
        """Put a choice in force; a chart it needs is asked for at once."""
        super().choose(choices, notice)
        self.attend()

    def take(self, newest: Snapshot | None) -> None:
        """Show a snapshot; a chart follows its prices."""
        super().take(newest)
        self.attend()

    def look_for_newer(self) -> None:
        """Newer prices, and an answer that was waited for."""
        super().look_for_newer()
        self.attend()

    def rest(self) -> None:
        """While an answer is waited for nothing rests."""
        super().rest()
        if self._asked is not None:
            self._rest = None

    def attend(self) -> None:
        """See to it that the chart on the screen is the one that is wanted, and as new as the prices."""
        wish = self._wish()
        if wish is None:
            self._forget()
            return
        prices = self._prices(wish)
        self._listen()
        if self._chart_of == prices or self._asked_for == prices:
            return
        same = self._asked is not None and self._asked.wish == wish
        if not same or (self._asked is not None and self._asked.waited >= APART):
            self._ask(wish, prices)

    def _wish(self) -> Wish | None:
        """What the screen wants drawn now; None while it shows no chart."""
        choices, snapshot = self.choices, self.snapshot
        if choices.page or snapshot is None:
            return None
        if choices.opened is not None and CHART in self.desk.in_sight():
            return steps.wish_of(replace(choices.chart, kind="price"), choices.opened.symbol, snapshot)
        shown = choices.screen == NAME or NAME in choices.panes
        if not shown or choices.selected is None:
            return None
        return steps.wish_of(choices.chart, choices.selected, snapshot)

    def _prices(self, wish: Wish) -> Prices:
        rows = (self.snapshot.row(symbol) for symbol in wish.symbols) if self.snapshot else ()
        return (wish, id(self.data), *(_moves(row) for row in rows if row is not None))

    def _ask(self, wish: Wish, prices: Prices) -> None:
        asked = self.data.wish(wish)
        problem = asked.ask()
        if problem:
            self._chart_told(f"No chart: {problem}.")
            self._asked, self._asked_for = None, prices
            return
        self._asked, self._asked_for = asked, prices
        if self._chart_timer is None:
            self._chart_timer = self.set_interval(LOOK_EVERY, self.attend)

    def _listen(self) -> None:
        """Take an answer that has come; say so where none comes, and ask again."""
        asked = self._asked
        if asked is None:
            return
        try:
            answer = asked.answer()
        except ChannelError as problem:
            self._chart_told(f"{_sentence(str(problem))} It is asked for again.")
            self._again(asked)
            return
        if answer is not None:
            self._show(answer, self._asked_for)
        elif asked.waited > PATIENCE:
            self._chart_told(f"The feed has not answered for {PATIENCE:.0f} s. It is asked for again.")
            self._again(asked)
        elif asked.waited > SOON and self._chart is not None and self._chart.wish != asked.wish:
            self._chart_told(WAITING)

    def _again(self, asked: "Asked") -> None:
        if asked.waited > APART:
            asked.ask()

    def _show(self, answer: Chart, prices: Prices | None) -> None:
        self._chart, self._chart_of, self._chart_said = answer, prices, ""
        self._asked = self._asked_for = None
        self._stop_looking()
        self.paint()

    def _chart_told(self, words: str) -> None:
        if words != self._chart_said:
            self._chart_said = clean(words)
            self.paint()

    def _forget(self) -> None:
        """No chart is on the screen: what comes late is not waited for."""
        self._asked = self._asked_for = None
        self._stop_looking()

    def _stop_looking(self) -> None:
        if self._chart_timer is not None:
            self._chart_timer.stop()
            self._chart_timer = None

    # -- keys and mouse ---------------------------------------------------------------------------------

    def action_figure(self, step: int) -> None:
        """In a chart the crosshair, elsewhere the figure further on."""
        if self.desk.focused_pane(self.choices) != NAME:
            super().action_figure(step)
            return
        self.action_cross(step)

    def action_cross(self, step: int) -> None:
        """Move the crosshair by so many points."""
        chart = self._drawn()
        if chart is not None:
            self._turn(steps.move_cross(self.choices.chart, chart, step))

    def action_chart(self, what: str) -> None:
        """Another frame, kind or look of the chart."""
        if self.desk.focused_pane(self.choices) != NAME:
            self.choose(self.choices, f"That is of a chart: {by_name(self.bound)['screen-chart'].key} opens one.")
            return
        now = self.choices.chart
        turned = {
            "frame": lambda: steps.turn_frame(now, 1, around=True),
            "longer": lambda: steps.turn_frame(now, 1, around=False),
            "shorter": lambda: steps.turn_frame(now, -1, around=False),
            "kind": lambda: steps.turn_kind(now),
            "log": lambda: replace(now, log=not now.log),
            "candles": lambda: replace(now, candles=not now.candles),
            "against": lambda: self._against(now),
            "since": lambda: self._since(now),
        }
        after = turned[what]()
        self._turn(after, "" if after != now else _UNTURNED.get(what, ""))

    def _against(self, now: ChartChoice) -> ChartChoice:
        return steps.next_against(now, self.choices.selected, self.snapshot) if self.snapshot else now

    def _since(self, now: ChartChoice) -> ChartChoice:
        chart = self._drawn()
        return (steps.since_cross(now, chart) if chart else None) or now

    def _turn(self, chosen: ChartChoice, notice: str = "") -> None:
        self.choose(replace(self.choices, chart=chosen), notice or _said(self.choices.chart, chosen))

    def _drawn(self) -> Chart | None:
        return self._chart if self._chart is not None and not self._chart.problem else None

    def on_pointed_board_wheeled(self, event: PointedBoard.Wheeled) -> None:
        """The wheel moves the crosshair point by point; a proof that covers the chart leaves it where it is."""
        if not self.choices.proof:
            self.action_cross(event.steps)

    def on_pointed_board_pointed(self, event: PointedBoard.Pointed) -> None:
        """A click in the chart puts the crosshair there."""
        chart, snapshot = self._drawn(), self.snapshot
        if chart is None or snapshot is None or self.choices.proof:
            return  # a proof covers half of it
        from .charts.newest import with_newest
        from .charts.page import chart_geometry

        board, look = self.desk.boards[NAME], self.view().look
        drawing = drawing_of(chart, snapshot, look)
        row = snapshot.row(chart.wish.symbols[0])
        at = chart_geometry(with_newest(chart, row), row, drawing, board.size.width, board.size.height - 1)
        point = at.point_at(event.x, chart.size)
        if point is not None:
            self._turn(steps.put_cross(self.choices.chart, chart, point))


def _moves(row: Row) -> tuple[object, ...]:
    """What of a row changes its chart: its price and that one's time, and the bars behind it."""
    quote = row.quote
    return (quote.last, quote.time, quote.session, quote.state, row.origin) if quote else (row.origin,)


_UNTURNED = {
    "longer": "This is the longest time frame.",
    "shorter": "This is the shortest time frame.",
    "since": "Put the crosshair on a session first: performance is counted from there.",
    "against": "There is nothing to compare with yet.",
}


def _said(before: ChartChoice, after: ChartChoice) -> str:
    """What is not to be seen at once."""
    if before.log != after.log:
        return "Log scale: equal heights are equal changes in percent." if after.log else "Linear scale."
    if before.candles != after.candles:
        return "Candles." if after.candles else "Closes as a line."
    return ""


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
