"""The alerts page and the keys of it, painted from a snapshot at every size."""

from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from tapewatch.core import channel
from tapewatch.core.channel import take_requests
from tapewatch.core.clock import wall
from tapewatch.core.model.alert import AlertReading, Alerts, Ring, Told
from tapewatch.core.model.snapshot import Snapshot
from tests import builders
from tests.builders import FRIDAY, THURSDAY, at

from .stage import SIZES, Stage, stage

NOON, LATER = at(FRIDAY, 12), at(FRIDAY, 18)
PRICE = AlertReading(
    name="RUT back over its record close", condition="RUT at or above 2,519.75", state="cooling",
    until=at(FRIDAY, 16, 45), ways=("bell", "notify", "webhook"), last_fired=at(FRIDAY, 16, 30),
    last_text="RUT 2,520.01 is at or above 2,519.75",
    told=(
        Told(way="bell", state="sent", at=at(FRIDAY, 16, 30)),
        Told(way="notify", state="sent", at=at(FRIDAY, 16, 30)),
        Told(way="webhook", state="pending", tries=2, cause="server error (500)", next_try=at(FRIDAY, 16, 31)),
    ),
)  # fmt: skip
FLAGS = AlertReading(
    name="small caps fall behind", condition="same day direction of RUT confirmed", state="muted",
    until=at(FRIDAY, 17, 10), ways=("bell",), last_fired=at(THURSDAY, 16, 20),
    last_text="RUT same-day direction confirmed: −0.60 %; SPX +0.53 %, DJIA +0.52 %",
    told=(Told(way="bell", state="dropped", cause="muted"),),
)  # fmt: skip
QUIET = AlertReading(name="record", condition="a record high of SPX", state="quiet", until=at(FRIDAY, 17))


def with_alerts(*alerts: AlertReading, rings: tuple[Ring, ...] = (), counter: int = 1) -> Snapshot:
    known = Alerts(alerts=alerts, rings=rings, stays_until=at(FRIDAY, 16, 30))
    return replace(builders.overview(counter=counter), alerts=known)


def asked(seen: Stage) -> list[tuple[str, str | None, str | None]]:
    return [(one.kind, one.symbol, one.value) for one in take_requests(seen.paths)]


@pytest.mark.parametrize("size", SIZES)
async def test_every_alert_says_what_it_waits_for_how_it_stands_and_who_was_told(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    seen = stage(tmp_path, with_alerts(PRICE, FLAGS, QUIET))
    async with seen.monitor.run_test(size=size) as pilot:
        await pilot.press("a")
        painted = " ".join(seen.text().split())
        assert "Without a screen the feed stays for them until 16:30 ET." in painted
        assert "RUT at or above 2,519.75" in painted
        assert "cooling until 16:45 ET" in painted
        assert "fired 16:30 ET: RUT 2,520.01 is at or above 2,519.75" in painted
        assert "bell 16:30 ET" in painted
        assert "server error (500), 2 tries, next 16:31 ET" in painted
        assert all(len(line) == size[0] for line in seen.lines())
        await pilot.press("j", "j")
        assert "quiet until 17:00 ET" in seen.text()
        await pilot.press("escape")
        assert "cooling until" not in seen.text()


async def test_the_selected_alert_is_tested_muted_and_told_again(tmp_path: Path) -> None:
    seen = stage(tmp_path, with_alerts(PRICE, FLAGS))
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await pilot.press("!")
        assert "a opens the alerts." in seen.text()
        await pilot.press("a", "!")
        assert asked(seen) == [("alerts-test", PRICE.name, None)]
        assert f"Asked the feed to tell {PRICE.name} as a test." in seen.text()
        await pilot.press("M")
        assert asked(seen) == [("alerts-mute", PRICE.name, "3600.0")]
        await pilot.press("j", "M")
        assert asked(seen) == [("alerts-mute", FLAGS.name, "0")]
        assert "to tell small caps fall behind again" in seen.text()


async def test_a_test_is_marked_as_one(tmp_path: Path) -> None:
    tested = replace(PRICE, tested=True, told=(Told(way="webhook", state="begun"),))
    seen = stage(tmp_path, with_alerts(tested))
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await pilot.press("a")
        assert "test · webhook under way" in seen.text()


async def test_without_alerts_the_page_shows_what_one_looks_like(tmp_path: Path) -> None:
    seen = stage(tmp_path, builders.overview())
    async with seen.monitor.run_test(size=(80, 24)) as pilot:
        await pilot.press("a")
        assert "No alerts are configured." in seen.text()
        assert "[[alerts]]" in seen.text()
        assert "mute" not in seen.lines()[-1]
        await pilot.press("!", "M")
        assert "There is no alert here." in seen.text()


async def test_an_alert_that_was_true_from_the_start_says_so_beside_that_it_never_fired(tmp_path: Path) -> None:
    latched = AlertReading(name="old", condition="prices of RUT go old", state="latched", ways=("bell",))
    seen = stage(tmp_path, with_alerts(latched))
    async with seen.monitor.run_test(size=(80, 24)) as pilot:
        await pilot.press("a")
        assert "latched, true from the start" in seen.text()
        assert "has not fired yet" in seen.text()
        assert "M mute" in seen.lines()[-1]


async def test_names_and_causes_of_outside_act_on_nothing(tmp_path: Path) -> None:
    odd = replace(
        PRICE, name="a\x1b[2Jb", last_text="x\x07y\u202ez", told=(Told(way="w", state="failed", cause="\x1bc"),)
    )
    seen = stage(tmp_path, with_alerts(odd))
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await pilot.press("a")
        assert not set(seen.text()) & {"\x1b", "\x07", "\u202e"}
        assert "a\N{REPLACEMENT CHARACTER}[2Jb" in seen.text()


def ring(number: int, at: float) -> Ring:
    """One that was released so many seconds from now."""
    return Ring(id=str(number), alert="up", at=wall() + timedelta(seconds=at), text=f"number {number}", bell=True)


def test_a_screen_rings_once_for_each_and_for_none_from_before_it(tmp_path: Path) -> None:
    old, new, newer = ring(1, -60), ring(2, 1), ring(3, 2)
    seen = stage(tmp_path, with_alerts(PRICE, rings=(old,)))
    data, rung = seen.monitor.live, list[str]()
    for counter, rings in enumerate(((old,), (old, new), (old, new), (new, newer), ()), 2):
        channel.publish(seen.paths, with_alerts(PRICE, rings=rings, counter=counter))
        data.latest()
        rung += [one.text for one in data.rings()]
    assert rung == ["number 2", "number 3"]


async def test_what_fired_stands_on_the_line_also_while_the_screen_is_paused(tmp_path: Path) -> None:
    seen = stage(tmp_path, with_alerts(PRICE))
    async with seen.monitor.run_test(size=(120, 40)) as pilot:
        await pilot.press("p")
        seen.publish(with_alerts(PRICE, rings=(ring(2, 1),), counter=3))
        await pilot.pause()
        assert "up: number 2" in seen.lines()[-2]
