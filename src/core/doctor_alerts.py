"""Checks of alerts: how they stand, whether their ways can be gone, what was not told, whether anybody judges them."""

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from ipaddress import ip_address
from urllib.parse import urlsplit

from .doctor import Case, Check
from .model.alert import AlertReading, AlertSetting


def alerts(case: Case) -> Iterator[Check]:
    """How many in which state, who judges them, ways that cannot work, the last firing that was not told."""
    from .alerts.listing import listed

    settings = case.config.alerts
    if not settings:
        yield Check(name="alerts", state="ok", finding="none configured; docs/alerts.md shows how")
        return
    found = listed(case.paths, case.config, case.now)
    yield _standing(case, found)
    for one in settings:
        yield from _program(one, case)
        yield from _webhook(one)
    yield from _untold(found)


def _standing(case: Case, found: tuple[AlertReading, ...]) -> Check:
    """``3 alerts: 2 armed, 1 latched; the feed stays for them until 2025-10-17 20:30 UTC``."""
    from .alerts.listing import judged

    counted = Counter(one.state for one in found)
    many = f"{len(found)} alert{'' if len(found) == 1 else 's'}"
    said = f"{many}: {', '.join(f'{count} {state}' for state, count in counted.items())}"
    feed = judged(case.paths)
    if feed is None:
        remedy = "start the monitor, or `tapewatch feed --service`"
        return Check(name="alerts", state="warn", finding=f"{said}; no feed judges them now", remedy=remedy)
    if feed.service:
        return Check(name="alerts", state="ok", finding=f"{said}; the feed is a service and stays")
    stays = feed.stays_until
    how = f"the feed stays for them until {_at(stays)}" if stays else "the feed ends a minute after the last screen"
    return Check(name="alerts", state="ok", finding=f"{said}; {how}")


def _program(setting: AlertSetting, case: Case) -> Iterator[Check]:
    """A way whose program is not to be found where the feed would look for it."""
    from .alerts.command import SHELL
    from .alerts.courier import NOTIFIER

    wanted = [("desktop", NOTIFIER)] if "desktop" in setting.how else []
    if "command" in setting.how and setting.command:
        wanted.append(("command", SHELL if setting.shell else setting.command[0]))
    for way, program in wanted:
        # the feed starts it in the folder "/", from which a name with a slash is looked for
        place = os.path.join("/", program) if "/" in program else program
        if shutil.which(place, path=case.terminal.environment.get("PATH")) is None:
            finding = f"{setting.name}: {way}: there is no program {program}"
            yield Check(name="alerts", state="warn", finding=finding, remedy="install it, or take another way in `how`")


def _webhook(setting: AlertSetting) -> Iterator[Check]:
    """A webhook whose texts anybody on the way can read or change."""
    if "webhook" not in setting.how:
        return
    address = urlsplit(setting.url)
    if address.scheme != "https" and not _here(address.hostname or ""):
        finding = f"{setting.name}: webhook: what is sent to {address.hostname} is not encrypted"
        yield Check(name="alerts", state="warn", finding=finding, remedy="give it an address that begins with https://")


def _here(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _untold(found: tuple[AlertReading, ...]) -> Iterator[Check]:
    """The last firing of an alert that has not reached everybody."""
    from .alerts.words import missed

    for one in found:
        for told in filter(missed, one.told):
            when = f" at {_at(told.at)}" if told.at else ""
            finding = f"{one.name}: {told.way} failed{when}: {told.cause}"
            finding += f"; tried again at {_at(told.next_try)}" if told.next_try else ""
            remedy = f"mend it, then `tapewatch alerts test {one.name!r}`"
            yield Check(name="alerts", state="warn", finding=finding, remedy=remedy)


def _at(time: datetime) -> str:
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
