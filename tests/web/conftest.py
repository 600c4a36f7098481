"""`tapewatch web` as it is started from a shell, with settings, store and state of its own."""

import contextlib
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from .tabs import Server, places

Served = Callable[..., Server]


@pytest.fixture
def served(tmp_path: Path) -> Generator[Served]:
    """Start servers with settings, store and state of their own."""
    started: list[Server] = []

    def start(*options: str, **environment: str) -> Server:
        made = Server("--port", "0", *options, environment=places(tmp_path) | environment)
        started.append(made)
        return made

    yield start
    for one in started:
        with contextlib.suppress(OSError):
            one.ended()
