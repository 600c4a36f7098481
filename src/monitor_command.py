"""The monitor on a store, and on the sample market."""

import argparse

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .core.model.config import Config
    from .tui.starting import Start


RATE = 195.0
"""Market seconds a second of a demo."""


def screen_arguments(parser: argparse.ArgumentParser) -> None:
    """What every command that opens a screen takes."""
    parser.add_argument(
        "--bare", action="store_true", help="panes alone, and one row with mode, age and failures; for small windows"
    )
    parser.add_argument("--view", metavar="VIEW", help="the view shown first: its name or digit")


def start_of(chosen: argparse.Namespace, config: "Config") -> "Start":
    """What the screen begins with; a complaint where there is no such view."""
    from .tui.starting import Start, is_view, names

    view = getattr(chosen, "view", "") or ""
    if view and not is_view(view, config):
        from .cli import USAGE, ComplaintError
        from .core.model.harmless import harmless
        from .tui.view_row import nearest

        raise ComplaintError(USAGE, harmless(f"there is no view {view!r}{nearest(view, names(config))}"))
    return Start(bare=getattr(chosen, "bare", False), view=view)


def hurry() -> None:
    """Let nobody look for garbage while all is being imported and built: the monitor does so after its first frame."""
    import gc

    gc.disable()
    colours_of_its_name()


def colours_of_its_name() -> None:
    """``xterm-direct`` and its like have every colour, which the library asks of other variables than the name."""
    import os

    if os.environ.get("TERM", "").endswith("-direct"):
        os.environ.setdefault("TEXTUAL_COLOR_SYSTEM", "truecolor")


def monitor(chosen: argparse.Namespace) -> int:
    """The live monitor."""
    hurry()
    from .cli import forwarded, need_terminal, places, settings_of
    from .core.data import MarketData
    from .core.launch import FeedKeeper
    from .core.settings import Watched
    from .replay_command import opener
    from .tui.running import run as show

    need_terminal()
    paths = places(chosen)
    config, problems = settings_of(chosen, paths)
    start = start_of(chosen, config)
    data = MarketData.open(paths, config, FeedKeeper(paths, ["feed", *forwarded(chosen, paths)]))
    return show(data, config, problems, Watched(paths.config_file, config).reloaded, opener(paths, config), start)


def demo_monitor(chosen: argparse.Namespace) -> int:
    """The monitor on the sample market, in a private folder that goes with it."""
    hurry()
    import tempfile
    from pathlib import Path

    from .cli import need_terminal, places, settings_of
    from .core.data import MarketData
    from .core.feeding import DEMO_FOLDER
    from .core.launch import FeedKeeper
    from .core.paths import private_paths
    from .core.settings import Watched
    from .replay_command import opener
    from .tui.running import run as show

    need_terminal()
    usual = places(chosen)
    config, problems = settings_of(chosen, usual)
    start = start_of(chosen, config)
    with tempfile.TemporaryDirectory(prefix=DEMO_FOLDER, ignore_cleanup_errors=True) as folder:
        paths = private_paths(Path(folder), usual)
        rate = ["--demo-rate", str(chosen.rate), "--demo-seed", str(chosen.seed)]
        feed = ["feed", "--store", folder, *rate]
        feed += ["--config", str(usual.config_file)] if usual.config_file.exists() else []
        data = MarketData.open(paths, config, FeedKeeper(paths, feed, own=True), "demo")
        reloaded = Watched(usual.config_file, config).reloaded
        return show(data, config, problems, reloaded, opener(paths, config), start)
