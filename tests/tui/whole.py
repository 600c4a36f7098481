"""A snapshot of which everything is known of one instrument: the figures of RUT at the close of Friday 17 October."""

from datetime import date

import msgspec

from tapewatch.core.model.measures import Level, Momentum, Period, TrailStep
from tapewatch.core.model.reading import Drought, Origin, RangeOf52Weeks, Returns, YearRange
from tapewatch.core.model.snapshot import Row, Snapshot
from tests import builders

RUT = "^RUT"


def whole(snapshot: Snapshot | None = None, symbol: str = RUT) -> Snapshot:
    """The snapshot with every reading of an instrument."""
    snapshot = snapshot or builders.overview()
    rows = tuple(of_all(row) if row.symbol == symbol else row for row in snapshot.instruments)
    return msgspec.structs.replace(snapshot, instruments=rows)


def of_all(row: Row) -> Row:
    """The row with every reading; those it has stay."""
    assert row.quote is not None
    assert row.week is not None
    last = row.quote.last or 0.0
    quote = msgspec.structs.replace(
        row.quote, close_position_percent=59.2, change_percentile=41.9, range_as_of=row.quote.time
    )
    week = msgspec.structs.replace(
        row.week, range_percentile=93.4, first_close_to_close_percent=-0.37, gap=28.41, gap_percent=1.1864,
        range_atr=1.2575, path_percent=8.0523, efficiency_percent=29.82,
    )  # fmt: skip
    record = row.record and msgspec.structs.replace(
        row.record, deepest_percent=-2.6763, depth_percentile=10.76,
        drought=Drought(start=date(2025, 10, 6), end=date(2025, 10, 14), days=8, sessions=6),
        longest_drought=Drought(start=date(2007, 8, 2), end=date(2014, 1, 27), days=2370, sessions=1632),
    )  # fmt: skip
    return msgspec.structs.replace(
        row, quote=quote, week=week, record=record, year_range=_year(last), levels=_levels(last),
        returns=Returns(day=row.quote.change_percent, week=row.week.change_percent, month=0.6414, quarter=0.6415,
                        year=9.9513),
        periods=(
            Period(start=date(2025, 9, 17), end=date(2025, 10, 17), label="1 month", percent=1.9247),
            Period(start=date(2024, 10, 17), end=date(2025, 10, 17), label="1 year", percent=7.5111),
            Period(start=date(2023, 12, 29), end=date(2024, 12, 31), label="2024", percent=10.0218),
        ),
        momentum=Momentum(
            as_of=date(2025, 10, 17), rsi14=51.83, macd=17.404, macd_signal=21.114, macd_histogram=-3.71,
            macd_crossed=date(2025, 10, 10), macd_cross="down", sma50=2392.81, sma200=2195.74,
            sma50_slope_percent=3.8812, sma200_slope_percent=0.5811, sma_crossed=date(2025, 7, 3), sma_cross="golden",
            atr14=43.61, volatility20=22.24, volatility252=20.66,
        ),
        origin=Origin(
            since=date(1987, 9, 10), sessions=9600, source="yahoo", taken_at=builders.at(builders.FRIDAY, 16, 20)
        ),
    )  # fmt: skip


def _year(last: float) -> YearRange:
    def placed(low: float, high: float) -> RangeOf52Weeks:
        return RangeOf52Weeks(
            high=high, high_date=date(2025, 10, 15), low=low, low_date=date(2025, 4, 9),
            position_percent=100.0 * (last - low) / (high - low),
        )  # fmt: skip

    return YearRange(intraday=placed(1732.99, 2541.67), close=placed(1760.71, 2519.75))


def _levels(last: float) -> tuple[Level, ...]:
    def level(low: float, high: float, *sources: str, state: str = "") -> Level:
        trail = (TrailStep(date=date(2025, 10, 16), state=state),) if state else ()
        return Level(
            price=low, low=low, high=high, sources=sources, prices=(low,) * len(sources), distance_points=low - last,
            distance_percent=100.0 * (low / last - 1), distance_atr=(low - last) / 43.61,
            state=state or ("above" if low > last else "below"), trail=trail,
        )  # fmt: skip

    return (
        level(2541.67, 2541.67, "record high", "week high"),
        level(2519.75, 2519.75, "record close"),
        level(2495.50, 2501.92, "old record", state="failed"),
        level(2417.74, 2417.74, "week low"),
        level(2267.78, 2267.78, "correction line"),
    )
