"""`tapewatch chart` as scripts meet it: kinds and frames, exit codes, plain text, a store that is only read."""

import csv
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tapewatch.core.importing import import_paths
from tapewatch.core.paths import Paths, default_paths
from tapewatch.core.universe import INSTRUMENTS

from ..market import closes, rows, tree, walk
from .said import NOTHING, PARTIAL, USAGE, Command, Said

Chart = Callable[..., Said]


def filled(folder: Path) -> Paths:
    """A store of two indices, a fund that is young, a yield, and an index of a single day."""
    made = {"^RUT": walk(1, 900), "^GSPC": walk(2, 900), "IWM": walk(3, 120), "^TNX": walk(4, 900),
            "^NDX": closes([24817.95], date(2019, 1, 2))}  # fmt: skip
    for symbol, bars in made.items():
        lines = [f"{bar.day},{bar.open},{bar.high},{bar.low},{bar.close},1000" for bar in rows(bars)]
        (folder / f"{symbol}.csv").write_text("date,open,high,low,close,volume\n" + "\n".join(lines))
    paths = default_paths(folder / "store", folder / "none.toml")
    assert import_paths(paths, [folder], INSTRUMENTS, lambda _: None) == 0
    return paths


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Paths:
    return filled(tmp_path_factory.mktemp("made"))


@pytest.fixture
def chart(command: Command, store: Paths, monkeypatch: pytest.MonkeyPatch) -> Chart:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")

    def said(*arguments: str, where: Path = store.store) -> Said:
        return command("chart", *arguments, "--store", where)

    return said


def test_a_chart_is_drawn_and_what_is_missing_is_said_aside(chart: Chart) -> None:
    said = chart("RUT")
    assert said.code == PARTIAL
    assert "the newest bar of RUT is of" in said.err
    assert "sessions since are not stored" in said.err
    assert said.out.splitlines()[1].startswith("RUT  Russell 2000")
    assert "daily closes, price return" in said.out
    assert "\x1b" not in said.out
    assert len(said.out.splitlines()) <= 24
    assert max(len(line) for line in said.out.splitlines()) <= 80


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("RUT", "SPX"), "RUT / SPX  indexed to 100"),
        (("^RUT", "^GSPC", "--relative"), "percent from one date"),
        (("RUT", "SPX", "IWM"), "RUT SPX IWM  percent from one date"),
        (("RUT", "SPX", "--since", "2020-03-02"), "since the close of Mon 2 Mar 2020"),
        (("RUT", "--drawdown", "--frame", "all"), "below the highest close since"),
        (("RUT", "--candles", "--frame", "1m"), "1 month"),
        (("IWM", "--log", "--frame", "3m"), "log scale"),
    ],
)
def test_each_kind_says_what_it_shows(chart: Chart, arguments: tuple[str, ...], words: str) -> None:
    said = chart(*arguments)
    assert said.code == PARTIAL
    assert words in " ".join(said.out.split("\n"))


def test_without_utf_8_every_sign_is_ascii(chart: Chart, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not chart("RUT").out.isascii()
    monkeypatch.setenv("LC_ALL", "C")
    for arguments in (("RUT",), ("RUT", "SPX"), ("RUT", "--candles", "--frame", "1m"), ("RUT", "--drawdown")):
        plain = chart(*arguments).out
        assert plain.isascii()
        assert "?" not in plain


def test_a_history_shorter_than_the_frame_is_named(chart: Chart) -> None:
    said = chart("IWM", "--frame", "5y")
    assert said.code == PARTIAL
    assert "IWM begins" in said.err
    assert "inside the 5 years asked for" in said.err
    assert "an average of 200 sessions needs more than the 120 there are" in said.err


def test_one_bar_is_told_and_is_no_chart(chart: Chart) -> None:
    said = chart("NDX")
    assert (said.code, said.out) == (PARTIAL, "")
    assert "NDX has one bar, 24,817.95 of 2019-01-02: a line needs two" in said.err


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("RUTT",), USAGE, "unknown symbol 'RUTT'; nearest: RUT"),
        (("RUT", "SPXX"), USAGE, "unknown symbol 'SPXX'; nearest: SPX"),
        (("RUT", "RUT"), USAGE, "2 different instruments"),
        (("RUT", "--relative"), USAGE, "2 to 8 different instruments"),
        (("RUT", "US10Y"), USAGE, "US10Y is a yield"),
        (("VIX", "--drawdown"), USAGE, "VIX has no record to fall from"),
        (("RUT", "SPX", "--drawdown"), USAGE, "--drawdown is of one instrument"),
        (("RUT", "--since", "2020-03-02"), USAGE, "2 to 8 different instruments"),
        (("RUT", "SPX", "--since", "spring"), USAGE, "'spring' is not a date"),
        (("RUT", "SPX", "--drawdown", "--since", "2020-03-02"), USAGE, "--since is of relative performance"),
        (("HSI",), NOTHING, "no bars of HSI yet; run tapewatch fetch, or import bars"),
    ],
)
def test_what_cannot_be_drawn_is_one_sentence(chart: Chart, arguments: tuple[str, ...], code: int, words: str) -> None:
    said = chart(*arguments)
    assert (said.code, said.out) == (code, "")
    assert words in said.err
    assert said.err.count("\n") == 1


