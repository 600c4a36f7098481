"""`tapewatch check` as scripts meet it: what it prints, its exit codes, and a store that is only read."""

import json
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

from tapewatch.cli import run
from tapewatch.core.bars import Bar, Bars
from tapewatch.core.claims.check import check as judge
from tapewatch.core.importing import import_paths
from tapewatch.core.model.claim import Answer
from tapewatch.core.paths import Paths, default_paths
from tapewatch.core.universe import INSTRUMENTS

from ..market import tree

OK, ERROR, USAGE, PARTIAL, NOTHING = 0, 1, 2, 3, 4
RUT = """date,open,high,low,close,volume
2019-01-04,100,101,99,100,0
2019-01-07,104,106,103,105,0
2019-01-08,106,112,105,110,0
2019-01-09,109,111,100,101,0
"""
SPX = "\n".join(RUT.splitlines()[:3]) + "\n"


class Said(NamedTuple):
    """What a command answered."""

    code: int
    out: str
    err: str


@pytest.fixture
def filled(tmp_path: Path) -> Paths:
    """A store of two indices; of one the last sessions are missing."""
    for symbol, text in (("^RUT", RUT), ("^GSPC", SPX)):
        (tmp_path / f"{symbol}.csv").write_text(text)
    paths = default_paths(tmp_path / "store", tmp_path / "none.toml")
    assert import_paths(paths, [tmp_path], INSTRUMENTS, lambda _: None, datetime(2019, 2, 1, tzinfo=UTC)) == 0
    return paths


def check(paths: Paths, capsys: pytest.CaptureFixture[str], *words: str) -> Said:
    capsys.readouterr()
    code = run(["check", *words, "--store", str(paths.store)])
    said = capsys.readouterr()
    return Said(code, said.out, said.err)


