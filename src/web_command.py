"""The command `web`: the monitor in a browser of this machine, for who has the link it prints."""

import argparse
import contextlib

from .monitor_command import RATE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Generator

PORT = 8421
NO_OTHER_HOST = (
    "the monitor is served to this machine alone, on 127.0.0.1; from another one come through a tunnel: "
    "`ssh -L {port}:127.0.0.1:{port} HOST`"
)
NOT_INSTALLED = "the monitor in a browser needs its extra, from the checkout: pip install -c constraints.txt '.[web]'"
NOTE = """\
Whoever has this link sees and drives the monitor with your rights, writing exports and settings included; give it to
nobody. It is good until this ends. From another machine: ssh -L {port}:127.0.0.1:{port} HOST. Ctrl+C ends every screen.
"""


def a_port(text: str) -> int:
    """A number of a port."""
    if not (text.isascii() and text.isdigit() and int(text) < 65536):
        raise argparse.ArgumentTypeError(f"{text} is not a port, a number up to 65535")
    return int(text)


def web_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes; made for every command line, so nothing heavy is imported here."""
    words = "port on 127.0.0.1; 0 is any that is free (default %(default)s)"
    parser.add_argument("--port", metavar="N", type=a_port, default=PORT, help=words)
    parser.add_argument("--demo", action="store_true", help="the built-in sample market: no network, no account")
    parser.add_argument("--host", help=argparse.SUPPRESS)
    parser.add_argument("--screen", action="store_true", help=argparse.SUPPRESS)


def serve_web(chosen: argparse.Namespace) -> int:
    """The server, or the screen of one tab that it starts."""
    from .cli import ERROR, USAGE, ComplaintError

    if chosen.host is not None:
        raise ComplaintError(USAGE, NO_OTHER_HOST.format(port=chosen.port))
    if chosen.screen:
        return _screen_of_tab(chosen)
    if not _installed():
        raise ComplaintError(ERROR, NOT_INSTALLED)
    return _served(chosen)


def _installed() -> bool:
    try:
        import aiohttp  # noqa: F401  # pyright: ignore[reportUnusedImport]
        import textual_serve  # noqa: F401  # pyright: ignore[reportUnusedImport]
    except ImportError:
        return False
    return True


def _served(chosen: argparse.Namespace) -> int:
    import asyncio
    import sys

    from .cli import ERROR, OK, ComplaintError
    from .web.serving import LOOPBACK, Serving, listening

    try:
        line = listening(chosen.port)
    except OSError as problem:
        why = f"port {chosen.port} of {LOOPBACK} cannot be had ({problem.strerror or problem})"
        raise ComplaintError(ERROR, f"{why}; another is chosen with --port") from None
    port = line.getsockname()[1]

    def ready() -> None:
        sys.stdout.write(f"http://{LOOPBACK}:{port}/{serving.token}/\n{NOTE.format(port=port)}")
        sys.stdout.flush()

    with line, _market(chosen) as (options, tend):
        serving = Serving([sys.executable, "-P", "-m", "tapewatch", "web", "--screen", *options])
        asyncio.run(serving.serve(line, ready, tend))
    return OK


@contextlib.contextmanager
def _market(chosen: argparse.Namespace) -> "Generator[tuple[list[str], Callable[[], object]]]":
    """The options of a tab's screen, and what keeps its market going: a demo is the server's, and goes with it."""
    from .cli import forwarded, places, warned

    usual = places(chosen)
    config = warned(chosen, usual)
    if not chosen.demo:
        yield forwarded(chosen, usual), lambda: None
        return
    import tempfile
    from pathlib import Path

    from .core.data import MarketData
    from .core.feeding import DEMO_FOLDER
    from .core.launch import FeedKeeper
    from .core.paths import private_paths

    with tempfile.TemporaryDirectory(prefix=DEMO_FOLDER, ignore_cleanup_errors=True) as folder:
        own = ["--config", str(usual.config_file)] if usual.config_file.exists() else []
        paths = private_paths(Path(folder), usual)
        keeper = FeedKeeper(paths, ["feed", "--store", folder, "--demo-rate", str(RATE), *own], own=True)
        data = MarketData.open(paths, config, keeper, "demo" if chosen.demo else "live")
        try:
            yield ["--demo", "--store", folder, *own], data.tend
        finally:
            data.close()


def _screen_of_tab(chosen: argparse.Namespace) -> int:
    """The monitor on the pipes of the server that started this; internal."""
    from .monitor_command import hurry

    hurry()
    import sys

    from .cli import USAGE, ComplaintError, forwarded, places, settings_of
    from .core.data import MarketData
    from .core.launch import FeedKeeper
    from .core.paths import private_paths
    from .core.settings import Watched
    from .replay_command import opener
    from .tui.browser import Browser
    from .tui.running import run as show

    if sys.__stdin__ is None or sys.__stdin__.isatty():
        raise ComplaintError(USAGE, "this is how `tapewatch web` starts a screen; without --screen it serves them")
    paths = places(chosen)
    config, problems = settings_of(chosen, paths)
    keeper = None if chosen.demo else FeedKeeper(paths, ["feed", *forwarded(chosen, paths)])
    if chosen.demo:
        paths = private_paths(paths.store, paths)
    data = MarketData.open(paths, config, keeper, "demo" if chosen.demo else "live")
    reloaded = Watched(paths.config_file, config).reloaded
    return show(data, config, problems, reloaded, opener(paths, config), driver=Browser)
