"""One tab of a browser: a screen in a process of its own, between its pipes and the tab's socket.

The screen speaks Textual's packets: a letter, four bytes of length, what is said. D is what a terminal is sent and
what is typed, M a note in JSON.
"""

import asyncio
import contextlib
import json
import os
from collections.abc import Awaitable, Callable, Mapping, Sequence

READY = b"__GANGLION__\n"
DATA, NOTE = b"D", b"M"
PATIENCE = 4.0
"""Seconds for each way of asking a screen to end."""
MOST = (1000, 500)
"""Columns and rows; a tab that says it has more lies."""
FOREIGN = ("TMUX", "STY", "COLORFGBG", "TERM_PROGRAM_VERSION")
"""What the terminal in which the server was started says of itself; a browser is another one."""


class Tab:
    """A screen for one tab. `command` starts it, `show` is given what a terminal would be sent."""

    def __init__(self, command: Sequence[str], show: Callable[[bytes], Awaitable[None]]) -> None:
        self._command, self._show = tuple(command), show
        self._process: asyncio.subprocess.Process | None = None
        self._stopping = asyncio.Lock()

    async def start(self, columns: int, rows: int) -> None:
        """Start it at this size. Raises OSError where no process can be started."""
        # a session of its own: Ctrl+C in the server's terminal is the server's to answer
        self._process = await asyncio.create_subprocess_exec(
            *self._command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
            cwd="/", start_new_session=True, env=surroundings(os.environ, columns, rows),
        )  # fmt: skip

    async def shown(self) -> None:
        """Show what the screen sends, until it ends."""
        assert self._process is not None
        assert self._process.stdout is not None
        out = self._process.stdout
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError, ValueError):
            await out.readuntil(READY)
            while True:
                head = await out.readexactly(5)
                said = await out.readexactly(int.from_bytes(head[1:], "big"))
                if head[:1] == DATA:
                    await self._show(said)
                elif head[:1] == NOTE and _told(said) == "exit":
                    return

    async def typed(self, text: str) -> None:
        """Keys and clicks, as a terminal sends them."""
        await self._say(DATA, text.encode(errors="replace"))

    async def resized(self, columns: int, rows: int) -> None:
        """The tab has another size."""
        await self._note({"type": "resize", "width": columns, "height": rows})

    async def stop(self) -> None:
        """Ask the screen to end, then tell it, then end it; it is gone when this returns."""
        async with self._stopping:
            process = self._process
            if process is None:
                return
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._note({"type": "quit"}), PATIENCE)
            for insist in (process.terminate, process.kill, lambda: None):
                drained = asyncio.ensure_future(self._drained())
                with contextlib.suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(process.wait(), PATIENCE)
                drained.cancel()
                if process.returncode is not None:
                    return
                with contextlib.suppress(ProcessLookupError):
                    insist()

    async def _drained(self) -> None:
        """Take what nobody shows any more, or a screen with much to say could not end."""
        assert self._process is not None
        assert self._process.stdout is not None
        with contextlib.suppress(RuntimeError, ConnectionError):  # somebody still reads it
            while await self._process.stdout.read(65536):
                pass

    async def _note(self, note: Mapping[str, object]) -> None:
        await self._say(NOTE, json.dumps(note).encode())

    async def _say(self, kind: bytes, said: bytes) -> None:
        if self._process is None or self._process.stdin is None:
            return
        with contextlib.suppress(ConnectionError, RuntimeError):
            self._process.stdin.write(kind + len(said).to_bytes(4, "big") + said)
            await self._process.stdin.drain()


def _told(note: bytes) -> object:
    found = json.loads(note)
    return found.get("type") if isinstance(found, dict) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]


def surroundings(own: Mapping[str, str], columns: int, rows: int) -> dict[str, str]:
    """The environment of a screen in a browser: it has every colour and UTF-8, whatever terminal started the server."""
    kept = {name: value for name, value in own.items() if name not in FOREIGN}
    browser = {
        "TERM": "xterm-256color", "COLORTERM": "truecolor", "TEXTUAL_COLOR_SYSTEM": "truecolor",
        "TERM_PROGRAM": "textual", "LC_ALL": "C.UTF-8", "COLUMNS": str(columns), "ROWS": str(rows),
    }  # fmt: skip
    return kept | browser


def believed(columns: object, rows: object) -> tuple[int, int]:
    """A size as a tab tells it, within what a screen can have. ValueError for what is no size."""
    found = [int(str(one)) for one in (columns, rows)]
    if min(found) < 1:
        raise ValueError("a size is at least 1")
    return min(found[0], MOST[0]), min(found[1], MOST[1])