def test_the_answer_has_verdict_definition_figures_dates_and_source(
    filled: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    before = tree(filled.store)
    code, out, err = check(filled, capsys, "RUT", "closed", "near", "its", "low", "on", "2019-01-09")
    assert (code, err) == (OK, "")
    lines = out.splitlines()
    assert lines[:2] == ["RUT closed near its low on 2019-01-09", "TRUE"]
    assert "  definition - close position 100 (C - L) / (H - L); near the low: at most 20 %" in lines
    assert "      close position        9.09 %  2019-01-09" in lines
    assert lines[-1] == "source: RUT (Russell 2000, index, price return), daily bars 2019-01-04 to 2019-01-09"
    assert tree(filled.store) == before


def test_where_definitions_disagree_each_says_what_it_holds(filled: Paths, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = check(filled, capsys, "RUT rose in the week of 2019-01-07")
    assert "DEPENDS on the definition: true by w/w; false by O>C, 1stC>C" in out
    assert "(not the usual one)" in out


def test_json_is_the_whole_answer_at_full_precision(filled: Paths, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = check(filled, capsys, "RUT fell 8.18 % on 2019-01-09", "--json")
    answer = msgspec.json.decode(out, type=Answer)
    assert (code, answer.verdict, answer.form) == (OK, "true", "change")
    figure = json.loads(out)["parts"][0]["readings"][0]["figures"][0]
    assert figure == {
        "label": "RUT", "value": pytest.approx(-900 / 110), "unit": "percent", "from": "2019-01-08", "to": "2019-01-09",
    }  # fmt: skip


def test_a_saturday_means_friday_and_is_said_aside(filled: Paths, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = check(filled, capsys, "RUT closed at 100 on 2019-01-05")
    assert (code, out.splitlines()[1]) == (OK, "TRUE")
    assert err == "tapewatch: 2019-01-05 is no session of RUT; taken is the last before it, Friday 2019-01-04\n"


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("RUT pleases everybody", "no claim of a known form; known are, the nearest first"),
        ("RIT fell on 2019-01-09", "unknown symbol 'RIT'; nearest: RUT"),
        ("RUT fell on 2019-13-09", "'2019-13-09' is not a date"),
        ("RUT fell on 2999-01-09", "2999-01-09 is in the future"),
        ("gold fell on 2019-01-09", "unknown symbol 'GOLD'\n"),
        ("RUT rose 57 on 2019-01-09", 'write "57 points" or "57 %"'),
        ("US10Y rose 1 %", ""),
        ("RUT fell on 1600-01-01", ""),
    ],
)
def test_what_cannot_be_read_is_wrong_usage_and_says_why(
    filled: Paths, capsys: pytest.CaptureFixture[str], claim: str, said: str
) -> None:
    code, out, err = check(filled, capsys, claim)
    assert code == (USAGE if said else NOTHING)
    assert said in err
    assert (out == "") == bool(said)


def test_of_the_known_forms_no_more_than_five_are_listed(filled: Paths, capsys: pytest.CaptureFixture[str]) -> None:
    assert len(check(filled, capsys, "RUT pleases everybody").err.splitlines()) == 1 + 5


def test_of_several_subjects_a_definition_is_true_only_where_all_hold(
    filled: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    """SPX, whose last sessions are missing, is up by every definition, RUT by the week alone."""
    _, out, _ = check(filled, capsys, "RUT and SPX rose in the week of 2019-01-07")
    assert out.splitlines()[1] == "DEPENDS on the definition: true by w/w; false by O>C, 1stC>C"


def test_a_missing_leg_is_named_and_what_is_left_is_answered(filled: Paths, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = check(filled, capsys, "RUT and SPX fell on 2019-01-31")
    assert (code, out.count("has no bar of 2019-01-31")) == (PARTIAL, 2)
    code, out, _ = check(filled, capsys, "RUT and KRE fell on 2019-01-09")
    assert code == PARTIAL
    assert "RUT: true" in out
    assert "missing: no bars of KRE" in out


def test_what_prices_cannot_settle_is_said_and_partial(filled: Paths, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = check(filled, capsys, "record inflows into IWM")
    assert (code, out.splitlines()[1]) == (PARTIAL, "NOT COMPUTABLE")
    assert '"inflows" is not computable from prices' in out
    (filled.store.parent / "^VIX.csv").write_text(RUT)
    import_paths(
        filled, [filled.store.parent / "^VIX.csv"], INSTRUMENTS, lambda _: None, datetime(2019, 2, 1, tzinfo=UTC)
    )
    code, out, _ = check(filled, capsys, "VIX is at a record")
    assert (code, out.splitlines()[1]) == (PARTIAL, "NOT COMPUTABLE")


def test_nothing_to_look_at_is_four(filled: Paths, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = check(filled, capsys, "KRE fell on 2019-01-09")
    assert (code, "missing: no bars of KRE" in out) == (NOTHING, True)
    code, out, err = check(default_paths(tmp_path / "empty"), capsys, "RUT fell")
    assert (code, out) == (NOTHING, "")
    assert "no bars in" in err
    assert not (tmp_path / "empty").exists()


def test_a_claim_about_now_on_bars_that_end_long_ago_says_so_and_one_about_a_date_does_not(
    filled: Paths, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = check(filled, capsys, "RUT is at its record")
    assert code == PARTIAL
    assert re.search(r"the newest bar of RUT is of 2019-01-09: [\d,]+ sessions since are not stored", out)
    assert "not stored" not in check(filled, capsys, "RUT closed near its low on 2019-01-09").out


def test_a_claim_about_now_on_the_last_close_is_answered_in_full() -> None:
    days = ((date(2025, 10, 15), 100.0), (date(2025, 10, 16), 110.0))
    bars = {"^RUT": Bars.of(Bar(day, price, price, price, price) for day, price in days)}
    sunday = datetime(2025, 10, 19, 12, tzinfo=UTC)
    assert judge("RUT is at its record", INSTRUMENTS, bars, sunday.date(), now=sunday).missing == (
        "the newest bar of RUT is of 2025-10-16: one session since is not stored",
    )
    friday = datetime(2025, 10, 17, 12, tzinfo=UTC)
    assert judge("RUT is at its record", INSTRUMENTS, bars, friday.date(), now=friday).missing == ()
