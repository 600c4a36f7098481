"""A trader changes what they like; what cannot be used is named, and costs nothing else."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import msgspec
import pytest
import tomlkit
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tapewatch.core.model.config import Config, FeedSettings, Problem, ScreenSettings
from tapewatch.core.settings import Watched, check_setting, load
from tapewatch.core.settings_keys import KEYS, SECTIONS, TOP
from tapewatch.core.universe import default_config

DEFAULT = default_config()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def taken(file: Path, text: str) -> Config:
    file.write_text(text)
    config, problems = load(file)
    assert problems == ()
    return config


def refused(file: Path, text: str) -> tuple[Config, Problem]:
    file.write_text(text)
    config, (problem,) = load(file)
    assert problem.file == str(file)
    return config, problem


def shorts(config: Config) -> list[str]:
    return [one.short for one in config.watched]


def test_who_configured_nothing_has_the_defaults(file: Path) -> None:
    assert load(file) == (DEFAULT, ())
    assert load(None) == (DEFAULT, ())


def test_a_file_asked_for_by_name_must_be_there(file: Path) -> None:
    config, (problem,) = load(file, asked=True)
    assert config == DEFAULT
    assert str(problem) == f"{file}: does not exist; the defaults are used"


def test_what_is_set_is_taken_and_the_rest_stands(file: Path) -> None:
    config = taken(
        file,
        '[feed]\npoll = 30\nbudget = 120\n[screen]\ntheme = "ledger"\nred_up = true\n[keys]\nquit = "Q"\n',
    )
    assert config.feed == FeedSettings(poll=30.0, budget=120)
    assert config.screen == ScreenSettings(theme="ledger", red_up=True)
    assert config.keys == {"quit": "Q"}
    assert (config.instruments, config.rules) == (DEFAULT.instruments, DEFAULT.rules)
    assert config.path == str(file)


@pytest.mark.parametrize("key", ["columns", "hidden_columns"])
def test_headings_are_not_endlessly_many(file: Path, key: str) -> None:
    assert taken(file, f"[screen]\n{key} = {['LAST'] * 50}\n").screen != DEFAULT.screen
    config, problem = refused(file, f"[screen]\n{key} = {['LAST'] * 51}\n")
    assert (problem.key, config.screen) == (f"screen.{key}", DEFAULT.screen)
    assert "at most 50" in problem.expected


@pytest.mark.parametrize(
    ("text", "key", "value", "expected"),
    [
        ("[feed]\npoll = 5\n", "feed.poll", "5", "from 10"),
        ("[feed]\npoll = nan\n", "feed.poll", "NaN", "from 10"),
        ('[feed]\npoll = "often"\n', "feed.poll", '"often"', "a number"),
        ("[feed]\npoll = true\n", "feed.poll", "true", "a number"),
        ("[feed]\nbudget = 0\n", "feed.budget", "0", "whole number"),
        ("[feed]\nbudget = 1.5\n", "feed.budget", "1.5", "whole number"),
        ('[feed]\nsource = "bloomberg"\n', "feed.source", '"bloomberg"', '"yahoo"'),
        ("[feed]\npol = 30\n", "feed.pol", "30", "poll"),
        ('[screen]\nglyphs = "emoji"\n', "screen.glyphs", '"emoji"', '"ascii"'),
        ('[screen]\nzone = "New York"\n', "screen.zone", '"New York"', "Europe/London"),
        ('[screen]\nzone = "../etc/passwd"\n', "screen.zone", '"../etc/passwd"', "Europe/London"),
        ('[screen]\ngain = "greenish"\n', "screen.gain", '"greenish"', "#4fc58a"),
        ('[screen]\ntheme = "a\\u001b[2J"\n', "screen.theme", '"a\\u001b[2J"', "text"),
        ('[screen]\nred_up = "yes"\n', "screen.red_up", '"yes"', "true or false"),
        ('[screen]\nhidden_columns = "CHG"\n', "screen.hidden_columns", '"CHG"', "a list"),
        ("[keys]\nquit = 3\n", "keys.quit", "3", "a key"),
        ('[scren]\ntheme = "ledger"\n', "scren", '{"theme": "ledger"}', "screen"),
        ('theme = "ledger"\n', "theme", '"ledger"', "to stand under [screen]"),
        ("screen = 3\n", "screen", "3", "[screen]"),
        ("instrument = 3\n", "instrument", "3", "[[instrument]]"),
        ('order = "SPX"\n', "order", '"SPX"', "a list"),
        ('order = ["RUTT"]\n', "order", '"RUTT"', "RUT"),
    ],
)
def test_what_cannot_be_used_is_named_and_the_default_stands(
    file: Path, text: str, key: str, value: str, expected: str
) -> None:
    config, problem = refused(file, text)
    assert (problem.key, problem.value) == (key, value)
    assert expected in problem.expected
    assert msgspec.structs.replace(config, path=None) == DEFAULT


def test_one_wrong_value_costs_nothing_else(file: Path) -> None:
    config, problem = refused(file, '[feed]\npoll = 5\nbudget = 99\n[screen]\ntheme = "amber"\n')
    assert config.feed == FeedSettings(budget=99)
    assert config.screen.theme == "amber"
    assert str(problem) == (f"{file}: feed.poll = 5: expected a number from 10 to 3600; the default is used")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"[feed]\npoll = 30\nbudget == 3\n", "line 3"),
        (b"\xff\xfe[feed]", "UTF-8"),
        (b"a = " + b"[" * 5000, "not valid TOML"),
    ],
)
def test_a_broken_file_keeps_all_defaults_and_says_where(file: Path, content: bytes, said: str) -> None:
    file.write_bytes(content)
    config, (problem,) = load(file)
    assert config == DEFAULT
    assert said in problem.expected


def test_a_folder_in_its_place_is_said(file: Path) -> None:
    file.mkdir()
    config, (problem,) = load(file)
    assert config == DEFAULT
    assert "cannot be read" in problem.expected


@pytest.mark.parametrize("spelling", ['["RUT", "SPX"]', '["^RUT", "^GSPC"]', '["rut", "spx"]'])
def test_the_board_is_in_the_users_order_in_either_spelling(file: Path, spelling: str) -> None:
    config = taken(file, f"order = {spelling}\n")
    assert shorts(config)[:4] == ["RUT", "SPX", "DJIA", "COMP"]
    assert sorted(shorts(config)) == sorted(shorts(DEFAULT))


def test_what_of_the_order_is_unknown_is_left_out_and_the_rest_stands(file: Path) -> None:
    config, problem = refused(file, 'order = ["NOPE", "RUT"]\n')
    assert shorts(config)[0] == "RUT"
    assert str(problem).startswith(f'{file}: order = "NOPE": expected a known symbol')
    assert problem.instead == "it is left out"


def test_a_hidden_instrument_is_shown_when_asked(file: Path) -> None:
    assert "DAX" not in shorts(DEFAULT)
    config = taken(file, '[[instrument]]\nsymbol = "DAX"\nhidden = false\n')
    assert "DAX" in shorts(config)


def test_an_instrument_can_be_renamed_by_either_spelling(file: Path) -> None:
    config = taken(file, '[[instrument]]\nsymbol = "RUT"\nshort = "R2K"\n')
    changed = next(one for one in config.instruments if one.symbol == "^RUT")
    assert (changed.short, changed.name) == ("R2K", "Russell 2000")


def test_an_instrument_can_be_added_with_its_symbol_alone(file: Path) -> None:
    config = taken(file, '[[instrument]]\nsymbol = "^SOX"\n')
    assert (config.instruments[-1].symbol, config.instruments[-1].short) == ("^SOX", "SOX")
    assert shorts(config)[-1] == "SOX"


@pytest.mark.parametrize(
    ("text", "key", "expected"),
    [
        ('symbol = "^SOX"\nkind = "stock"\n', "instrument[^SOX].kind", '"fund"'),
        ('symbol = "^SOX"\ncalendar = "NYSE"\n', "instrument[^SOX].calendar", '"XNYS"'),
        ('symbol = "^SOX"\nshort = "SPX"\n', "instrument[^SOX].short", "^GSPC has it"),
        ('symbol = "^SOX"\ncolour = "red"\n', "instrument[^SOX].colour", "known key"),
        ('symbol = "a/../b?x=1"\n', "instrument[a/../b?x=1].symbol", "a symbol"),
        ('short = "SOX"\n', "instrument[1].symbol", "a symbol"),
    ],
)
def test_what_is_wrong_with_an_instrument_is_named(file: Path, text: str, key: str, expected: str) -> None:
    _, problem = refused(file, "[[instrument]]\n" + text)
    assert problem.key == key
    assert expected in problem.expected


def test_rules_take_the_place_of_those_that_ship(file: Path) -> None:
    config = taken(
        file,
        '[[rule]]\nrule = "same-day-direction"\nwatched = "IWM"\nagainst = ["SPY"]\nset = { mirror = true }\n',
    )
    assert [rule.id for rule in config.rules] == ["same-day-direction:IWM:SPY:mirror=True"]


def test_symbols_of_rules_come_in_either_spelling(file: Path) -> None:
    config = taken(file, '[[rule]]\nrule = "weekly-lag"\nwatched = "RUT"\nagainst = ["spx"]\n')
    assert [rule.id for rule in config.rules] == ["weekly-lag:^RUT:^GSPC"]


def test_all_rules_can_be_switched_off(file: Path) -> None:
    assert taken(file, '[[rule]]\nrule = "record-reversal"\nwatched = "RUT"\nenabled = false\n').rules == ()


def test_a_rule_follows_an_instrument_that_was_added(file: Path) -> None:
    config = taken(
        file,
        '[[instrument]]\nsymbol = "^SOX"\n[[rule]]\nrule = "weekly-lag"\nwatched = "SOX"\nagainst = ["COMP"]\n',
    )
    assert [rule.watched for rule in config.rules] == ["^SOX"]


@pytest.mark.parametrize(
    ("text", "key", "expected"),
    [
        ('rule = "weekly-lags"\nwatched = "RUT"\n', "rule[weekly-lags].rule", "weekly-lag"),
        ('rule = "record-reversal"\nwatched = "RUTT"\n', "rule[record-reversal].watched", "RUT"),
        ('rule = "weekly-lag"\nwatched = "RUT"\nagainst = ["SPZ"]\n', "rule[weekly-lag].against", "SPX"),
        ('rule = "weekly-lag"\nwatched = "RUT"\nagainst = ["RUT"]\n', "rule[weekly-lag].against", "other"),
        ('rule = "weekly-lag"\nwatched = "RUT"\nset = { p = [] }\n', "rule[weekly-lag].set", "table"),
        ('rule = "weekly-lag"\n', "rule[weekly-lag].watched", "a symbol"),
        ('watched = "RUT"\n', "rule[1].rule", "same-day-direction"),
    ],
)  # fmt: skip
def test_a_rule_with_a_fault_is_left_out_and_says_so(file: Path, text: str, key: str, expected: str) -> None:
    config, problem = refused(file, "[[rule]]\n" + text)
    assert problem.key == key
    assert expected in problem.expected
    assert str(problem).endswith("this rule is left out")
    assert config.rules == ()


def test_a_rule_on_a_hidden_instrument_is_off_and_says_so(file: Path) -> None:
    hidden = '[[instrument]]\nsymbol = "^NDX"\nhidden = true\n'
    file.write_text(hidden + '[[rule]]\nrule = "record-reversal"\nwatched = "NDX"\n')
    config, (problem,) = load(file)
    assert str(problem) == f"{file}: the rule record-reversal:^NDX is off: NDX is hidden"
    assert config.rules == ()


def test_rules_that_ship_go_quietly_with_what_they_watch_and_not_with_a_reference(file: Path) -> None:
    file.write_text('[[instrument]]\nsymbol = "^NDX"\nhidden = true\n')
    config, problems = load(file)
    assert problems == ()
    assert {rule.id for rule in DEFAULT.rules} - {rule.id for rule in config.rules} == {"record-reversal:^NDX"}
    file.write_text('[[instrument]]\nsymbol = "^DJI"\nhidden = true\n')
    _, problems = load(file)
    off = [str(one).rpartition("the rule ")[2] for one in problems]
    assert off == [
        f"same-day-direction:^RUT:^GSPC+^DJI{mirror} is off: DJIA is hidden" for mirror in ("", ":mirror=True")
    ]


def test_a_level_of_ones_own_is_taken_as_it_is_written(file: Path) -> None:
    config = taken(
        file,
        '[[level]]\nsymbol = "rut"\nlow = 2417.74\nhigh = 2433.19\nrule = "2 closes below"\n'
        'since = 2025-10-17\ninvalid_above = 2500\nnote = "two lows"\n'
        '[[level]]\nsymbol = "IWM"\nprice = 250\n[[level]]\nsymbol = "RUT"\nprice = 2450\ninstrument = "CFD"\n',
    )
    zone, fund, other = config.levels
    assert (zone.symbol, zone.bottom, zone.top, zone.since) == ("^RUT", 2417.74, 2433.19, date(2025, 10, 17))
    assert (zone.rule, zone.invalid_above, zone.note) == ("2 closes below", 2500.0, "two lows")
    # without a word the number is of the instrument itself
    assert [one.instrument for one in config.levels] == ["cash", "fund", "CFD"]
    assert (fund.bottom, fund.top) == (250.0, 250.0)
    assert config.levels_of("^RUT") == (zone, other)


@pytest.mark.parametrize(
    ("text", "key", "expected"),
    [
        ('symbol = "RUTT"\nprice = 2450\n', "level[RUTT 1].symbol", "nearest: RUT"),
        ("price = 2450\n", "level[1].symbol", "a known symbol"),
        ("symbol = 3\nprice = 2450\n", "level[1].symbol", "a symbol"),
        ('symbol = "RUT"\n', "level[RUT 1].price", "low and high"),
        ('symbol = "RUT"\nprice = 2450\nlow = 2400\nhigh = 2500\n', "level[RUT 1].price", "in its place"),
        ('symbol = "RUT"\nlow = 2400\n', "level[RUT 1].price", "low and high"),
        ('symbol = "RUT"\nlow = 2500\nhigh = 2400\n', "level[RUT 1].high", "above low, which is 2,500"),
        ('symbol = "RUT"\nprice = -1\n', "level[RUT 1].price", "above 0"),
        ('symbol = "RUT"\nprice = inf\n', "level[RUT 1].price", "above 0"),
        ('symbol = "RUT"\nprice = 2450\ninstrument = "option"\n', "level[RUT 1].instrument", '"CFD"'),
        ('symbol = "RUT"\nprice = 2450\nrule = "1 close above"\n', "level[RUT 1].rule", '"close above"'),
        ('symbol = "RUT"\nprice = 2450\nsince = "Friday"\n', "level[RUT 1].since", "a date"),
        ('symbol = "RUT"\nprice = 2450\ninvalid_above = "x"\n', "level[RUT 1].invalid_above", "above 0"),
        ('symbol = "RUT"\nprise = 2450\nprice = 2450\n', "level[RUT 1].prise", "nearest: price"),
    ],
)
def test_a_level_with_a_fault_is_left_out_and_says_so(file: Path, text: str, key: str, expected: str) -> None:
    good = '[[level]]\nsymbol = "SPX"\nprice = 6600\n'
    config, problem = refused(file, f"[[level]]\n{text}{good}")
    assert problem.key == key
    assert expected in problem.expected
    assert str(problem).endswith("this level is left out")
    assert [level.symbol for level in config.levels] == ["^GSPC"]


def test_a_level_on_a_hidden_instrument_is_off_and_says_so(file: Path) -> None:
    config, problem = refused(file, '[[level]]\nsymbol = "DAX"\nprice = 24000\n')
    assert str(problem) == f"{file}: a level on DAX is off: DAX is hidden"
    assert config.levels == ()


def test_every_field_that_can_be_set_has_its_line() -> None:
    for section, struct in SECTIONS.items():
        assert [key.name for key in KEYS[section]] == list(struct.__struct_fields__)
        for key in KEYS[section]:
            assert check_setting(section, key.name, getattr(struct(), key.name)) is None, key


def test_a_change_of_the_file_is_seen_once(file: Path) -> None:
    watched = Watched(file)
    assert not watched.changed()
    file.write_text("[feed]\n")
    assert watched.changed()
    assert not watched.changed()
    file.write_text("[feed]\npoll = 30\n")
    assert watched.changed()
    os.replace(file, file.with_suffix(".old"))
    assert watched.changed()


def test_a_change_is_taken_up_with_its_problems(file: Path) -> None:
    watched = Watched(file)
    assert watched.reloaded() is None
    file.write_text('[screen]\ntheme = "amber"\n[feed]\npoll = 1\n')
    anew = watched.reloaded()
    assert anew is not None
    assert anew[0].screen.theme == "amber"
    assert [problem.key for problem in anew[1]] == ["feed.poll"]
    assert watched.reloaded() is None


def test_reading_the_settings_loads_nothing_heavy() -> None:
    seen = subprocess.run(
        [sys.executable, "-c", "import sys, tapewatch.core.settings; print(*sys.modules)"],
        capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ).stdout.split()  # fmt: skip
    assert "tapewatch.core.settings" in seen
    assert not {"numpy", "pandas", "textual", "yfinance", "sqlite3", "tomlkit"} & set(seen)


WORD = st.text("abcxyz_-", min_size=1, max_size=5)
SCALARS = (
    st.booleans()
    | st.integers(-(2**62), 2**62)
    | st.floats()
    | st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=8)
    | st.dates()
    | st.datetimes()
)
ANYTHING = st.recursive(SCALARS, lambda more: st.lists(more, max_size=3) | st.dictionaries(WORD, more, max_size=3))
NAMES = st.sampled_from(sorted({key.name for keys in KEYS.values() for key in keys} | {"x"}))
BLOCK = st.dictionaries(NAMES, ANYTHING | st.sampled_from(["RUT", "weekly-lag", ["SPX"]]), max_size=5)
FILES = st.dictionaries(st.sampled_from([*TOP, "x"]), ANYTHING | BLOCK | st.lists(BLOCK, max_size=3), max_size=6)


@given(content=FILES)
@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_stands_in_the_file_the_monitor_starts(
    tmp_path_factory: pytest.TempPathFactory, content: dict[str, object]
) -> None:
    file = tmp_path_factory.getbasetemp() / "any.toml"
    file.write_text(tomlkit.dumps(content), encoding="utf-8")
    config, problems = load(file)
    assert all(problem.file == str(file) and str(problem) for problem in problems)
    assert config.feed.poll >= 10
    known = {one.symbol for one in config.instruments}
    assert all({rule.watched, *rule.against} <= known for rule in config.rules)
    assert all(level.symbol in known and 0 < level.bottom <= level.top for level in config.levels)
    assert all(one.short.isprintable() and one.name.isprintable() for one in config.instruments)
