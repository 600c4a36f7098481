"""Settings of any kind: the monitor starts, every problem is named with file and key, and no name of them acts."""

import math
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
import tomlkit
from hypothesis import given, settings
from hypothesis import strategies as st

from tapewatch.core.model.config import Config
from tapewatch.core.paths import default_paths
from tapewatch.core.rule_check import usable
from tapewatch.core.settings import load
from tapewatch.core.settings_keys import KEYS, SECTIONS
from tapewatch.core.settings_text import default_text, describe
from tapewatch.tui.checking import screen_problems
from tests.hostile.canary import CANARY, SEEN, acting, hints
from tests.laboratory.ledger import note

QUICK, LONG = 80, 1000
WRONG: list[object] = [
    "", " ", CANARY, "x" * 5000, "\u202e", -1, 0, 2**62, 10**4000, 1e999, -1e999, math.nan, True,
    [], {}, [[]], [1, "a"], {"a": {"b": [1]}}, ["\x1b[2J"], [{}], "../../../etc/passwd", "a\0b",
    date(1, 1, 1), datetime(9999, 12, 31, tzinfo=UTC), time(0, 0),
]  # fmt: skip


def written(folder: Path, text: str) -> Path:
    file = folder / "config.toml"
    file.write_bytes(text.encode(errors="replace"))
    return file


def is_whole(file: Path) -> Config:
    """The settings of a file, everything that is said of them looked at."""
    config, problems = load(file)
    problems += usable(config)[1] + screen_problems(default_paths(file.parent, file), config)
    for one in problems:
        assert str(one).startswith(str(file))
        assert acting(str(one), "\u00a0") == []
        assert len(str(one)) < 2000
    assert acting(describe(config)) == []
    return config


def placed(section: str, name: str, value: object) -> str:
    table = tomlkit.table()
    if section == "level":
        table |= {"symbol": "RUT", "price": 2400.0}
    if section == "rule":
        table |= {"rule": "weekly-lag", "watched": "RUT", "against": ["SPX"]}
    if section == "instrument":
        table |= {"symbol": "RUT"}
    table[name] = value
    return tomlkit.dumps({section: table if section in SECTIONS else [table]})


@pytest.mark.parametrize("section", KEYS)
def test_any_value_for_any_key_is_taken_or_named(tmp_path: Path, section: str) -> None:
    count = 0
    for key in KEYS[section]:
        for value in WRONG:
            try:
                text = placed(section, key.name, value)
            except (ValueError, TypeError):
                continue
            file = written(tmp_path, text)
            config, problems = load(file)
            assert [one for one in (*map(str, problems), str(config.screen)) if acting(one)] == []
            assert all(key.name in one.key or section in str(one) for one in problems), (key.name, value)
            count += 1
    assert count >= 20 * len(KEYS[section])
    note("hostile", f"settings: any value under [{section}]", count=count)


def test_no_text_of_the_settings_in_force_can_act(tmp_path: Path) -> None:
    """What cannot be shown is not taken: nowhere in the configuration stands a canary."""
    for section, keys in KEYS.items():
        for key in keys:
            config = is_whole(written(tmp_path, placed(section, key.name, CANARY)))
            assert SEEN not in str(config), key.name
    assert len(hints(Config)) >= 7


def mutated(draw: st.DrawFn) -> str:
    """The default settings with their lines in force, some of them damaged."""
    lines = [one.removeprefix("# ") for one in default_text().splitlines() if not one.startswith("##")]
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(lines) - 1))
        how = draw(st.sampled_from(("cut", "double", "noise", "swap")))
        line = lines[at]
        if how == "cut":
            lines[at] = line[: draw(st.integers(0, len(line)))]
        elif how == "double":
            lines.insert(at, line)
        elif how == "swap":
            other = draw(st.integers(0, len(lines) - 1))
            lines[at], lines[other] = lines[other], line
        else:
            inside = draw(st.integers(0, len(line)))
            lines[at] = (
                line[:inside]
                + draw(st.text(st.sampled_from("\"[]{}=.,'\\#\x00\x1b\u202e9e-+_ \n"), max_size=8))
                + line[inside:]
            )
    return "\n".join(lines)


def fuzz(examples: int, folder: Path) -> None:
    @settings(max_examples=examples, deadline=None)
    @given(text=st.composite(mutated)())
    def law(text: str) -> None:
        config = is_whole(written(folder, text))
        assert config.feed.poll >= 10

    law()
    note("hostile", f"settings: damaged files ({'long' if examples == LONG else 'quick'})", count=examples)


def test_a_damaged_file_never_stops_the_monitor(tmp_path: Path) -> None:
    fuzz(QUICK, tmp_path)


@pytest.mark.long
def test_a_thousand_damaged_files_never_stop_the_monitor(tmp_path: Path) -> None:
    fuzz(LONG, tmp_path)
