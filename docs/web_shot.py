"""The picture of the monitor in a browser, made by a headless Chromium: `python docs/web_shot.py`.

It is of the demo's market, standing still. Needs the development install and Chromium; writes
docs/pictures/web-chromium.png.
"""

import io
import sys
import tempfile
from datetime import timedelta
from pathlib import Path

from PIL import Image
from shots import filled

from tapewatch.core import channel
from tapewatch.core.paths import default_paths

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.web.chromium import FOUND, Chromium  # noqa: E402
from tests.web.tabs import Server, places  # noqa: E402

PICTURE = ROOT / "docs" / "pictures" / "web-chromium.png"
LARGEST = 200_000
"""Bytes."""


def main() -> int:
    """Write it."""
    if FOUND is None:
        sys.stderr.write("there is no Chromium here\n")
        return 1
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        paths = default_paths(Path(name) / "store", Path(name) / "none.toml")
        feed = filled(paths, timedelta(hours=1, minutes=41))
        held = channel.Lock(paths.feed_lock, "alone")
        assert held.take(), "no other feed may come"
        server = Server("--port", "0", "--store", str(paths.store), environment=places(Path(name)))
        try:
            with Chromium(Path(name) / "profile") as browser:
                browser.open(server.link)
                browser.listen(60, lambda: b"not real prices" in browser.received)
                browser.listen(5)
                picture = Image.open(io.BytesIO(browser.picture())).convert("RGB")
        finally:
            server.ended()
            held.release()
            feed.database.close()
    picture.quantize(64, dither=Image.Dither.NONE).save(PICTURE, optimize=True)
    assert PICTURE.stat().st_size < LARGEST
    return 0


if __name__ == "__main__":
    sys.exit(main())
