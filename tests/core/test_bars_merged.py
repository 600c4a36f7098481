"""Two sets of bars made one."""

from datetime import date

from tapewatch.core.bars import Bar, Bars


def bars(*rows: tuple[int, float]) -> Bars:
    return Bars.of(Bar(date(2025, 10, day), close, close, close, close) for day, close in rows)


def test_newer_bars_fill_gaps_and_replace_days_in_the_middle() -> None:
    merged = bars((13, 1.0), (15, 3.0), (17, 5.0)).merged(bars((14, 2.0), (15, 3.5)))
    assert [merged.day(at).day for at in range(len(merged))] == [13, 14, 15, 17]
    assert merged.close.tolist() == [1.0, 2.0, 3.5, 5.0]
