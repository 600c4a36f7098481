"""Charts on a real terminal: a demo's feed answers, a replay knows nothing later, the mouse puts the crosshair."""

import os
import re
import signal

from tapewatch.core.channel import feed_holder
from tapewatch.core.paths import Paths

from .terminal import Terminal
from .test_processes import wait_for
from .test_replay import DAYS, home, made, store
from .test_screens import end_feed

__all__ = ["home", "store"]

CLICK = "\x1b[<0;{column};{row}M\x1b[<0;{column};{row}m"
LATER = [day for day in DAYS if f"{day}" > "2025-10-07"]


def test_the_demo_draws_every_kind_of_chart_and_its_feed_goes_on(home: dict[str, str]) -> None:
    with Terminal("demo", environment=home) as screen:
        screen.until("RUT", 40.0)
        screen.until("not real prices")
        screen.press("c")
        screen.until("SMA 200", 20.0)
        screen.until("daily closes, price return")
        screen.until("◂")
        screen.press("m")
        screen.until("indexed to 100")
        screen.press("m")
        screen.until("percent from one date")
        screen.press("m")
        screen.until("below the highest close")
        screen.press("m<<<<<<<<")
        screen.until("5-minute closes")
        screen.press("\x1b")
        screen.until("weekly ranges")
        screen.press("q")
        screen.read(10.0, lambda: screen.status is not None)
        assert screen.status == 0
        assert "Traceback" not in screen.text()


def test_the_mouse_and_the_keys_read_values_off_a_chart(home: dict[str, str]) -> None:
    with Terminal("demo", environment=home) as screen:
        screen.until("not real prices", 40.0)
        screen.press("c")
        screen.until("◂", 20.0)
        screen.press(CLICK.format(column=30, row=12))
        screen.until("│")
        screen.until("close ")
        clicked = re.search(r"\w{3} \d+ \w{3}.*close [\d,.]+", screen.text())
        assert clicked is not None
        screen.press("\x1b[<0;30;12M\x1b[<32;45;12M")
        screen.read(5.0, lambda: clicked.group() not in screen.text())
        assert clicked.group() not in screen.text()
        screen.press("\x1b[<0;45;12m" + CLICK.format(column=30, row=12))
        screen.until(clicked.group())
        screen.press("\x1b[C")
        screen.read(5.0, lambda: clicked.group() not in screen.text())
        moved = re.search(r"\w{3} \d+ \w{3}.*close [\d,.]+", screen.text())
        assert moved is not None
        assert moved.group() != clicked.group()


def test_a_chart_in_a_replay_ends_with_the_session_shown(store: Paths, home: dict[str, str]) -> None:
    bars = made(0)
    with Terminal("replay", "2025-10-07", "--store", str(store.store), environment=home) as screen:
        screen.until("Tue 7 Oct 2025, after the close", 40.0)
        screen.press("c")
        screen.until("final, Tue 7 Oct", 20.0)
        last = f"◂{bars.close[DAYS.index(LATER[0]) - 1]:,.2f}"
        assert last in screen.text()
        for day in LATER:
            assert f"{bars.close[DAYS.index(day)]:,.2f}" not in screen.text()
        screen.press("\x1b[C")
        screen.until("final, Wed 8 Oct", 20.0)
        screen.press("t" * 2 + "<" * 8)
        screen.until("five-minute prices of past ones are not kept")


def test_a_feed_that_stands_still_is_named_and_its_chart_comes_when_it_goes_on(
    home: dict[str, str], store: Paths
) -> None:
    with Terminal("--store", str(store.store), environment=home) as screen:
        screen.until("yahoo", 30.0)
        screen.until("RUT", 30.0)
        pid = _feed(store)
        try:
            _signal(pid, signal.SIGSTOP)
            screen.press("c")
            screen.until("The feed has not answered for 5 s", 20.0)
        finally:
            _signal(pid, signal.SIGCONT)
        screen.until("◂", 30.0)
        assert "has not answered" not in screen.text()
    end_feed(store)


def _feed(paths: Paths) -> int:
    wait_for(lambda: feed_holder(paths) is not None)
    return int((feed_holder(paths) or "").split()[1].rstrip(","))


def _signal(pid: int, number: signal.Signals) -> None:
    os.kill(pid, number)
