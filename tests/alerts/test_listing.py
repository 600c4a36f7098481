"""What scripts and the doctor read of alerts."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from tapewatch.core.clock import wall
from tapewatch.core.doctor import Case, Check, Terminal
from tapewatch.core.doctor_alerts import alerts
from tapewatch.core.model.alert import Delivery, Firing, Memory
from tapewatch.core.paths import default_paths
from tapewatch.core.settings import load
from tapewatch.core.store.alerts import write_alerts
from tapewatch.core.store.schema import connect
from tests.end_to_end.conftest import command as command
from tests.end_to_end.said import OK, PARTIAL, USAGE, Command

PRICE = '[[alerts]]\nname = "up"\non = "price"\nsymbol = "RUT"\nabove = 2500\n'


def looked_at(folder: Path, settings: str, path: str = "/usr/bin:/bin") -> list[Check]:
    """What the doctor finds with these settings; programs are looked for in `path`."""
    file = folder / "config.toml"
    file.write_text(settings, encoding="utf-8")
    config, problems = load(file)
    assert problems == ()
    paths = default_paths(folder / "store", file)
    return [*alerts(Case(paths, config, (), Terminal({"PATH": path}, (80, 24), "utf-8"), wall()))]


def fired(folder: Path, cause: str) -> None:
    """A store in which the alert has fired and its webhook has failed."""
    (folder / "store").mkdir()
    database, now = connect(folder / "store" / "tapewatch.db"), wall()
    setting = load(folder / "config.toml")[0].alerts[0]
    firing = Firing(id="1", alert="up", on="price", time=now, text="RUT 2,501.00, at or above 2,500", symbol="^RUT")
    failed = Delivery(firing="1", way="webhook", state="failed", changed_at=now, tries=8, cause=cause)
    memory = Memory(condition=setting.condition, since=now - timedelta(days=1), settled=True)
    write_alerts(database, {"up": memory}, [firing], [failed])
    database.close()


def test_the_list_for_scripts_has_what_the_list_for_people_has(command: Command, tmp_path: Path) -> None:
    hook = 'how = ["webhook"]\nurl = "https://example.org/secret-path"\n'
    (tmp_path / "config.toml").write_text(PRICE + hook, encoding="utf-8")
    place = ("--config", tmp_path / "config.toml", "--store", tmp_path / "store")
    before = command("alerts", "list", "--json", *place)
    assert before.code == OK
    told = json.loads(before.out)
    assert (told["schema"], told["judged"], told["service"], told["stays_until"]) == (1, False, False, None)
    assert [(one["name"], one["state"], one["last_fired"]) for one in told["alerts"]] == [("up", "unknown", None)]
    fired(tmp_path, "refused (403)")
    after = command("alerts", "--json", *place)
    assert after.code == PARTIAL
    (alert,) = json.loads(after.out)["alerts"]
    assert alert["condition"] == "RUT at or above 2,500"
    assert alert["state"] == "armed"
    assert [(one["way"], one["state"], one["tries"], one["cause"]) for one in alert["told"]] == [
        ("webhook", "failed", 8, "refused (403)")
    ]
    assert "secret-path" not in after.out
    assert command("alerts", "mute", "--json", *place).code == USAGE


def test_every_field_of_the_list_is_documented(command: Command, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(PRICE, encoding="utf-8")
    said = command("alerts", "--json", "--config", tmp_path / "config.toml", "--store", tmp_path / "store")
    page = (Path(__file__).parents[2] / "docs" / "alerts.md").read_text(encoding="utf-8").partition("## For scripts")[2]
    told = json.loads(said.out)
    for name in (*told, *told["alerts"][0]):
        assert f'"{name}"' in page, name


def test_the_doctor_says_how_alerts_stand_and_that_nobody_judges_them(tmp_path: Path) -> None:
    (none,) = looked_at(tmp_path, "")
    assert (none.state, none.finding) == ("ok", "none configured; docs/alerts.md shows how")
    (one,) = looked_at(tmp_path, PRICE)
    assert (one.state, one.finding) == ("warn", "1 alert: 1 unknown; no feed judges them now")
    assert one.remedy == "start the monitor, or `tapewatch feed --service`"
    assert not (tmp_path / "store").exists()


@pytest.mark.parametrize(
    ("ways", "finding"),
    [
        ('how = ["desktop"]', "up: desktop: there is no program notify-send"),
        ('how = ["command"]\ncommand = ["ding-dong-9"]', "up: command: there is no program ding-dong-9"),
        ('how = ["command"]\ncommand = ["no/where"]', "up: command: there is no program no/where"),
        (
            'how = ["webhook"]\nurl = "http://example.org/hook"',
            "up: webhook: what is sent to example.org is not encrypted",
        ),
    ],
)
def test_a_way_that_cannot_be_gone_is_found_before_it_is_needed(tmp_path: Path, ways: str, finding: str) -> None:
    _, found = looked_at(tmp_path, f"{PRICE}{ways}\n", path=str(tmp_path))
    assert (found.state, found.finding) == ("warn", finding)
    assert found.remedy


@pytest.mark.parametrize(
    "ways",
    [
        'how = ["command"]\ncommand = ["sh", "-c", "true"]',
        'how = ["command"]\ncommand = ["/bin/sh"]',
        'how = ["command"]\ncommand = ["anything | at all"]\nshell = true',
        'how = ["webhook"]\nurl = "https://example.org/hook"',
        'how = ["webhook"]\nurl = "http://127.0.0.1:9/hook"',
        'how = ["webhook"]\nurl = "http://localhost/hook"',
        'how = ["webhook"]\nurl = "http://[::1]/hook"',
        'how = ["bell", "notify"]',
    ],
)
def test_a_way_that_can_be_gone_is_no_finding(tmp_path: Path, ways: str) -> None:
    assert len(looked_at(tmp_path, f"{PRICE}{ways}\n")) == 1


def test_what_was_not_told_is_named_with_its_cause(tmp_path: Path) -> None:
    settings = f'{PRICE}how = ["webhook"]\nurl = "https://example.org/hook"\n'
    (tmp_path / "config.toml").write_text(settings, encoding="utf-8")
    fired(tmp_path, "refused (403)")
    first, second = looked_at(tmp_path, settings)
    assert first.finding.startswith("1 alert: 1 armed; ")
    assert second.finding.startswith("up: webhook failed at ")
    assert second.finding.endswith("UTC: refused (403)")
    assert second.remedy == "mend it, then `tapewatch alerts test 'up'`"
