"""Files of official closes as Cboe and FRED document them: what is taken, and what is refused and never guessed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tapewatch.core.settings_keys import CLOSE_SOURCES
from tapewatch.core.sources import Failure
from tapewatch.core.sources.closes import close_sources
from tapewatch.core.sources.closes.reading import LAYOUT, NOTHING, Closes, plausible, read_closes

CBOE, FRED = close_sources()["cboe"], close_sources()["fred"]
SPX, VIX, DJX = (CBOE.series[symbol] for symbol in ("^GSPC", "^VIX", "^DJI"))
SP500, DGS10 = FRED.series["^GSPC"], FRED.series["^TNX"]
TUESDAY, WEDNESDAY = date(2025, 10, 14), date(2025, 10, 15)


def taken(found: Closes | Failure) -> dict[date, float]:
    assert isinstance(found, Closes), found
    return dict(found.closes)


def test_every_source_of_closes_can_be_chosen_in_the_settings() -> None:
    assert set(close_sources()) == set(CLOSE_SOURCES)


def test_the_addresses_are_the_documented_ones() -> None:
    base = "https://cdn.cboe.com/api/global/us_indices/daily_prices"
    names = ("SPX", "RUT", "NDX", "VIX", "DJX")
    assert {CBOE.url(one, WEDNESDAY) for one in CBOE.series.values()} == {
        f"{base}/{name}_History.csv" for name in names
    }
    assert FRED.url(SP500, WEDNESDAY) == "https://fred.stlouisfed.org/graph/fredgraph.csv?id=SP500&cosd=2025-10-15"
    assert {one.name for one in FRED.series.values()} == {"SP500", "DJIA", "NASDAQCOM", "VIXCLS", "DGS10"}


def test_cboe_dates_are_american_and_its_vix_has_a_close_among_four_prices() -> None:
    assert taken(read_closes(b"DATE,SPX\n10/14/2025,6644.310000\n10/15/2025,6671.060000\n", CBOE, SPX)) == {
        TUESDAY: 6644.31,
        WEDNESDAY: 6671.06,
    }
    vix = b"DATE,OPEN,HIGH,LOW,CLOSE\n10/14/2025,19.1,22.94,18.9,20.810000\n"
    assert taken(read_closes(vix, CBOE, VIX)) == {TUESDAY: 20.81}


def test_the_dow_is_a_hundred_times_the_option_index_and_says_so() -> None:
    assert taken(read_closes(b"DATE,DJX\n10/15/2025,462.533100\n", CBOE, DJX)) == {WEDNESDAY: 46253.31}
    assert (DJX.made_of, DJX.same) == ("100 × DJX", True)


@pytest.mark.parametrize("head", ["observation_date", "DATE"])
def test_fred_leaves_a_holiday_empty_under_its_new_and_its_old_heading(head: str) -> None:
    file = f"{head},SP500\n2025-10-13,.\n2025-10-14,6644.31\n2025-10-15,\n".encode()
    found = read_closes(file, FRED, SP500)
    assert found == Closes(((TUESDAY, 6644.31),), refused=0)


def test_the_ten_year_rate_is_another_quantity_than_the_index_and_says_so() -> None:
    assert taken(read_closes(b"observation_date,DGS10\n2025-10-15,4.05\n", FRED, DGS10)) == {WEDNESDAY: 4.05}
    assert (DGS10.basis, DGS10.same) == ("constant maturity", False)


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        (b"", "an empty answer"),
        (b"<!DOCTYPE html><html>Sign in</html>", "a web page instead of data"),
        (b"DATE,RUT\n10/15/2025,2519.75\n", LAYOUT.cause),
        (b"DATE;SPX\n10/15/2025;6671.06\n", LAYOUT.cause),
        (b"SPX,DATE\n6671.06,10/15/2025\n", LAYOUT.cause),
        (b"DATE,SPX\n2025-10-15,6671.06\n", LAYOUT.cause),
        (b"DATE,SPX\n15/10/2025,6671.06\n", LAYOUT.cause),
        (b"DATE,SPX\n", NOTHING.cause),
        (b"\xff\xfe\x00\x01", LAYOUT.cause),
        (b"DATE,SPX\n" + b"1" * 5000 + b"\n", LAYOUT.cause),
    ],
    ids=range(10),
)
def test_another_file_than_the_documented_one_has_no_close(body: bytes, cause: str) -> None:
    found = read_closes(body, CBOE, SPX)
    assert isinstance(found, Failure)
    assert found.cause == cause


@pytest.mark.parametrize(
    "cell",
    [
        "", ".", "0", "-6671.06", "nan", "inf", "1e9", "6,671.06", "=1+1", "\x1b[31m6671", "٦٦٧١", "6671.06 ", "'6671",
        '"6671', "$6671",
    ],
)  # fmt: skip
def test_a_hostile_cell_costs_its_own_row_alone(cell: str) -> None:
    file = f"DATE,SPX\n10/14/2025,6644.31\n10/15/2025,{cell}\n".encode()
    found = read_closes(file, CBOE, SPX)
    stripped = cell.strip()
    assert taken(found) == {TUESDAY: 6644.31} | ({WEDNESDAY: 6671.06} if stripped == "6671.06" else {})


def test_a_day_with_two_closes_has_none() -> None:
    file = b"DATE,SPX\n10/14/2025,6644.31\n10/15/2025,6671.06\n10/15/2025,6617.06\n"
    assert taken(read_closes(file, CBOE, SPX)) == {TUESDAY: 6644.31}


@pytest.mark.parametrize("cut", range(1, 12))
def test_a_file_cut_inside_its_last_close_does_not_give_a_smaller_one(cut: int) -> None:
    whole = b"DATE,SPX\n10/13/2025,6654.720000\n10/14/2025,6644.310000\n10/15/2025,6671.060000\n"
    found = taken(read_closes(whole[:-cut], CBOE, SPX))
    assert found.get(WEDNESDAY, 6671.06) == 6671.06
    assert found[TUESDAY] == 6644.31


@given(st.binary(max_size=300))
def test_whatever_comes_is_a_close_above_nothing_or_a_cause(body: bytes) -> None:
    for source, series in ((CBOE, SPX), (CBOE, VIX), (FRED, SP500)):
        for content in (body, b"DATE,SPX\n" + body, b"observation_date,SP500\n" + body):
            found = read_closes(content, source, series)
            if isinstance(found, Closes):
                assert all(close > 0 for _, close in found.closes)
                assert [day for day, _ in found.closes] == sorted({day for day, _ in found.closes})


def test_a_close_off_by_a_factor_is_not_believed() -> None:
    ours = {date(2025, 10, 13): 6654.72, TUESDAY: 6644.31}
    file = [(date(2025, 10, 13), 6654.72), (TUESDAY, 6644.31), (WEDNESDAY, 66.7106)]
    assert plausible(file, ours, 1.25) == (tuple(file[:2]), (WEDNESDAY,))
    hundredth = [(day, close / 100) for day, close in file]
    assert plausible(hundredth, ours, 1.25)[0] == ()


@given(
    st.lists(st.floats(1.0, 1e6), min_size=1, max_size=12),
    st.dictionaries(st.integers(0, 11), st.floats(1.0, 1e6), max_size=12),
)
def test_no_believed_close_is_far_from_the_bar_of_its_own_day(closes: list[float], ours: dict[int, float]) -> None:
    def day(number: int) -> date:
        return date.fromordinal(TUESDAY.toordinal() + number)

    known = {day(number): close for number, close in ours.items()}
    kept, refused = plausible([(day(index), close) for index, close in enumerate(closes)], known, 1.25)
    assert len(kept) + len(refused) == len(closes)
    assert all(known[one] / 1.25 <= close <= known[one] * 1.25 for one, close in kept if one in known)
