"""Symbols, groups, pairs and levels come and go, and not one byte of what else stands in the file is another."""

import os
import threading
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tapewatch.core.flags import rules
from tapewatch.core.model.config import Problem
from tapewatch.core.settings import load
from tapewatch.core.settings_actions import (
    add_level,
    add_pair,
    add_symbol,
    goes_with,
    remove_level,
    remove_pair,
    remove_symbol,
    set_group,
)
from tapewatch.core.settings_blocks import Fields, drop_block, put_block, write_order
from tapewatch.core.settings_keys import OF_YIELDS, REFERENCES
from tapewatch.core.settings_text import default_text
from tapewatch.core.universe import default_config

MINE = """\
# my board, do not touch
order = [  # these first
    "RUT",
    "SPX",
]

[screen] # mine
theme   =  'amber'   # dark

# --- a level from the week's lows
[[level]]
symbol = "RUT"   # the small caps
price = 2_417.74
note = \"\"\"
[[level]] is no heading here\"\"\"

[feed]
poll = 30

[[level]]
symbol = "^GSPC"
low = 6700
high = 6710
# the end
"""
"""A file as somebody might have written it."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


# -- blocks -------------------------------------------------------------------------------------------------


def test_a_level_is_changed_in_its_place_and_nothing_else(file: Path) -> None:
    file.write_text(MINE)
    assert put_block(file, "level", {"symbol": "^RUT"}, {"price": 2400.5, "rule": "touch"}) is None
    changed = MINE.replace("price = 2_417.74", "price = 2400.5").replace('here"""\n', 'here"""\nrule = "touch"\n')
    assert file.read_text() == changed


def test_a_level_stands_beside_its_kin_and_going_again_leaves_the_file_as_it_was(file: Path) -> None:
    file.write_text(MINE)
    assert add_level(file, "DJIA", 47000, "close above", "round") is None
    assert file.read_text().startswith(MINE.removesuffix("# the end\n"))
    assert "# the end" in file.read_text()
    assert remove_level(file, "DJIA", 47000.0) is None
    assert file.read_text() == MINE


def test_a_block_in_the_middle_goes_without_its_neighbours(file: Path) -> None:
    file.write_text(MINE)
    assert remove_level(file, "RUT", 2417.74) is None
    gone = tomllib.loads(file.read_text())
    assert gone["feed"] == {"poll": 30}
    assert [one["symbol"] for one in gone["level"]] == ["^GSPC"]
    assert "# --- a level from the week's lows" in file.read_text()


def test_the_order_keeps_its_words(file: Path) -> None:
    file.write_text(MINE)
    assert write_order(file, ("SPX", "RUT")) is None
    assert load(file)[0].instruments[0].symbol == "^GSPC"
    rest = MINE[MINE.index("[screen]") :]
    assert file.read_text().endswith(rest)
    assert file.read_text().startswith("# my board, do not touch\n")


def test_an_order_is_written_above_the_sections(file: Path) -> None:
    file.write_text(default_text())
    assert write_order(file, ("RUT",)) is None
    assert load(file)[0].instruments[0].symbol == "^RUT"
    assert set(lines(file.read_text())) - set(lines(default_text())) == {'order = ["RUT"]'}


CHANGES: tuple[tuple[Callable[[Path], Problem | None], Callable[[Path], Problem | None]], ...] = (
    (lambda f: add_symbol(f, "AAPL", group="shares"), lambda f: remove_symbol(f, "AAPL")),
    (lambda f: add_symbol(f, "DAX"), lambda f: remove_symbol(f, "DAX")),
    (lambda f: add_symbol(f, "XLK"), lambda f: remove_symbol(f, "XLK")),
    (lambda f: remove_symbol(f, "VTWO"), lambda f: add_symbol(f, "VTWO")),
    (lambda f: set_group(f, "RUT", "mine"), lambda f: set_group(f, "RUT", "")),
    (lambda f: add_level(f, "RUT", 2000.5), lambda f: remove_level(f, "RUT", 2000.5)),
    (lambda f: add_level(f, "SPX", (1.5, 2.0), "touch", "x"), lambda f: remove_level(f, "SPX", (1.5, 2.0))),
)
"""What a user does, and its undoing."""

COMMENTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=30).map("# {}".format)
PIECES = st.sampled_from(
    [
        '[screen]\ntheme = "amber"',
        "[feed]\npoll = 30",
        '[[level]]\nsymbol = "RUT"\nprice = 2417.74',
        '[[level]]\nsymbol = "SPX"\nlow = 6700.0\nhigh = 6_710.5 # edge',
        "[[instrument]]\nsymbol = \"KRE\"\nname = '''\nBanks'''",
        '[[alerts]]\nname = "a"\non = "price"\nsymbol = "RUT"\nabove = 2500\nhow = [\n  "bell",\n]',
        '[keys]\nquit = "Q"',
        "",
    ]
)


@st.composite
def files(draw: st.DrawFn) -> str:
    """Sections and blocks in any order, with words and empty lines anywhere between, and one of the two line ends."""
    parts: list[str] = []
    seen: set[str] = set()
    for piece in draw(st.lists(PIECES, max_size=8)):
        head = piece.partition("\n")[0]
        if (head in seen and not head.startswith("[[")) or (head and piece in parts and "alerts" in piece):
            continue
        seen.add(head)
        parts += [*draw(st.lists(COMMENTS, max_size=2)), piece, *draw(st.lists(st.just(""), max_size=2))]
    text = "\n".join([*parts, *draw(st.lists(COMMENTS, max_size=1))]) + draw(st.sampled_from(["", "\n", "\n\n"]))
    return text.replace("\n", draw(st.sampled_from(["\n", "\r\n"])))


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files(), st.sampled_from(CHANGES))
def test_what_was_done_and_undone_leaves_every_line_and_every_setting(
    file: Path, text: str, change: tuple[Callable[[Path], Problem | None], Callable[[Path], Problem | None]]
) -> None:
    file.write_bytes(text.encode())
    before, problems = load(file)
    assert change[0](file) is None
    done = file.read_bytes().decode()
    assert [line for line in lines(text) if line not in lines(done)] == []
    assert load(file)[0] != before
    assert change[1](file) is None
    assert load(file) == (before, problems)
    assert lines(file.read_bytes().decode()) == lines(text)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    files(),
    st.sampled_from(["instrument", "rule", "level", "alerts", "feed", "x"]),
    st.dictionaries(
        st.sampled_from(["symbol", "price", "note", "name", "set", "watched", "rule", "short"]),
        st.one_of(
            st.none(),
            st.booleans(),
            st.floats(),
            st.text(max_size=20),
            st.lists(st.text(max_size=5), max_size=3).map(tuple),
            st.dictionaries(st.text(max_size=5), st.floats(), max_size=2),
        ),
        max_size=4,
    ),
)
def test_no_value_can_break_a_file(file: Path, text: str, section: str, fields: Fields) -> None:
    file.write_bytes(text.encode())
    before = load(file)[1]
    problem = put_block(file, section, {"symbol": "RUT"}, fields)
    if problem is not None:
        assert file.read_bytes() == text.encode()
        assert str(problem).isprintable()
    assert len(load(file)[1]) <= len(before)


# -- pairs --------------------------------------------------------------------------------------------------


def test_the_first_pair_takes_nothing_away(file: Path) -> None:
    file.write_text(MINE)
    assert add_pair(file, "spread-shock", "HYG", ("SPY",)) is None
    config, problems = load(file)
    assert problems == ()
    assert config.rules[:-1] == default_config().rules
    assert config.rules[-1].id == "spread-shock:HYG:SPY"


def test_a_pair_that_ships_goes_and_the_others_stay(file: Path) -> None:
    assert remove_pair(file, "spread-shock:^RUT:^GSPC") is None
    left = [one for one in default_config().rules if one.id != "spread-shock:^RUT:^GSPC"]
    assert list(load(file)[0].rules) == left


def test_the_last_pair_does_not_bring_back_those_that_ship(file: Path) -> None:
    file.write_text('[[rule]]\nrule = "spread-shock"\nwatched = "HYG"\nagainst = ["SPY"]\n')
    assert remove_pair(file, "spread-shock:HYG:SPY") is None
    assert load(file)[0].rules == ()
    assert add_pair(file, "spread-shock", "HYG", "SPY") is None
    assert [one.id for one in load(file)[0].rules] == ["spread-shock:HYG:SPY"]
    assert drop_block(file, "rule", {"rule": "spread-shock", "against": ("^SPY",)}) is None
    assert load(file)[0].rules == ()


def test_a_pair_across_exchanges_goes_by_the_name_a_feed_gives_it(file: Path) -> None:
    assert add_pair(file, "spread-shock", "HSI", "SPX") is None
    assert remove_pair(file, "spread-shock:^HSI:^GSPC:days=2.0") is None
    assert [one.id for one in load(file)[0].rules if one.watched == "^HSI" and one.against] == []


@pytest.mark.parametrize(
    ("rule", "watched", "against", "said"),
    [
        ("spread-shok", "HYG", "SPY", "nearest: spread-shock"),
        ("spread-shock", "HYGG", "SPY", "nearest: HYG"),
        ("spread-shock", "HYG", (), "a reference"),
        ("spread-shock", "HYG", "HYG", "another instrument"),
        ("spread-shock", "US10Y", "SPY", "with a price"),
        ("breadth-divergence", "SPX", "SPY", "at least 5"),
        ("spread-shock", "RUT", "SPX", "not judged yet"),
        ("spread-shock", "DAX", "SPX", "hidden"),
    ],
)
def test_a_pair_that_could_not_be_judged_is_refused(
    file: Path, rule: str, watched: str, against: str | tuple[str, ...], said: str
) -> None:
    file.write_text(MINE)
    problem = add_pair(file, rule, watched, against)
    assert problem is not None
    assert said in str(problem)
    assert file.read_text() == MINE


def test_what_rules_need_is_what_the_rules_say() -> None:
    assert {name: rule.references for name, rule in rules().items() if rule.references != 1} == REFERENCES
    assert sorted(name for name, rule in rules().items() if not rule.percent) == sorted(OF_YIELDS)


# -- symbols ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "short", "kind", "currency", "calendar"),
    [
        ("cl=f", "CL", "future", "USD", "CMES"),
        ("SAP.DE", "SAP.DE", "index", "EUR", "XEUR"),
        ("HSBA.L", "HSBA.L", "index", "GBp", "XLON"),
        ("^VVIX", "VVIX", "index", "USD", "XNYS"),
        ("AAPL", "AAPL", "index", "USD", "XNYS"),
        ("EURUSD=X", "EURUSD", "index", "USD", "XNYS"),
    ],
)
def test_a_new_symbol_is_what_its_spelling_tells(
    file: Path, typed: str, short: str, kind: str, currency: str, calendar: str
) -> None:
    assert add_symbol(file, typed) is None
    one = load(file)[0].watched[-1]
    assert (one.symbol, one.short) == (typed.upper(), short)
    assert (one.kind, one.currency, one.calendar) == (kind, currency, calendar)


def test_with_a_symbol_of_ones_own_goes_what_waits_on_it(file: Path) -> None:
    file.write_text(MINE)
    add_symbol(file, "AAPL")
    add_level(file, "AAPL", 200.0)
    add_pair(file, "spread-shock", "AAPL", "SPX")
    put_block(file, "alerts", {"name": "a"}, {"on": "price", "symbol": "AAPL", "above": 250.0})
    write_order(file, ("AAPL", "RUT"))
    assert goes_with(file, "AAPL") == "1 level, 1 alert and 1 rule"
    assert remove_symbol(file, "AAPL") is None
    config, problems = load(file)
    assert problems == ()
    assert "AAPL" not in file.read_text()
    assert config.rules == default_config().rules


def test_what_waits_on_a_hidden_instrument_comes_back_with_it(file: Path) -> None:
    file.write_text(MINE)
    before = load(file)
    assert remove_symbol(file, "RUT") is None
    assert load(file)[0].levels_of("^RUT") == ()
    assert add_symbol(file, "RUT") is None
    assert load(file) == before


@pytest.mark.parametrize("symbol", ["", " ", "A B", "x\x1b[2J", "../../x", "A" * 40, "\udc80", "a\nb"])
def test_no_symbol_at_all_is_refused(file: Path, symbol: str) -> None:
    file.write_text(MINE)
    problem = add_symbol(file, symbol)
    assert problem is not None
    assert str(problem).isprintable()
    assert file.read_text() == MINE


# -- files that stand in the way ----------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"[[level\n", b"\xff", b'level = [{ symbol = "RUT", price = 1.0 }]\n'])
def test_a_file_that_cannot_be_changed_stays_as_it_is(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    assert add_level(file, "SPX", 6700.0) is not None
    assert file.read_bytes() == content


def test_a_link_stays_a_link_a_mark_a_mark_and_rights_rights(file: Path) -> None:
    real = file.with_name("dotfiles.toml")
    real.write_bytes(b"\xef\xbb\xbf" + MINE.encode())
    real.chmod(0o640)
    file.symlink_to(real)
    assert set_group(file, "RUT", "mine") is None
    assert file.is_symlink()
    assert real.read_bytes().startswith(b"\xef\xbb\xbf# my board")
    assert real.stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in file.parent.iterdir()) == ["config.toml", "dotfiles.toml"]


def test_a_file_is_made_for_its_owner_alone(file: Path) -> None:
    file = file.parent / "new" / "config.toml"
    assert add_symbol(file, "AAPL") is None
    assert (file.stat().st_mode & 0o777, file.parent.stat().st_mode & 0o777) == (0o600, 0o700)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_is_not_ours_is_said(file: Path) -> None:
    file.write_text(MINE)
    file.parent.chmod(0o500)
    problem = add_symbol(file, "AAPL")
    file.parent.chmod(0o700)
    assert problem is not None
    assert "cannot be written" in str(problem)
    assert file.read_text() == MINE


def test_two_screens_that_write_at_once_lose_nothing(file: Path) -> None:
    file.write_text(MINE)
    prices = [float(price) for price in range(100, 120)]

    def write(mine: list[float]) -> None:
        for price in mine:
            assert add_level(file, "DJIA", price) is None

    threads = [threading.Thread(target=write, args=(prices[at::2],)) for at in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(level.price or 0 for level in load(file)[0].levels_of("^DJI")) == prices
