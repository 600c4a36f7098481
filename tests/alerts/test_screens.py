"""Three screens on real terminals and one feed: each rings exactly once for a firing, whatever happens to the feed."""

import os
import re
import signal
import time
from contextlib import ExitStack
from pathlib import Path

from tapewatch.core.channel import feed_holder
from tapewatch.core.clock import elapsed
from tapewatch.core.paths import Paths, default_paths
from tests.end_to_end.terminal import Terminal
from tests.end_to_end.test_processes import wait_for

from .test_process import Start, alert_of
from .test_process import home as home
from .test_process import start as start

ALERT = '[[alerts]]\nname = "old"\non = "stale"\nsymbol = "RUT"\nat_first = true\nhow = ["bell", "notify"]\n'
PLAIN = re.compile(rb"\x1b\]9;tapewatch: old: RUT is stale[^\x07\x1b]*\x07")
WRAPPED = re.compile(rb"\x1bPtmux;\x1b\x1b\]9;tapewatch: old: RUT is stale[^\x07\x1b]*\x07\x1b\\")
TITLES = re.compile(rb"\x1b\][^\x07\x1b]*\x07")


def bells(raw: bytes) -> int:
    """How often the terminal itself was rung."""
    return TITLES.sub(b"", WRAPPED.sub(b"", raw)).count(b"\x07")


def together(screens: list[Terminal], seconds: float) -> None:
    """Let all of them go on for so long."""
    begun = elapsed()
    while elapsed() - begun < seconds:
        for one in screens:
            one.read(0.1)


def killed(paths: Paths) -> None:
    holder = feed_holder(paths)
    assert holder is not None
    os.kill(int(holder.split()[1].rstrip(",")), signal.SIGKILL)
    wait_for(lambda: feed_holder(paths) is None)


def test_three_screens_ring_once_each_and_a_later_one_not_at_all(
    tmp_path: Path, home: dict[str, str], start: Start
) -> None:
    paths, config = default_paths(tmp_path / "store"), tmp_path / "config.toml"
    start("enabled = false")
    wait_for(lambda: feed_holder(paths) is not None and paths.snapshot.exists())
    words = ("--store", str(paths.store), "--config", str(config))
    plain, tmux = {"TMUX": "", "STY": ""}, {"TMUX": "/run/tmux,1,0", "TERM": "tmux-256color"}
    with ExitStack() as stack:
        screens = [stack.enter_context(Terminal(*words, environment={**home, **one})) for one in (plain, plain, tmux)]
        for one in screens:
            one.until("RUT", 60.0)
        config.write_text(ALERT)
        wait_for(lambda: (alert := alert_of(paths)) is not None and alert.last_fired is not None)
        together(screens, 4.0)
        killed(paths)
        wait_for(lambda: tended(screens, paths))
        together(screens, 6.0)
        later = stack.enter_context(Terminal(*words, environment={**home, **plain}))
        later.until("RUT", 60.0)
        together([*screens, later], 3.0)
        assert [len(PLAIN.findall(WRAPPED.sub(b"", one.raw))) for one in screens] == [1, 1, 0]
        assert [len(WRAPPED.findall(one.raw)) for one in screens] == [0, 0, 1]
        assert [bells(one.raw) for one in screens] == [1, 1, 1]
        assert (len(PLAIN.findall(later.raw)), bells(later.raw)) == (0, 0)
        later.press("a")
        later.until("prices of RUT go old", 20.0)
        for one in (*screens, later):
            one.press("q")
            one.read(20.0, lambda one=one: one.status is not None)  # type: ignore[misc]
    os.kill(int((feed_holder(paths) or "pid 0,").split()[1].rstrip(",")), signal.SIGTERM)


def tended(screens: list[Terminal], paths: Paths) -> bool:
    """Whether one of the screens has started another feed meanwhile."""
    together(screens, 0.2)
    time.sleep(0.05)
    return feed_holder(paths) is not None
