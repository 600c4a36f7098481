"""A week of the Russell 2000 as it was, 13 to 17 October 2025, and how tests ask about it."""

from datetime import UTC, date, datetime

from tapewatch.core.bars import Bar, Bars
from tapewatch.core.sources import Answer, Failure, Tick

FRIDAY = date(2025, 10, 17)
AFTERNOON = datetime(2025, 10, 17, 18, 16, 30, tzinfo=UTC)
EVENING = datetime(2025, 10, 17, 20, 30, tzinfo=UTC)
RUT_DAYS = (
    Bar(date(2025, 10, 13), 2423.0, 2462.92, 2423.0, 2461.42),
    Bar(date(2025, 10, 14), 2444.23, 2512.68, 2417.74, 2495.5),
    Bar(date(2025, 10, 15), 2510.57, 2541.67, 2490.56, 2519.75),
    Bar(date(2025, 10, 16), 2523.05, 2529.29, 2458.25, 2467.02),
    Bar(FRIDAY, 2455.66, 2465.09, 2433.19, 2452.17),
)
HISTORY = {
    "^RUT": Bars.of(RUT_DAYS),
    "^GSPC": Bars.of([Bar(day.day, 6600.0, 6700.0, 6550.0, 6650.0) for day in RUT_DAYS]),
    "^HSI": Bars.of([Bar(day.day, 26000.0, 26100.0, 25900.0, 26050.0) for day in RUT_DAYS]),
}


class Open:
    """A gate that lets everything through and counts."""

    def __init__(self) -> None:
        self.claimed: list[str] = []

    def claim(self, now: datetime, url: str) -> bool:  # noqa: ARG002
        self.claimed.append(url)
        return True


def only_tick(answer: Answer) -> Tick:
    assert answer.failures == {}
    assert len(answer.ticks) == 1
    return answer.ticks[0]


def cause(answer: Answer, symbol: str = "^RUT") -> Failure:
    assert answer.ticks == ()
    assert answer.daily == {}
    return answer.failures[symbol]
