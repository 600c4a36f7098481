"""The command `alerts`: how they stand, a test that really tells them, and muting."""

import argparse
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import datetime

    from .core.model.alert import AlertReading, Alerts, AlertSetting
    from .core.model.config import Config
    from .core.paths import Paths

ALWAYS = 365.0 * 86400.0
"""Seconds of a mute without an end."""


def alerts_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes; made for every command line, so nothing heavy is imported here."""
    parser.add_argument("what", nargs="?", choices=("list", "test", "mute"), default="list")
    parser.add_argument("name", nargs="?", default="", metavar="NAME", help="one alert; all of them without it")
    parser.add_argument("--for", dest="span", metavar="SPAN", help="mute: for so long, such as 30m, 1h or 2d")
    parser.add_argument("--json", dest="form", action="store_const", const="json", help="list: as json")
    parser.add_argument("--off", action="store_true", help="mute: no longer")


def run_alerts(chosen: argparse.Namespace) -> int:
    """Alerts: list, test, mute."""
    from .cli import NOTHING, ComplaintError, places, warned

    paths = places(chosen)
    config = warned(chosen, paths)
    if not config.alerts:
        raise ComplaintError(NOTHING, f"no alerts are configured in {paths.config_file}; docs/alerts.md shows how")
    _known(chosen, config)
    commands = {"list": _list, "test": _test, "mute": _mute}
    return commands[chosen.what](chosen, paths, config)


def _known(chosen: argparse.Namespace, config: "Config") -> None:
    from .cli import USAGE, ComplaintError
    from .core.settings import near

    names = [one.name for one in config.alerts]
    if chosen.name and chosen.name not in names:
        raise ComplaintError(USAGE, f"there is no alert {chosen.name!r}{near(chosen.name, names)}")
    if (chosen.span or chosen.off) and chosen.what != "mute":
        raise ComplaintError(USAGE, "--for and --off go with `tapewatch alerts mute`")
    if chosen.form and chosen.what != "list":
        raise ComplaintError(USAGE, "--json goes with `tapewatch alerts list`")
    if chosen.span and chosen.off:
        raise ComplaintError(USAGE, "--for and --off exclude each other")


def _list(chosen: argparse.Namespace, paths: "Paths", config: "Config") -> int:
    """Every alert: what it waits for, how it stands, when it last fired, how that was told."""
    from .cli import OK, PARTIAL, say
    from .core.alerts.listing import judged, listed
    from .core.alerts.words import failed
    from .core.clock import wall

    now, feed = wall(), judged(paths)
    found = tuple(one for one in listed(paths, config, now) if chosen.name in ("", one.name))
    print_ = _print_json if chosen.form else _print_words
    print_(found, feed, now, config)
    missed = failed(found)
    for name in missed:
        say(f"the last firing of {name} has not reached everybody", PARTIAL)
    return PARTIAL if missed else OK


def _print_words(found: "tuple[AlertReading, ...]", feed: "Alerts | None", now: "datetime", config: "Config") -> None:
    from .cli import tell
    from .tui.alert_words import printed_alerts, stays_words

    zone = _zone(config)
    sys.stdout.write(printed_alerts(found, now, zone))
    idle = "No feed judges them now: start the monitor, or `tapewatch feed --service`."
    sys.stdout.write("\n")
    tell(idle if feed is None else stays_words(feed, now, zone))


def _print_json(found: "tuple[AlertReading, ...]", feed: "Alerts | None", now: "datetime", _: "Config") -> None:
    from .core.alerts.listing import Listing
    from .core.model.decoding import json_text

    made = Listing(
        now=now, judged=feed is not None, stays_until=feed.stays_until if feed else None,
        service=feed is not None and feed.service, alerts=found,
    )  # fmt: skip
    sys.stdout.write(json_text(made) + "\n")


def _zone(config: "Config") -> str:
    zone = config.screen.zone
    return "America/New_York" if zone == "exchange" else zone


def _test(chosen: argparse.Namespace, paths: "Paths", config: "Config") -> int:
    """Tell each alert by each of its ways, from here, and say how that went."""
    from .cli import ERROR, OK, tell

    del paths
    well = True
    for setting in config.alerts:
        if chosen.name in ("", setting.name):
            for way in setting.how:
                fine, outcome = _told(setting, way, config)
                tell(f"{setting.name}: {way}: {outcome}")
                well = well and fine
    return OK if well else ERROR


def _told(setting: "AlertSetting", way: str, config: "Config") -> tuple[bool, str]:
    """Whether a test went well, and its outcome in words."""
    from threading import Event

    from .core.alerts.courier import Parcel, carry
    from .core.alerts.desk import trial
    from .core.alerts.words import condition
    from .core.clock import wall
    from .core.model.alert import BY_SCREENS

    shorts = {one.symbol: one.short for one in config.instruments}
    firing = trial(setting, condition(setting, shorts), wall())
    if way in BY_SCREENS:
        return _rung(way, firing.alert, firing.text)
    outcome = carry(Parcel(firing, setting, way), Event())
    return not outcome.cause, outcome.cause or "told"


def _rung(way: str, alert: str, text: str) -> tuple[bool, str]:
    from .core.plainly import paint
    from .tui.ringing import BELL, notice

    if not sys.stdout.isatty():
        return True, "this is no terminal; open screens do it by themselves"
    sent = BELL if way == "bell" else notice(alert, text, os.environ)
    if not sent:
        return False, f"this terminal ({os.environ.get('TERM', '')}) shows none"
    paint(sys.stdout, sent)
    return True, "sent to this terminal"


def _mute(chosen: argparse.Namespace, paths: "Paths", config: "Config") -> int:
    """Mute, for a while or until it is taken back."""
    from .cli import ERROR, OK, USAGE, ComplaintError, say, tell
    from .core.alerts.listing import mute
    from .core.alerts.times import duration

    span = duration(chosen.span) if chosen.span else None
    if chosen.span and not span:
        raise ComplaintError(USAGE, f"{chosen.span!r} is no time; write it like 30m, 1h or 2d")
    seconds = 0.0 if chosen.off else span.total_seconds() if span else ALWAYS
    if not mute(paths, config, chosen.name, seconds, _aside):
        return say("the feed has not taken it up; see `tapewatch doctor`", ERROR)
    what = f"{chosen.name} is" if chosen.name else "all alerts are"
    ends = " for " + chosen.span if chosen.span else ", until `tapewatch alerts mute --off`"
    tell(f"{what} told again" if chosen.off else f"{what} muted{ends}")
    return OK


def _aside(text: str) -> None:
    from .cli import OK, say

    say(text, OK)
