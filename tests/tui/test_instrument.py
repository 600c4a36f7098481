"""One instrument on a screen of its own: every figure the snapshot's, every figure provable, back to where one was."""

import re
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from tapewatch.core.model.snapshot import Row, Snapshot
from tapewatch.tui.choices import SECTIONS, Choices, Opened
from tapewatch.tui.look import Look
from tapewatch.tui.opening import matching
from tapewatch.tui.panes import discover
from tapewatch.tui.proofs import proof_of
from tapewatch.tui.proofs.proof import Proof, panel
from tapewatch.tui.screens.plan import arrange
from tapewatch.tui.screens.symbol_plan import CHART, elsewhere
from tapewatch.tui.text import plain, width
from tests import builders
from tests.tui.stage import Stage, stage
from tests.tui.test_proofs import numbers
from tests.tui.whole import RUT, whole

PANES = discover()
SIZES = ((80, 24), (120, 40), (200, 60))


def look(snapshot: Snapshot, focus: str = "", symbol: str = RUT, **choices: object) -> Look:
    chosen = Choices(screen="instrument", opened=Opened(symbol, (symbol,)), focus=focus)
    return Look(now=snapshot.clock.now, choices=replace(chosen, **choices))


def section(name: str, snapshot: Snapshot, cells: int = 76, symbol: str = RUT) -> str:
    page = PANES[name].page(snapshot, look(snapshot, symbol=symbol), cells, 60)
    head = plain(page.heading) if page.heading else ""
    return "\n".join((page.title, *map(plain, page.clauses), head, *(plain(one.line) for one in page.body)))


def rut(snapshot: Snapshot) -> Row:
    row = snapshot.row(RUT)
    assert row is not None
    return row


def points(value: float | None, decimals: int = 2, *, sign: bool = False) -> str:
    """As a desk writes it."""
    assert value is not None
    return format(value, f"{'+' if sign else ''},.{decimals}f").replace("-", "−")


def figures(row: Row) -> dict[str, list[str]]:
    """What must stand in each section, taken from the snapshot here and nowhere else."""
    quote, week, record, year, momentum = row.quote, row.week, row.record, row.year_range, row.momentum
    assert quote and week and record and year and momentum and row.returns and week.previous and row.origin  # noqa: PT018
    marks = (record.intraday, record.close)
    return {
        "symbol_quote": [
            points(quote.last), points(quote.change, sign=True), points(quote.change_percent, sign=True), "16:00",
            points(quote.open), points(quote.high), points(quote.low), points(quote.previous_close),
        ],
        "symbol_week": [
            points(week.low), points(week.high), points(week.position_percent, 0),
            points(week.change_percent, sign=True), points(week.open_to_close_percent, sign=True),
            points(week.first_close_to_close_percent, sign=True), points(week.range_percent),
            points(week.previous.low), points(week.previous.high), points(week.previous.close),
            points(week.previous.change_percent, sign=True),
        ],
        "symbol_record": [
            *(points(one.price) for one in marks), *(points(one.distance_percent) for one in marks),
            *(points(one.points) for one in marks), *(points(one.to_recover_percent) for one in marks),
            "15 Oct", record.phase, points(record.deepest_percent),
        ],
        "symbol_year": [
            points(year.intraday.low), points(year.intraday.high), points(year.intraday.position_percent, 0),
            points(year.close.low), points(year.close.high), points(year.close.position_percent, 0),
        ],
        "symbol_returns": [
            *(points(getattr(row.returns, name), sign=True) for name in ("day", "week", "month", "quarter", "year")),
            *(points(one.percent, sign=True) for one in row.periods), "1 MONTH", "2024",
        ],
        "symbol_momentum": [
            points(momentum.rsi14, 1), points(momentum.macd, sign=True), points(momentum.macd_histogram, sign=True),
            points(momentum.sma50), points(momentum.sma200), points(momentum.sma50_slope_percent, sign=True),
            points(momentum.atr14), points(momentum.volatility20, 1), points(momentum.volatility252, 1),
        ],
        "symbol_levels": [
            *(points(one.price) for one in row.levels),
            *(points(one.distance_percent, sign=True) for one in row.levels),
            *(points(one.distance_atr, 1, sign=True) for one in row.levels), "last",
        ],
        "symbol_flags": ["record-high reversal", "failed breakout", "same-day direction"],
        "symbol_source": [row.symbol, points(row.origin.sessions, 0), "10 Sep 1987", "yahoo"],
    }  # fmt: skip


