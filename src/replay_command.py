"""The command `replay`, and the replays a monitor opens: each a feed of its own in a private folder."""

import argparse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from .core.data import MarketData
    from .core.model.config import Config
    from .core.paths import Paths


def replay_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes; made for every command line, so nothing heavy is imported here."""
    words = "a date of the week (YYYY-MM-DD), which is where it begins; else the last complete week"
    parser.add_argument("week", nargs="?", metavar="WEEK", help=words)


def replay_monitor(chosen: argparse.Namespace) -> int:
    """The monitor on a past week, in a private folder that goes with it."""
    from .monitor_command import hurry, start_of

    hurry()  # before the library is imported, which looks at the colours then
    from .cli import a_date, need_terminal, places, settings_of
    from .core.settings import Watched
    from .tui.running import run as show

    day = a_date(chosen.week) if chosen.week else None
    paths = places(chosen)
    config, problems = settings_of(chosen, paths)
    start = start_of(chosen, config)
    find_week(paths, config, day)
    need_terminal()
    data = opener(paths, config)(day)
    announce(data)
    return show(data, config, problems, Watched(paths.config_file, config).reloaded, start=start)


def find_week(paths: "Paths", config: "Config", day: "date | None") -> None:
    """Complain where nothing of a week (or nothing at all) is stored."""
    from datetime import date, timedelta

    from .cli import NOTHING, ComplaintError
    from .core.store.schema import reading
    from .core.store.span import stored_days

    first = day - timedelta(days=day.weekday()) if day else date.min
    last = first + timedelta(days=6) if day else date.max
    if not paths.database.exists():
        raise ComplaintError(NOTHING, f"no bars yet in {paths.store}; run tapewatch, or import bars")
    symbols = [one.symbol for one in config.watched]
    with reading(paths.database) as database:
        found = stored_days(database, symbols, first, last)
    if not found:
        when = f" of the week of {first}" if day else ""
        raise ComplaintError(NOTHING, f"no bars{when} in {paths.store}; run tapewatch fetch, or import bars")


def opener(paths: "Paths", config: "Config") -> "Callable[[date | None], MarketData]":
    """Opens a replay of this store at a date; whoever opens one closes it, and its folder goes."""
    import tempfile
    from pathlib import Path

    from .core.data import MarketData
    from .core.feeding import REPLAY_FOLDER
    from .core.launch import PrivateFeed
    from .core.paths import private_paths

    def opened(day: "date | None") -> MarketData:
        folder = Path(tempfile.mkdtemp(prefix=REPLAY_FOLDER))
        own = private_paths(folder, paths)
        own.requests.mkdir(mode=0o700)
        feed = ["feed", "--store", str(folder), "--replay-of", str(paths.store)]
        feed += ["--replay-from", day.isoformat()] if day else []
        feed += ["--config", str(paths.config_file)] if paths.config_file.exists() else []
        return MarketData.open(own, config, PrivateFeed(own, feed), "replay")

    return opened


def announce(data: "MarketData") -> None:
    """Mark the screen as a replay before the first session has been made."""
    from .core import channel
    from .core.clock import wall
    from .core.model.snapshot import ClockReading, Snapshot

    now = wall()
    channel.publish(data.paths, Snapshot(version=(0, 0), mode="replay", clock=ClockReading(now=now, rate=0.0)))
