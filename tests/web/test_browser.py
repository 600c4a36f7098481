"""The monitor in a real browser: it is seen, it takes keys, and nothing outside this machine is asked for."""

import io
from pathlib import Path

import pytest
from PIL import Image

from .chromium import FOUND, Chromium
from .conftest import Served

pytestmark = pytest.mark.skipif(FOUND is None, reason="there is no Chromium here: `apt-get install chromium`")


def test_chromium_shows_the_market_and_types_into_it(served: Served, tmp_path: Path) -> None:
    server = served("--demo")
    with Chromium(tmp_path / "profile") as browser:
        browser.open(server.link)
        browser.listen(60, lambda: b"not real prices" in browser.received and b"SPX" in browser.received)
        assert b"not real prices" in browser.received
        browser.listen(2)
        picture = Image.open(io.BytesIO(browser.picture())).convert("RGB")
        assert len(picture.getcolors(1 << 24) or ()) > 50, "nothing is painted"
        assert browser.value("document.fonts.check('15px \"Roboto Mono\"')")
        browser.press("?")
        browser.listen(20, lambda: b"row down" in browser.received)
        assert b"row down" in browser.received
        browser.press("?")
        browser.press("q")
        browser.listen(20, lambda: bool(browser.value("document.body.classList.contains('-closed')")))
        assert browser.value("getComputedStyle(document.querySelector('.closed')).display") == "flex"
    own = (f"http://{server.host}/", f"ws://{server.host}/", "about:blank", "data:")
    assert [one for one in browser.asked if not one.startswith(own)] == []
    assert any(one.endswith("/textual.js") for one in browser.asked)
    assert [one for one in browser.complaints if "Content Security" in one or "Refused" in one] == []


def test_a_page_from_elsewhere_cannot_reach_the_screen(served: Served, tmp_path: Path) -> None:
    server = served("--demo")
    with Chromium(tmp_path / "profile") as browser:
        browser.open("data:text/html,<p>a page from elsewhere</p>")
        browser.listen(1)
        script = (
            f"new Promise(done => {{ const line = new WebSocket('{server.socket}');"
            " line.onopen = () => done('open'); line.onerror = () => done('refused'); })"
        )
        assert browser.value(script) == "refused"
        assert browser.value(f"fetch('{server.link}').then(() => 'read', () => 'refused')") == "refused"