async def gone_through(seen: Stage, size: tuple[int, int]) -> dict[str, str]:
    """Every section as it is painted when the focus comes to it."""
    painted: dict[str, str] = {}
    async with seen.monitor.run_test(size=size) as pilot:
        await pilot.press("2", "g", "j", "j", "j", "j", "i")
        for _ in SECTIONS:
            await pilot.pause()
            focus = seen.monitor.desk.focused_pane(seen.monitor.choices)
            lines = seen.pane(focus)
            for _ in range(14):
                await pilot.press("j")
                lines += seen.pane(focus)
            painted[focus] = "\n".join(lines).replace("\u00a0", " ")
            await pilot.press("tab")
    return painted


@pytest.mark.parametrize("size", SIZES)
async def test_every_figure_of_every_section_is_the_snapshot_s(tmp_path: Path, size: tuple[int, int]) -> None:
    snapshot = whole()
    painted = await gone_through(stage(tmp_path, snapshot), size)
    assert set(painted) == set(SECTIONS)
    for name, wanted in figures(rut(snapshot)).items():
        for text in wanted:
            assert text in painted[name], (name, text, painted[name])


def every_proof(snapshot: Snapshot, symbol: str = RUT) -> list[tuple[str, str, str, Proof | None]]:
    found: list[tuple[str, str, str, Proof | None]] = []
    for name in SECTIONS:
        for key in PANES[name].page(snapshot, look(snapshot, name, symbol), 120, 60).keys:
            picked = look(snapshot, name, symbol, picks=((name, key),))
            page = PANES[name].page(snapshot, picked, 120, 60)
            found += [
                (name, key, column, proof_of(name, column or None, key, snapshot, picked))
                for column in page.figures or ("",)
            ]
    return found


def at_path(snapshot: Snapshot, path: str) -> object:
    if path.startswith("flags"):
        return path
    symbol, rest = re.fullmatch(r"instruments\[(.+?)\]\.(.+)", path).groups()  # type: ignore[union-attr]
    found: object = msgspec.to_builtins(snapshot.row(symbol))
    for name in re.findall(r"\w+", rest):
        found = found[int(name)] if isinstance(found, list | tuple) else found[name]  # type: ignore[index]
    return found


def test_every_figure_has_a_proof_that_ends_at_it_in_the_json() -> None:
    snapshot = whole()
    made = every_proof(snapshot)
    assert len(made) > 80
    for name, key, column, proof in made:
        assert proof is not None, (name, key, column)
        value = at_path(snapshot, proof.path)
        if isinstance(value, float | int):
            within = 0.51 if "of 100" in proof.value else 0.051
            assert numbers(proof.value)[0] == pytest.approx(value, abs=within), (name, key, column)
        assert all(width(one) <= 57 for one in panel(proof, 57)), (name, key)


def test_each_sum_in_a_proof_can_be_done_again() -> None:
    checked = 0
    for name, key, column, proof in every_proof(whole()):
        assert proof is not None
        for words in proof.formula:
            sum_, equals, result = words.partition(" = ")
            python = sum_.replace("×", "*").replace("÷", "/").replace("−", "-").replace(",", "")
            if equals and re.fullmatch(r"[\d. ()*/+-]+", python):
                assert eval(python) == pytest.approx(numbers(result)[0], abs=0.06), (name, key, column)
                checked += 1
    assert checked > 25