def test_a_frame_that_is_none_is_wrong_usage(chart: Chart) -> None:
    said = chart("RUT", "--frame", "2h")
    assert said.code == USAGE
    assert "invalid choice: '2h'" in said.err


def test_without_a_store_there_is_nothing_and_none_is_made(chart: Chart, tmp_path: Path) -> None:
    said = chart("RUT", where=tmp_path / "none")
    assert said.code == NOTHING
    assert not (tmp_path / "none").exists()


def told(said: Said) -> list[dict[str, str]]:
    """The rows of a CSV by the names of their columns."""
    found = [*csv.DictReader(said.out.splitlines())][:-1]
    return [{name.partition(" [")[0]: value for name, value in one.items()} for one in found]


def test_the_series_are_rows_with_what_they_are(chart: Chart) -> None:
    said = chart("RUT", "--frame", "1m", "--csv")
    assert said.code == PARTIAL
    bars = {bar.day.isoformat(): bar for bar in rows(walk(1, 900))}
    found = told(said)
    assert len(found) > 15
    assert [*found[0]][:6] == ["session", "open", "high", "low", "close", "sma_50"]
    for row in found:
        bar = bars[row["session"]]
        assert (float(row["open"]), float(row["high"]), float(row["low"])) == (bar.open, bar.high, bar.low)
        assert float(row["close"]) == bar.close
        assert row["state"] == "final"
    last = [*bars.values()][-50:]
    assert float(found[-1]["sma_50"]) == pytest.approx(sum(bar.close for bar in last) / 50)
    heading, *_, foot = said.out.splitlines()
    assert "daily closes, price return" in heading
    assert "simple average of 50 daily closes" in heading
    assert foot.lstrip('"').startswith("# prices of RUT, 1m, a session a point; daily closes, price return; tapewatch ")
    assert "source stored bars" in foot


def test_a_ratio_and_performances_name_what_they_are_counted_from(chart: Chart) -> None:
    ratio = json.loads(chart("RUT", "SPX", "--frame", "1m", "--json").out)
    assert ratio["columns"]["ratio"]["unit"] == "100 at the first point"
    assert ratio["rows"][0]["ratio"] == pytest.approx(100.0)
    assert ratio["title"].startswith("ratio of RUT to SPX, 1m, a session a point; ")
    assert ratio["of"]["source"] == "stored bars"
    both = json.loads(chart("RUT", "SPX", "--relative", "--frame", "1m", "--json").out)
    assert {"rut", "spx"} <= set(both["columns"])
    assert both["columns"]["rut"]["unit"] == "%"
    fallen = json.loads(chart("RUT", "--drawdown", "--json").out)
    assert max(row["drawdown"] for row in fallen["rows"]) <= 0
    assert chart("RUT", "--markdown").out.startswith("## prices of RUT, 1y")


def test_one_form_at_a_time(chart: Chart) -> None:
    assert chart("RUT", "--csv", "--json").code == USAGE


def test_it_only_reads(chart: Chart, store: Paths) -> None:
    before = tree(store.store)
    assert chart("RUT", "SPX").code == PARTIAL
    assert tree(store.store) == before
