"""A screen that fetches for itself, as most programs do: pandas, the client library and the screen in one process.

Run as a program: `python benchmarks/alone.py STORE SETTINGS`.
"""

import sys
import threading
from pathlib import Path


def main() -> int:
    """The screen on a store of its own; what feeds it is a thread."""
    from tapewatch.core import channel
    from tapewatch.core.data import MarketData
    from tapewatch.core.paths import Paths, default_paths
    from tapewatch.core.settings import load
    from tapewatch.tui.running import run

    paths: Paths = default_paths(sys.argv[1], sys.argv[2])
    config, _ = load(Path(sys.argv[2]))
    channel.make_private(paths.requests)
    stop = threading.Event()

    def feed() -> None:
        from tapewatch.core.feed_loop import live
        from tapewatch.core.feeding import OpenedFeed

        opened = OpenedFeed(paths, config, None, lambda _: None)
        live(opened.feed, stop.is_set, lambda seconds: bool(stop.wait(seconds)) and None, service=True)

    threading.Thread(target=feed, daemon=True).start()
    return run(MarketData.open(paths, config), config)


if __name__ == "__main__":
    sys.exit(main())
