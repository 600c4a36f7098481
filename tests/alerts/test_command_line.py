"""`tapewatch alerts` as scripts and traders meet it: what it prints, whom it tells, its exit codes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tapewatch.core.paths import default_paths
from tests.end_to_end.conftest import command as command
from tests.end_to_end.said import ERROR, NOTHING, OK, PARTIAL, USAGE, Command, Said
from tests.end_to_end.test_processes import wait_for

from .post import Post
from .test_process import Start, alert_of, told
from .test_process import home as home
from .test_process import start as start

PRICE = '[[alerts]]\nname = "up"\non = "price"\nsymbol = "RUT"\nabove = 2500\n'


class Shell:
    """The command with a settings file and a store of its own."""

    def __init__(self, run: Command, folder: Path, settings: str) -> None:
        self._run, self.config, self.store = run, folder / "config.toml", folder / "store"
        self.config.write_text(settings)

    def __call__(self, *words: str) -> Said:
        """What `tapewatch alerts` answers."""
        return self._run("alerts", *words, "--config", self.config, "--store", self.store)


@pytest.fixture(autouse=True)
def plain_network(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


def test_without_alerts_there_is_nothing_to_answer_with(command: Command, tmp_path: Path) -> None:
    said = Shell(command, tmp_path, "")()
    assert (said.code, said.out) == (NOTHING, "")
    assert said.err.startswith("tapewatch: no alerts are configured in ")


def test_an_alert_no_feed_has_judged_is_listed_as_unknown_and_says_that_nobody_does(
    command: Command, tmp_path: Path
) -> None:
    shell = Shell(command, tmp_path, PRICE)
    said = shell()
    assert said == (OK, (
        "up: RUT at or above 2,500\n  unknown\n  has not fired yet\n  told by bell\n\n"
        "No feed judges them now: start the monitor, or `tapewatch feed --service`.\n"
    ), "")  # fmt: skip
    assert not shell.store.exists()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("list", "upp"), "there is no alert 'upp' (nearest: up)"),
        (("list", "--for", "1h"), "go with `tapewatch alerts mute`"),
        (("mute", "--for", "soon"), "'soon' is no time; write it like 30m, 1h or 2d"),
        (("mute", "--for", "1h", "--off"), "exclude each other"),
        (("shout",), "invalid choice"),
    ],
)
def test_wrong_usage_is_said(command: Command, tmp_path: Path, words: tuple[str, ...], expected: str) -> None:
    said = Shell(command, tmp_path, PRICE)(*words)
    assert said.code == USAGE
    assert expected in said.err


def test_a_test_really_tells_and_says_the_outcome_of_each_way(command: Command, tmp_path: Path) -> None:
    out = tmp_path / "said"
    with Post(200, 500) as hook:
        settings = f'{PRICE}how = ["bell", "command", "webhook"]\nurl = "{hook.url}"\n'
        shell = Shell(
            command, tmp_path, f"{settings}command = ['/bin/sh', '-c', 'echo \"$TAPEWATCH_TEXT\" > \"{out}\"']"
        )
        assert shell("test") == (OK, (
            "up: bell: this is no terminal; open screens do it by themselves\nup: command: told\nup: webhook: told\n"
        ), "")  # fmt: skip
        failed = shell("test", "up")
    assert failed.code == ERROR
    assert failed.out.endswith("up: webhook: server error (500)\n")
    assert out.read_text() == "a test of this alert, which waits for: RUT at or above 2,500\n"
    assert [one["test"] for one in hook.received] == [True, True]
    assert not shell.store.exists()


def test_a_mute_without_a_feed_is_kept_for_the_next_one(command: Command, tmp_path: Path) -> None:
    shell = Shell(command, tmp_path, PRICE)
    assert shell("mute", "up", "--for", "2h").out == "up is muted for 2h\n"
    assert "\n  muted until " in shell().out
    assert shell("mute", "--off").out == "all alerts are told again\n"
    assert "muted" not in shell().out
    assert shell("mute").out == "all alerts are muted, until `tapewatch alerts mute --off`\n"
    assert "\n  muted\n" in shell().out


def test_beside_a_feed_everything_is_as_the_feed_has_it(tmp_path: Path, home: dict[str, str], start: Start) -> None:
    def said(*words: str) -> Said:
        ran = subprocess.run(
            [sys.executable, "-P", "-m", "tapewatch", "alerts", *words,
             "--config", str(tmp_path / "config.toml"), "--store", str(tmp_path / "store")],
            env=os.environ | home, capture_output=True, text=True, check=False,
        )  # fmt: skip
        return Said(ran.returncode, ran.stdout, ran.stderr)

    paths = default_paths(tmp_path / "store")
    start('how = ["command"]\ncommand = ["/nowhere/ding"]')
    wait_for(lambda: told(paths, "pending", "command"))
    listed = said()
    assert listed.code == PARTIAL
    assert listed.err == "tapewatch: the last firing of old has not reached everybody\n"
    assert "  command failed: /nowhere/ding cannot be started: No such file or directory, 1 try, next " in listed.out
    assert "The feed is a service" in listed.out
    assert said("mute", "--for", "1h") == (OK, "all alerts are muted for 1h\n", "")
    muted = alert_of(paths)
    assert muted is not None
    assert muted.state == "muted"
    assert said("mute", "old", "--off") == (OK, "old is told again\n", "")
    told_as_json = json.loads(said("--json").out)
    assert (told_as_json["judged"], told_as_json["service"]) == (True, True)
    assert told_as_json["alerts"][0]["told"][0]["way"] == "command"
