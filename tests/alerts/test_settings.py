"""Alerts in the settings: what is written is taken; what cannot be used is named and costs its own alert alone."""

from pathlib import Path

import pytest

from tapewatch.core.model.alert import AlertSetting
from tapewatch.core.settings import load
from tapewatch.core.settings_text import describe

PRICE = '[[alerts]]\nname = "a"\non = "price"\nsymbol = "RUT"\nabove = 2500\n'


def test_an_alert_is_taken_as_it_was_written(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(
        PRICE + 'how = ["command", "bell"]\ncommand = ["say", "{text}"]\nlatch = false\ncool_down = "1h"\n'
        'quiet = "22:00-07:00"\nzone = "Asia/Tokyo"\n[[alerts]]\nname = "flags"\non = "flag"\nseverity = "rare"\n'
    )
    config, problems = load(file)
    assert problems == ()
    assert config.alerts == (
        AlertSetting(
            name="a", on="price", symbol="^RUT", above=2500.0, how=("command", "bell"), command=("say", "{text}"),
            latch=False, cool_down="1h", quiet="22:00-07:00", zone="Asia/Tokyo",
        ),
        AlertSetting(name="flags", on="flag", severity="rare"),
    )  # fmt: skip
    again = tmp_path / "again.toml"
    again.write_text(describe(config))
    assert load(again)[0].alerts == config.alerts


@pytest.mark.parametrize(
    ("line", "key", "expected"),
    [
        ('name = ""', "alerts[].name", "text in quotes"),
        ('on = "moon"', "alerts[a].on", '"week-break"'),
        ('symbol = "RUTT"', "alerts[a].symbol", "a known symbol"),
        ('symbol = "^N225"', "alerts[a].symbol", "is hidden"),
        ("above = -1", "alerts[a].above", "a price above 0"),
        ('above = "high"', "alerts[a].above", "a price above 0"),
        ('cool_down = "soon"', "alerts[a].cool_down", '"15m"'),
        ("cool_down = 15", "alerts[a].cool_down", '"15m"'),
        ('quiet = "22-7"', "alerts[a].quiet", '"22:00-07:00"'),
        ('zone = "Berlin"', "alerts[a].zone", '"Europe/Berlin"'),
        ('zone = "exchange"', "alerts[a].zone", '"Europe/Berlin"'),
        ('how = ["pigeon"]', "alerts[a].how", "bell, notify, desktop, command, webhook"),
        ("how = []", "alerts[a].how", "bell, notify, desktop, command, webhook"),
        ('how = ["command"]', "alerts[a].command", "the program and its arguments"),
        ('how = ["webhook"]', "alerts[a].url", "the address"),
        ('url = "https://x.example/"', "alerts[a].how", '"webhook" among the ways'),
        ('command = ["x"]', "alerts[a].how", '"command" among the ways'),
        ('how = ["webhook"]\nurl = "file:///etc/passwd"', "alerts[a].url", "http or https"),
        ('how = ["webhook"]\nurl = "https://a.example/\\u202e"', "alerts[a].url", "http or https"),
        ('how = ["command"]\ncommand = ["x\\u001b[2J"]', "alerts[a].command", "a list of texts"),
        ('how = ["command"]\ncommand = "rm -rf x"', "alerts[a].command", "a list of texts"),
        ('how = ["command"]\ncommand = ["a", "b"]\nshell = true', "alerts[a].command", "one text"),
        ('latch = false\ncool_down = "5s"', "alerts[a].cool_down", "a minute at least"),
        ('rule = "weekly-lag"', "alerts[a].rule", "on = flag"),
        ('side = "above"', "alerts[a].side", "level or week-break"),
        ("colour = 3", "alerts[a].colour", "a known key"),
        ('zone = "UTC\\u0007"', "alerts[a].zone", "without control or hidden characters"),
    ],
)
def test_what_cannot_be_used_is_named_and_the_other_alerts_stand(
    tmp_path: Path, line: str, key: str, expected: str
) -> None:
    file = tmp_path / "config.toml"
    changed = {one.partition(" = ")[0] for one in line.splitlines()}
    kept = [one for one in PRICE.splitlines() if one.partition(" = ")[0] not in changed]
    file.write_text("\n".join([*kept, line, "", '[[alerts]]\nname = "other"\non = "stale"', ""]))
    config, problems = load(file)
    found = [one for one in problems if one.key == key]
    assert len(found) == 1, problems
    assert expected in str(found[0])
    assert str(found[0]).startswith(f"{file}: {key} = ")
    assert "this alert is left out" in str(found[0])
    assert config.alerts == (AlertSetting(name="other", on="stale"),)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[[alerts]]\nname = "a"\non = "price"\nsymbol = "RUT"\n', "a price in above or in below"),
        ('[[alerts]]\nname = "a"\non = "level"\n', "the instrument it watches"),
        ('[[alerts]]\non = "stale"\n', "a name of your own"),
        ('[[alerts]]\nname = "a"\n', "what it waits for"),
        ('[[alerts]]\nname = "a\\u001bb"\non = "stale"\n', "text in quotes without control or hidden characters"),
        ('[[alerts]]\nname = "  "\non = "stale"\n', "expected text in quotes that is not blank"),
        (f'[[alerts]]\nname = "{"a" * 201}"\non = "stale"\n', "expected text in quotes of at most 200 characters"),
        ('[[alerts]]\nname = "a"\non = "record"\nsymbol = "VIX"\n', "VIX has none"),
        ('[[alerts]]\nname = "a"\non = "week-break"\nsymbol = "RUT"\nside = "touch"\n', '"either"'),
        (PRICE + PRICE, "a name that no other alert has"),
        ('alerts = "on"\n', "[[alerts]] on a line of its own"),
    ],
)
def test_what_is_missing_is_said(tmp_path: Path, text: str, expected: str) -> None:
    file = tmp_path / "config.toml"
    file.write_text(text)
    _, problems = load(file)
    assert len(problems) == 1, problems
    assert expected in str(problems[0])


def test_an_alert_can_be_switched_off(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(PRICE + "enabled = false\n")
    assert (load(file)[0].alerts, load(file)[1]) == ((), ())
