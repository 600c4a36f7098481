"""A store with prices in it whose feed is this test itself: a screen on it starts none."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tapewatch.core import channel
from tapewatch.core.paths import Paths, default_paths

from .. import builders
from .tty import Tty, screen_of


@dataclass(frozen=True)
class House:
    """A user's own places and the store."""

    folder: Path
    paths: Paths
    environment: dict[str, str | None]

    def screen(
        self,
        *arguments: str,
        size: tuple[int, int] = (120, 40),
        more: Mapping[str, str | None] | None = None,
        **changed: str | None,
    ) -> Tty:
        """The monitor on a terminal of its own; `more` and `changed` are variables of its environment (None: unset)."""
        environment = self.environment | dict(more or {}) | changed
        return Tty(screen_of(self.paths.store, *arguments), size=size, environment=environment)

    def shown(
        self,
        *arguments: str,
        size: tuple[int, int] = (120, 40),
        more: Mapping[str, str | None] | None = None,
        **changed: str | None,
    ) -> Tty:
        """The monitor once its prices are painted."""
        tty = self.screen(*arguments, size=size, more=more, **changed)
        tty.until("6,664.01")
        tty.read(lambda: b"?2026$p" in tty.raw)
        return tty


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A store with the close of 17 October 2025, a feed that holds it and does nothing."""
    paths = default_paths(tmp_path / "store")
    paths.requests.mkdir(parents=True)
    channel.publish(paths, builders.overview())
    lock = channel.Lock(paths.feed_lock, "alone")
    assert lock.take()
    names = ("STATE", "CONFIG", "DATA", "CACHE")
    places: dict[str, str | None] = {f"XDG_{name}_HOME": str(tmp_path / name.lower()) for name in names}
    # a feed started by mistake reaches nobody
    nowhere = dict.fromkeys(("HTTPS_PROXY", "https_proxy"), "http://127.0.0.1:1")
    yield House(tmp_path, paths, {**places, **nowhere, "HOME": str(tmp_path)})
    lock.release()
