"""The monitor on a real terminal with canaries in everything it is given: all are seen, none acts."""

import re
from base64 import b64decode
from pathlib import Path

import pytest

from tapewatch.core import channel
from tapewatch.core.locks import Lock
from tapewatch.core.paths import default_paths
from tests.end_to_end.terminal import Terminal
from tests.hostile.canary import CANARY, SEEN, acting, infected
from tests.hostile.test_commands import SETTINGS, THEME
from tests.laboratory.ledger import note
from tests.tui.stage import builders

PAGES = "12345678"
OURS = re.compile(rb"\x1b\[[<>=?]?[\d;:]*[ $]?[A-Za-z]|\x1b[=>78]|\x1b\(B|\x1b\]22;[a-z]+\x07")
"""What a monitor sends to move, colour and switch; nothing with a text of its own, but for the shape of the pointer."""
COPIED = re.compile(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07")
"""What it copies for its user."""
PLANTED = (b"\x1b]", b"\x1bc", b"\xc2\x9b", b"\x07", b"\x00", b"\x1bP", b"\x1b_")


@pytest.mark.parametrize("size", [(120, 40), pytest.param((80, 24), marks=pytest.mark.long)])
def test_every_page_shows_canaries_and_none_acts(tmp_path: Path, size: tuple[int, int]) -> None:
    places = {name: str(tmp_path / name) for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME")}
    paths = default_paths(tmp_path / "store\x1b]0;x\x07", tmp_path / "settings.toml")
    paths.store.mkdir()
    channel.publish(paths, infected(builders.overview(), CANARY))  # type: ignore[arg-type]
    paths.config_file.write_text(SETTINGS)
    themes = tmp_path / "XDG_CONFIG_HOME" / "tapewatch" / "themes"
    themes.mkdir(parents=True)
    (themes / f"{SEEN}\x1b[2J.toml").write_text(THEME)
    # somebody feeds the store already, and says so in its own way
    feed = Lock(paths.feed_lock, "alone")
    assert feed.take()
    feed.note(CANARY)
    seen = 0
    with Terminal(
        "--store", str(paths.store), "--config", str(paths.config_file), size=size, environment=places
    ) as screen:
        screen.until(SEEN, 120.0)
        for key in (*PAGES, "?", "\x1b", ",", "\x1b", "\r", "j", "l", "y", "\x1b", "/", "R", "\x1b", "r", "\x10"):
            before = len(screen.raw)
            screen.press(key)
            screen.read(1.0, lambda before=before: len(screen.raw) > before + 400)  # type: ignore[misc]
            seen += SEEN in screen.text()
        # whatever is open is closed first; a lone Esc is one only after a while
        for key in ("\x1b", "q") * 20:
            if screen.status is None:
                screen.press(key)
                screen.read(1.5, lambda: screen.status is not None)
        raw = screen.raw
        assert screen.status == 0
    feed.release()
    assert seen >= len(PAGES)
    copied = [b64decode(one) for one in COPIED.findall(raw)]
    assert [acting(one.decode(), "\n\u00a0") for one in copied] == [[]] * len(copied)
    raw = COPIED.sub(b"", raw)
    left = OURS.sub(b"", raw)
    assert [one for one in PLANTED if one in left] == []
    assert acting(left.decode(errors="replace"), "\r\n\u00a0") == []
    assert b"\x1b[91;107m" not in raw
    note("hostile", f"a real terminal of {size[0]}x{size[1]}: pages with canaries", count=seen)