def test_the_proof_is_of_the_figure_chosen_in_the_row() -> None:
    snapshot = whole()
    for column, path in (("points", "record.close.points"), ("recover", "record.close.to_recover_percent")):
        proof = proof_of("symbol_record", column, "close", snapshot, look(snapshot, "symbol_record"))
        assert proof is not None
        assert proof.path == f"instruments[{RUT}].{path}"


def test_what_is_missing_says_why() -> None:
    closed = builders.overview()
    assert "A volatility index has no record" in section("symbol_record", closed, symbol="^VIX")
    assert "basis points" in section("symbol_returns", closed, symbol="^TNX")
    assert "no bars yet" in section("symbol_quote", _noted(closed, "IWM", "no bars yet", quote=None), symbol="IWM")
    loading = builders.loading()
    assert "history is loading" in section("symbol_week", loading, symbol="IWM")
    assert "history is loading" in section("symbol_record", loading, symbol="IWM")
    assert "no dependable open" in section("symbol_quote", _without_open(closed))


def _noted(snapshot: Snapshot, symbol: str, note: str, **gone: None) -> Snapshot:
    rows = tuple(
        msgspec.structs.replace(one, note=note, **gone) if one.symbol == symbol else one for one in snapshot.instruments
    )
    return msgspec.structs.replace(snapshot, instruments=rows)


def _without_open(snapshot: Snapshot) -> Snapshot:
    rows = tuple(
        msgspec.structs.replace(one, quote=msgspec.structs.replace(one.quote, open=None)) if one.quote else one
        for one in snapshot.instruments
    )
    return msgspec.structs.replace(snapshot, instruments=rows)


def test_a_stale_price_has_no_change_and_says_it_is_stale() -> None:
    text = section("symbol_quote", builders.live(), symbol="^DJI")
    assert "stale" in text
    assert "Thu 16" in text
    assert "+0.00" not in text
    assert "▲" not in text


def test_what_is_known_against_it_stands_with_the_source() -> None:
    snapshot = _noted(whole(), RUT, "no bars between 2020-01-02 and 2020-03-02")
    health = msgspec.structs.replace(snapshot.health, held=(f"{RUT} 2025-10-16: high under low",), silent=(RUT,))
    text = section("symbol_source", msgspec.structs.replace(snapshot, health=health))
    assert "no bars between 2020-01-02 and 2020-03-02" in text
    assert "high under low" in text
    assert "brought nothing" in text
    assert "3 to know" in text
    assert "nothing is doubtful" in section("symbol_source", whole())


def test_the_last_price_stands_in_its_place_on_the_ladder() -> None:
    rows = [line for line in section("symbol_levels", whole()).splitlines() if re.search(r"\d\.\d\d", line)][1:]
    prices = [numbers(line)[0] for line in rows]
    assert prices == sorted(prices, reverse=True)
    quote = rut(whole()).quote
    assert quote is not None
    assert quote.last in prices


def test_a_ladder_without_room_shows_the_levels_nearest_to_the_price_and_counts_the_others() -> None:
    page = PANES["symbol_levels"].page(whole(), look(whole()), 60, 5)
    text = "\n".join(plain(one.line) for one in page.body)
    assert len(page.body) == 3
    assert "2,452.17" in text
    assert "2,495.50" in text
    assert "2,417.74" in text
    assert "3 further away" in map(plain, page.clauses)


@pytest.mark.parametrize("size", SIZES)
def test_sections_out_of_sight_are_named(size: tuple[int, int]) -> None:
    snapshot = whole()

    def need(name: str, cells: int) -> int:
        return PANES[name].need(snapshot, look(snapshot), cells)

    seen: set[str] = set()
    for focus in SECTIONS:
        plan = arrange(look(snapshot, focus).choices, *size, need)
        assert focus in plan
        seen |= set(plan)
        named = plain(elsewhere(plan)).split()[1:]
        assert len(named) == len(set(SECTIONS) - set(plan))
        assert len(plain(elsewhere(plan))) <= 50
    assert seen - {CHART} == set(SECTIONS)


