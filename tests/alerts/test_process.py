"""A feed as a process, killed without warning: what fired is neither lost nor told twice."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tapewatch.core.channel import feed_holder, read_snapshot
from tapewatch.core.clock import wall
from tapewatch.core.model.alert import AlertReading
from tapewatch.core.paths import Paths, default_paths
from tests.end_to_end.test_processes import wait_for
from tests.fake_yahoo import FakeYahoo

from .post import Post

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[dict[str, str]]:
    """An environment in which RUT has bars up to a month ago, so that its price is old."""
    places = {name: str(tmp_path / name) for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")}
    with FakeYahoo({}, {}, wall) as service:
        made = {**service.environment(), **places, "HOME": str(tmp_path)}
        last = wall().date() - timedelta(days=30)
        days = [last - timedelta(days=back) for back in range(400, -1, -1)]
        lines = [f"{day},100,101,99,100,0" for day in days if day.weekday() < 5]
        (tmp_path / "^RUT.csv").write_text("\n".join(["date,open,high,low,close,volume", *lines]))
        command = [sys.executable, "-P", "-m", "tapewatch", "import", "--store", str(tmp_path / "store")]
        subprocess.run([*command, str(tmp_path / "^RUT.csv")], env=os.environ | made, capture_output=True, check=False)
        yield made


@pytest.fixture
def start(tmp_path: Path, home: dict[str, str]) -> Iterator[Start]:
    begun: list[subprocess.Popen[str]] = []

    def run(alert: str) -> subprocess.Popen[str]:
        config = tmp_path / "config.toml"
        config.write_text(f'[[alerts]]\nname = "old"\non = "stale"\nsymbol = "RUT"\nat_first = true\n{alert}\n')
        command = [sys.executable, "-P", "-m", "tapewatch", "feed", "--service", "--config", str(config)]
        made = subprocess.Popen(
            [*command, "--store", str(tmp_path / "store")], env=os.environ | home,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip
        begun.append(made)
        return made

    yield run
    for process in begun:
        if process.returncode is None:
            killed(process)


def killed(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate()


def alert_of(paths: Paths) -> AlertReading | None:
    shot = read_snapshot(paths) if feed_holder(paths) else None
    return shot.alerts.alerts[0] if shot and shot.alerts else None


def told(paths: Paths, state: str, way: str) -> bool:
    alert = alert_of(paths)
    return alert is not None and any((one.way, one.state) == (way, state) for one in alert.told)


def test_a_webhook_that_failed_before_the_kill_is_taken_once_afterwards(tmp_path: Path, start: Start) -> None:
    paths = default_paths(tmp_path / "store")
    with Post(500, 200) as hook:
        alert = f'how = ["webhook"]\nurl = "{hook.url}"'
        first = start(alert)
        wait_for(lambda: told(paths, "pending", "webhook") and len(hook.received) == 1)
        killed(first)
        second = start(alert)
        wait_for(lambda: told(paths, "sent", "webhook"))
        second.terminate()
        _, said = second.communicate(timeout=30)
    assert "Traceback" not in said
    assert [one["text"].partition(",")[0] for one in hook.received] == ["RUT is stale"] * 2
    assert len({one["idempotency_key"] for one in hook.received}) == 1


def test_a_command_under_way_when_the_feed_was_killed_is_told_of_and_not_run_again(
    tmp_path: Path, start: Start
) -> None:
    paths, out = default_paths(tmp_path / "store"), tmp_path / "said"
    alert = f"how = [\"command\"]\ncommand = ['/bin/sh', '-c', 'echo begun >> \"{out}\"; sleep 5']"
    first = start(alert)
    wait_for(lambda: out.exists() and told(paths, "begun", "command"))
    killed(first)
    for _ in range(2):
        again = start(alert)
        wait_for(lambda: told(paths, "failed", "command"))
        killed(again)
    assert out.read_text() == "begun\n"


def test_a_feed_that_is_told_to_end_ends_its_commands_first(tmp_path: Path, start: Start) -> None:
    paths, out = default_paths(tmp_path / "store"), tmp_path / "pid"
    feed = start(f"how = [\"command\"]\ncommand = ['/bin/sh', '-c', 'echo $$ > \"{out}\"; exec sleep 600']")
    wait_for(lambda: out.exists() and bool(out.read_text()) and told(paths, "begun", "command"))
    feed.terminate()
    _, said = feed.communicate(timeout=30)
    assert (feed.returncode, "Traceback" in said) == (0, False)
    with pytest.raises(ProcessLookupError):
        os.kill(int(out.read_text()), 0)
