"""`tapewatch study` as scripts meet it: counts, forms, exit codes, and a store that is only read."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from tapewatch.core.importing import import_paths
from tapewatch.core.paths import Paths, default_paths
from tapewatch.core.universe import INSTRUMENTS

from ..market import rows, tree, walk
from .said import NOTHING, OK, PARTIAL, USAGE, Command, Said

LAST = date(2025, 10, 17)


Study = Callable[..., Said]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Paths:
    """A store of three made indices; of the yield the year 2024 is missing."""
    folder = tmp_path_factory.mktemp("made")
    for seed, symbol in enumerate(("^GSPC", "^DJI", "^RUT", "^TNX")):
        bars = rows(walk(seed, 2700, first=date(2015, 6, 1)).upto(LAST))
        lines = [
            f"{bar.day},{bar.open},{bar.high},{bar.low},{bar.close},0"
            for bar in bars
            if symbol != "^TNX" or bar.day.year != 2024
        ]
        (folder / f"{symbol}.csv").write_text("date,open,high,low,close,volume\n" + "\n".join(lines))
    paths = default_paths(folder / "store", folder / "none.toml")
    # of made bars no calendar knows the holidays: they are taken as old ones
    assert import_paths(paths, [folder], INSTRUMENTS, lambda _: None, datetime(2030, 1, 1, tzinfo=UTC)) == 0
    return paths


@pytest.fixture
def study(command: Command, filled: Paths) -> Study:
    """Run on the made store, or on another `store`."""

    def said(*arguments: object, store: Path = filled.store) -> Said:
        return command("study", *arguments, "--store", store)

    return said


def test_the_answer_is_one_calm_page(study: Study) -> None:
    said = study("D1", "--against", "SPX")
    assert (said.code, said.err) == (OK, "")
    lines = said.out.splitlines()
    assert lines[0] == "tapewatch - study of same-day-direction: RUT against SPX"
    assert said.out.isascii()
    assert max(map(len, lines)) <= 100
    for word in ("span ", "parameters  reference 0.5", "held ", "OVER SPX", "95 % INTERVAL", "conclusion "):
        assert word in said.out
    assert "no advice" in said.out
    assert "\033" not in said.out


def test_as_json_it_has_the_keys_of_the_contract(study: Study) -> None:
    said = study("same-day-direction", "--watched", "^RUT", "--against", "SPX,^DJI", "--json")
    assert (said.code, said.err) == (OK, "")
    plain = json.loads(said.out)
    assert (plain["rule"], plain["watched"], plain["against"]) == ("same-day-direction", "^RUT", ["^GSPC", "^DJI"])
    assert {"parameters", "span", "days", "share_of_days", "episodes", "horizons", "conclusion"} <= set(plain)
    assert list(plain["horizons"]) == ["1", "5", "20"]
    for one in plain["horizons"].values():
        assert set(one) >= {
            "mean", "median", "hit_percent", "hit_interval", "interval", "all_days", "worst_adverse",
            "relative_to_reference",
        }  # fmt: skip
        assert set(one["all_days"]) == {"mean", "median", "hit_percent"}
    assert len(plain["episodes"]) >= 10
    assert plain["span"][0] == "2015-06-01"
    assert "2025-10-10" <= plain["span"][1] <= str(LAST)


def test_what_is_typed_goes_over_the_settings(study: Study, tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text('[[rule]]\nrule = "weekly-lag"\nwatched = "DJIA"\nagainst = ["SPX"]\nset = { percentile = 20 }\n')
    own = json.loads(study("D4", "--json", "--config", file).out)
    assert (own["watched"], own["against"], own["parameters"]["percentile"]) == ("^DJI", ["^GSPC"], 20)
    typed = json.loads(study("D4", "--set", "percentile=30", "--set", "mirror=true", "--json", "--config", file).out)
    assert typed["parameters"] == {"percentile": 30, "mirror": True}
    assert typed["days"] > own["days"]


def test_the_span_the_outcome_and_the_condition_are_said(study: Study) -> None:
    said = study(
        "D1", "--against", "SPX", "--from", "2018-01-01", "--to", "2024-06-30", "--outcome", "reference",
        "--given", "DJIA above sma50", "--entry", "next-open", "--json",
    )  # fmt: skip
    plain = json.loads(said.out)
    assert plain["span"][0] >= "2018-01-01"
    assert plain["span"][1] <= "2024-06-30"
    assert (plain["outcome"], plain["entry"]) == ("reference", "next open")
    assert plain["given"] == "DJIA above its 50-session average"
    assert plain["days"] > 0
    assert plain["days_without"] > 0
    text = study("D1", "--against", "SPX", "--outcome", "reference", "--given", "DJIA above sma50").out
    assert "followed    SPX, from the close of the day" in text
    assert "DJIA above its 50-session average; the rule held on" in text


def test_a_span_of_one_session_is_one_session(study: Study) -> None:
    said = study("D1", "--from", "2024-06-28", "--to", "2024-06-28").out
    assert "2024-06-28 to 2024-06-28, 1 session\n" in said


def test_a_weekend_means_the_last_session_before_it_and_that_is_said(study: Study) -> None:
    friday, sunday = study("D1", "--to", "2024-06-28"), study("D1", "--to", "2024-06-30")
    assert (sunday.code, sunday.out) == (OK, friday.out)
    assert friday.err == ""
    assert sunday.err.endswith("share no session of 2024-06-30; the span ends with their last before it, 2024-06-28\n")


def test_a_hole_in_a_leg_is_said_and_is_3(study: Study) -> None:
    said = study("D10", "--watched", "US10Y")
    assert said.code == PARTIAL
    assert "US10Y, from the close of the day, change of the yield in basis points" in said.out
    assert "US10Y: no bars between 2023-12-29 and 2025-01-01" in said.out
    assert said.err.startswith("tapewatch: US10Y: no bars between")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["D99"], "unknown rule 'D99'"),
        (["same-day-directions"], "nearest: same-day-direction"),
        (["D1", "--watched", "RUSSL"], "unknown symbol 'RUSSL'; nearest: "),
        (["D1", "--against", "SPX,GSPX"], "unknown symbol 'GSPX'; nearest: SPX"),
        (["D1", "--against", ""], "expected at least 1 of the other instruments"),
        (["D1", "--set", "depth=10"], "a threshold of this rule"),
        (["D1", "--set", "reference"], "write it like depth=10"),
        (["D1", "--from", "soon"], "'soon' is not a date"),
        (["D1", "--to", "2999-01-04"], "is in the future"),
        (["D1", "--from", "2024-01-02", "--to", "2023-01-03"], "ends before it begins"),
        (["D1", "--given", "KRE strong"], "known forms: SYMBOL above smaN"),
        (["D1", "--watched", "US10Y"], "this rule measures in percent, and a yield moves in basis points"),
        (["D4", "--set", "percentile=200"], "expected a number from 0 to 50"),
        (["D7", "--outcome", "reference"], "name one with --against"),
        (["D1", "--entry", "sometime"], "invalid choice"),
        ([], "RULE"),
    ],
    ids=str,
)
def test_wrong_usage_is_2_and_says_what_would_do(study: Study, arguments: list[str], said: str) -> None:
    found = study(*arguments)
    assert (found.code, found.out) == (USAGE, "")
    assert said in found.err


def test_without_bars_there_is_nothing_to_answer_with(study: Study, tmp_path: Path) -> None:
    for arguments, said in (
        (["D1", "--watched", "KRE"], "no bars of KRE"),
        (["D1", "--given", "KRE above sma50"], "no bars of KRE"),
        (["D1", "--to", "1990-01-02"], "share no session"),
    ):
        found = study(*arguments)
        assert (found.code, found.out) == (NOTHING, "")
        assert said in found.err
    empty = study("D1", store=tmp_path / "none")
    assert empty.code == NOTHING
    assert "no bars of RUT, SPX" in empty.err
    assert not (tmp_path / "none").exists()


def test_studying_changes_nothing(study: Study, filled: Paths) -> None:
    before = tree(filled.store)
    assert study("D1").code == OK
    assert study("D4", "--json").code == OK
    assert tree(filled.store) == before


def test_real_counts_come_out_of_the_command(study: Study, real_store: Paths) -> None:
    said = study("D1", "--against", "SPX", store=real_store.store)
    assert "169 days (1.75 %, 1 in 57), 107 cases more than 20 sessions apart" in said.out
    assert "not distinguishable from chance" in said.out
    lead = study("D5", "--set", "drought=1e9", "--json", store=real_store.store)
    assert json.loads(lead.out)["days"] == 74
