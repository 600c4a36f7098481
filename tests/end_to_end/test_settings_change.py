"""Settings changed in the middle of a day: the real client over TLS, real bars, and a flag that is on meanwhile."""

import os
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from tapewatch.core.channel import feed_holder, read_snapshot
from tapewatch.core.model.config import RuleSetting
from tapewatch.core.paths import default_paths
from tapewatch.core.settings import load
from tapewatch.core.settings_actions import add_level, add_symbol, remove_symbol

from ..fake_yahoo import FakeYahoo, load_daily, load_five_minutes
from .desk import desk, eastern, watching
from .said import ERROR, OK, USAGE, Command
from .test_processes import wait_for

DAY = "2025-10-17"
PAIR = RuleSetting(rule="same-day-direction", watched="^RUT", against=("^GSPC", "^IXIC"))
NAMES = {"^RUT": "RUT", "^GSPC": "SPX", "^IXIC": "IXIC"}


def test_a_symbol_added_at_noon_costs_the_flag_that_is_on_nothing(
    daily_folder: Path, intraday_folder: Path, tmp_path: Path
) -> None:
    bars = {symbol: load_five_minutes(intraday_folder / f"{name}_5m_{DAY}.csv") for symbol, name in NAMES.items()}
    service = FakeYahoo(load_daily(daily_folder), bars, eastern(f"{DAY} 13:50"))
    with desk(
        tmp_path, watching(*NAMES, rules=(PAIR,)), service, eastern(f"{DAY} 13:50"), eastern("2025-10-16 00:00")
    ) as day:
        day.until(eastern(f"{DAY} 14:40"))
        file = day.paths.config_file
        file.write_text(
            "".join(
                f'[[instrument]]\nsymbol = "{one.symbol}"\nhidden = true\n'
                for one in load(None)[0].instruments
                if one.symbol not in (*NAMES, "KRE")
            )
            + '[[rule]]\nrule = "same-day-direction"\nwatched = "RUT"\nagainst = ["SPX", "COMP"]\n'
        )
        assert add_level(file, "RUT", 2450.0) is None
        assert day.feed.hear(day.clock.now())
        shown = {row.short: row for row in day.snapshot.instruments}
        assert sorted(shown) == ["COMP", "KRE", "RUT", "SPX"]
        assert shown["KRE"].quote is None
        assert [flag.state for flag in day.snapshot.flags] == ["provisional"]
        assert 2450.0 in [level.price for level in shown["RUT"].levels]
        day.until(eastern(f"{DAY} 14:43"))
        again = day.snapshot.row("KRE")
        assert again is not None
        assert again.quote is not None
        assert again.record is not None
        assert remove_symbol(file, "KRE") is None
        day.feed.hear(day.clock.now())
        assert day.snapshot.row("KRE") is None
        assert add_symbol(file, "KRE") is None
        day.feed.hear(day.clock.now())
        assert day.snapshot.row("KRE") is not None
        day.until(eastern(f"{DAY} 16:50"))
        assert day.journal("same-day-direction") == [
            ("17 14:20", "forming"),
            ("17 14:35", "provisional"),
            ("17 16:20", "confirmed"),
        ]
        assert date(2025, 10, 17) == day.snapshot.session


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("set", "theme", "amber"), OK, 'screen.theme is "amber"'),
        (("set", "poll", "5"), USAGE, "from 10 to 3600"),
        (("set", "pol", "5"), USAGE, "nearest: poll"),
        (("set", "theme", "ambre"), USAGE, "nearest: amber"),
        (("set", "hidden_columns", "20 SESS,LASST"), USAGE, "nearest: LAST"),
        (("unset", "screen.theme"), OK, "default"),
        (("set", "order", "RUT,SPX"), OK, "stand first"),
        (("set", "order", "RUTT"), USAGE, "nearest: RUT"),
        (("add", "symbol", "AAPL", "--group", "shares"), OK, "AAPL is on the board"),
        (("add", "symbol", "RUT"), USAGE, "not on the board yet"),
        (("add", "pair", "spread-shock", "HYG", "SPY"), OK, "is judged"),
        (("add", "pair", "spread-shok", "HYG", "SPY"), USAGE, "nearest: spread-shock"),
        (("add", "level", "RUT", "2417.74", "--rule", "close above", "--since", "2025-10-17"), OK, "2417.74"),
        (("add", "level", "RUT", "many"), USAGE, "is not a price"),
        (("add", "level", "RUT", "2400", "--since", "soon"), USAGE, "is not a date"),
        (("add", "level", "RUT", "2400", "--rule", "sometimes"), USAGE, "close above"),
        (("add", "simbol", "X"), USAGE, "nearest: symbol"),
        (("remove", "symbol", "VTWO"), OK, "hidden"),
        (("remove", "pair", "spread-shock", "RUT", "SPX"), OK, "not judged any more"),
        (("remove", "level", "RUT", "1"), USAGE, "has none"),
        (("path", "x"), USAGE, "nothing more"),
        (("set", "theme", "amber", "--rule", "touch"), USAGE, "config add level"),
    ],
)
def test_what_is_changed_from_a_shell(
    command: Command, tmp_path: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("# mine\n")
    told = command("config", *words, "--config", file)
    assert told.code == code, told
    assert said in told.out + told.err
    text = file.read_text()
    assert text.startswith("# mine\n")
    assert (text == "# mine\n") is (code != OK or words[0] == "unset")
    assert len(told.out.splitlines()) == (1 if code == OK else 0)


def test_a_file_that_cannot_be_written_is_1(command: Command, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text("[[level\n")
    told = command("config", "add", "symbol", "AAPL", "--config", tmp_path / "mine.toml")
    assert told.code == ERROR
    assert "not valid TOML" in told.err
    (tmp_path / "file").write_text("")
    told = command("config", "set", "theme", "amber", "--config", tmp_path / "file" / "mine.toml")
    assert (told.code, told.out) == (ERROR, "")


def test_a_feed_that_runs_takes_a_change_up_under_the_same_lock_and_one_that_was_killed_leaves_it_to_the_next(
    tmp_path: Path,
) -> None:
    paths = default_paths(tmp_path / "store", tmp_path / "mine.toml")
    paths.config_file.write_text("# mine\n")
    home = {"HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path / "state")}
    places = ["--store", str(paths.store), "--config", str(paths.config_file)]
    told = [sys.executable, "-P", "-m", "tapewatch", "feed", "--service", "--demo-rate", "1", *places]

    def shorts() -> list[str]:
        found = read_snapshot(paths)
        return [row.short for row in found.instruments] if found is not None else []

    def begun() -> subprocess.Popen[bytes]:
        return subprocess.Popen(told, env=os.environ | home, stderr=subprocess.DEVNULL, start_new_session=True)

    first = begun()
    try:
        wait_for(lambda: "RUT" in shorts())
        holder = feed_holder(paths)
        assert add_symbol(paths.config_file, "AAPL") is None
        wait_for(lambda: "AAPL" in shorts())
        assert feed_holder(paths) == holder
        first.send_signal(signal.SIGKILL)
        first.wait()
        assert remove_symbol(paths.config_file, "VTWO") is None
        first = begun()
        wait_for(lambda: "AAPL" in shorts() and "VTWO" not in shorts())
    finally:
        first.kill()
        first.wait()