async def test_the_least_window_says_how_many_sections_it_leaves_out(tmp_path: Path) -> None:
    seen = stage(tmp_path, whole())
    async with seen.monitor.run_test(size=(60, 16)) as pilot:
        await pilot.press("i")
        await pilot.pause()
        sights = len(seen.monitor.desk.in_sight())
        assert f"+ {len(SECTIONS) - sights} sections" in seen.text()


async def test_on_the_ladder_the_cursor_begins_at_the_last_price(tmp_path: Path) -> None:
    seen = stage(tmp_path, whole())
    async with seen.monitor.run_test(size=(60, 16)) as pilot:
        await pilot.press("2", "g", "j", "j", "j", "j", "i")
        while seen.monitor.choices.focus != "symbol_levels":
            await pilot.press("tab")
        await pilot.pause()
        assert any("2,452.17" in one and "last" in one for one in seen.pane("symbol_levels"))
        await pilot.press("k", "enter")
        assert "level 2,495.50" in seen.text()


async def test_esc_goes_back_where_one_was(tmp_path: Path) -> None:
    seen = stage(tmp_path, whole())
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await pilot.press("3", "g", "j", "l")
        before = seen.monitor.choices
        await pilot.press("i")
        assert "DJIA  Dow Jones" in seen.text()
        await pilot.press("n", "tab", "j", "enter", "escape")
        assert "COMP  Nasdaq Comp" in seen.text()
        await pilot.press("escape")
        assert replace(seen.monitor.choices, picks=before.picks) == replace(before, focus="weekly")
        assert seen.monitor.choices.selected == "^DJI"


async def test_n_goes_along_the_rows_as_they_were_sorted(tmp_path: Path) -> None:
    seen = stage(tmp_path, whole())
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await pilot.press("2", "s", "s", "s", "g")
        order = seen.monitor.desk.boards["quotes"].page.keys
        await pilot.press("i")
        for symbol in order[1:4]:
            await pilot.press("n")
            assert seen.monitor.choices.opened is not None
            assert seen.monitor.choices.opened.symbol == symbol
        await pilot.press(*"NNNNN")
        opened = seen.monitor.choices.opened
        assert opened is not None
        assert opened.symbol == order[0]


async def test_a_flag_opens_the_instrument_it_watches(tmp_path: Path) -> None:
    seen = stage(tmp_path, whole())
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await pilot.press("g", "5", "i")
        assert "RUT  Russell 2000" in seen.text()


async def test_find_opens_another_from_here(tmp_path: Path) -> None:
    seen = stage(tmp_path, whole())
    async with seen.monitor.run_test(size=(80, 24)) as pilot:
        await pilot.press("2", "g", "i", "slash", *"vol")
        assert "Enter opens VIX Volatility" in seen.text()
        await pilot.press("enter")
        assert "VIX  Volatility" in seen.text()
        await pilot.press("slash", *"zzz")
        assert "nothing of this name" in seen.text()
        await pilot.press("enter")
        assert "VIX  Volatility" in seen.text()
        await pilot.press("escape")
        assert seen.monitor.choices.screen == "quotes"


def test_a_symbol_is_meant_before_a_name() -> None:
    rows = builders.overview().instruments
    assert [row.short for row in matching("rut", rows)] == ["RUT"]
    assert matching("r2000", rows)[0].short == "RTY"
    assert matching("DJI", rows)[0].short == "DJIA"
    assert matching("", rows) == ()


async def test_the_digits_leave_it_and_filters_do_nothing_here(tmp_path: Path) -> None:
    seen = stage(tmp_path, whole())
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await pilot.press("2", "i", "f", "s")
        assert seen.monitor.choices.group is None
        await pilot.press("4")
        assert seen.monitor.choices.opened is None
        assert seen.monitor.choices.screen == "record"
