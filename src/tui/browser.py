"""The monitor in a tab of a browser: Textual's packets on the pipes of `tapewatch web`, instead of a terminal."""

import contextlib
import os
import select
import signal
from codecs import getincrementaldecoder
from functools import partial
from io import TextIOWrapper
from typing import Any, cast

from textual import events
from textual.app import App
from textual.drivers._byte_stream import ByteStream
from textual.drivers._writer_thread import WriterThread
from textual.drivers.web_driver import WebDriver
from textual.geometry import Size
from textual.message import Message

from .keyboard import Keyboard
from .outlet import Outlet
from .terminal import CHUNK, GLANCE, Host

READY = b"__GANGLION__\n"
ENTER = "\x1b[?1049h\x1b[?25l\x1b[?1000h\x1b[?1003h\x1b[?1006h\x1b[?2004h"
"""The screen, no cursor, the mouse, pasting: a tab ends with its screen, so nothing is ever switched back."""
IDLE = 0.5
"""Seconds between two looks whether the end is asked for, while no key comes."""


class Browser(WebDriver):
    """Textual's driver for browsers, which ends when the other side has gone, and sends what differs.

    A tab that is slow holds up no key: what is sent goes out from a thread, and the latest picture follows.
    """

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        size = size or (80, 24)
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._host = cast(Host, app)
        self._begun, self._texts = size, 0
        # lengths of packets are bytes and no text: in Latin-1 every byte has a sign, and comes out as it was
        self._outlet = Outlet(self.fileno, "latin-1", self._gone, self._drained)
        self._writer = WriterThread(cast(TextIOWrapper, self._outlet))
        self._write = partial(self._hand_over)
        sender = self._host.sender
        sender.connect(size, super().write, lambda: self._outlet.texts == self._texts)

    def start_application_mode(self) -> None:
        """Say that this is a screen, and read what is typed."""
        self._writer.start()
        self._hand_over(READY)
        self.write(ENTER)
        self._tell_size(*self._begun)
        self._key_thread.start()

    def disable_input(self) -> None:
        """Read no more."""
        self.exit_event.set()

    def stop_application_mode(self) -> None:
        """Say that this was all."""
        self.exit_event.set()
        self.write_meta({"type": "exit"})

    def close(self) -> None:
        """Wait until all has been sent."""
        if self._writer.is_alive():
            self._writer.stop()

    def write(self, data: str) -> None:
        """Take what is to be seen, or done by the browser's terminal."""
        self._host.sender.write(data)

    def flush(self) -> None:
        """What was written so far is a whole picture."""
        self._host.sender.paint()

    def _hand_over(self, packet: bytes) -> int:
        self._texts += 1
        self._writer.write(packet.decode("latin-1"))
        return len(packet)

    def _drained(self) -> None:
        """The other side has taken everything; called by the thread that gives it to it."""
        if self._host.sender.owed:
            with contextlib.suppress(RuntimeError):  # the loop may be over already
                self._loop.call_soon_threadsafe(self._host.sender.paint)

    def _gone(self) -> None:
        self._outlet.stop()
        self._host.ending.ask(signal.SIGHUP)

    def _tell_size(self, columns: int, rows: int) -> None:
        size = Size(columns, rows)
        self._host.sender.resize(columns, rows)
        self._app.post_message(events.Resize(size, size))

    def on_meta(self, packet_type: str, payload: dict[str, object]) -> None:
        """What `tapewatch web` says beside the keys: another size, or that the tab has closed."""
        if packet_type == "resize":
            columns, rows = (int(str(payload[name])) for name in ("width", "height"))
            self._loop.call_soon_threadsafe(self._tell_size, columns, rows)
            self._loop.call_soon_threadsafe(self._app.call_later, self._host.action_repaint)
        elif packet_type == "quit":
            self._host.ending.ask(signal.SIGHUP)

    def run_input_thread(self) -> None:
        """Keys as they come, until told to stop or the other side has gone."""
        try:
            self._read_packets()
        except Exception as bug:
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._host.failed, bug)

    def _read_packets(self) -> None:
        stream, decode = ByteStream(), getincrementaldecoder("utf-8")("replace").decode
        keyboard, heard = Keyboard(debug=self._debug), True
        while not self.exit_event.is_set():
            heard = bool(select.select([0], [], [], GLANCE if heard else IDLE)[0])
            said = os.read(0, CHUNK) if heard else b""
            if heard and not said:
                self._gone()
                return
            for kind, payload in stream.feed(said) if said else ():
                if kind == "D":
                    self._tell(keyboard.typed(decode(payload)))
                else:
                    self._on_meta(kind, payload)
            if not heard:
                self._tell(keyboard.rested())

    def _tell(self, typed: list[Message]) -> None:
        for event in typed:
            self.process_message(event)
