"""The terminal while the monitor has it: borrowed, handed to the shell and back, returned whatever happens."""

import asyncio
import contextlib
import os
import select
import signal
import sys
import termios
import time
from codecs import getincrementaldecoder
from io import TextIOWrapper
from types import FrameType
from typing import Any, Protocol, cast

from textual import events
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Size
from textual.message import Message

from .ending import Ending
from .keyboard import Keyboard
from .last_frame import SHOWN
from .outlet import Outlet
from .sender import Sender

LEAVE = (
    "\x1b[?2026l\x1b[<u\x1b[?2004l\x1b[?2048l\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l"
    "\x1b[?1004l\x1b[?7h\x1b[0m\x1b[?1049l\x1b[?25h"
)
"""Everything that was switched on, off: frames, kitty keys, paste, resizes, mouse, focus, colours, screen, cursor."""
ENTERED = "\x1b[?1049h"
CHUNK = 65536
MOST = (1000, 500)
"""Columns and rows painted of a terminal; one that says it has more lies, and would cost gigabytes."""
TRIES = 10
"""How often a terminal that takes nothing is offered the farewell."""
GLANCE = 0.1
"""Seconds between two looks whether a lone Esc was meant, while keys come."""
SHAKEN = 0.2
"""Seconds without another size after which a window is no longer being shaken."""
LULL, QUIET = 5, 2.0
"""So many glances without a key, and the next is taken after so many seconds: who started us may have died."""


class Host(Protocol):
    """What the terminal wants of the monitor."""

    ending: Ending
    sender: Sender

    def failed(self, error: Exception) -> None:
        """A bug in reading keys."""
        ...

    def action_repaint(self) -> None:
        """Paint every cell again."""
        ...


class Terminal(LinuxDriver):
    """Textual's driver for a terminal that may hang up, stop, come back and lie.

    It differs in what it survives: the end of input and an error on it mean that the terminal has gone, and
    the monitor ends; bytes that are no text are passed over; output goes to standard output alone; while the
    shell has the terminal nothing is written to it; only who is in its foreground takes it back.
    """

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)  # pyright: ignore[reportUnknownMemberType]
        self._host = cast(Host, app)
        out = sys.__stdout__
        encoding = out.encoding if out else "utf-8"
        self._outlet = Outlet(out.fileno() if out else 1, encoding, self.hung_up, self._drained)
        self._file = cast(TextIOWrapper, self._outlet)
        self._size = size or self._get_terminal_size()
        self._texts = self._empty = 0
        self._waker = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK) if hasattr(os, "pipe2") else os.pipe()
        self._sender = self._host.sender
        self._sender.connect(self._size, self._send, lambda: not self._away and self._outlet.texts == self._texts)
        self._shaken: asyncio.TimerHandle | None = None
        self._away, self._parent, self._stopping = True, os.getppid(), False
        self._host.ending.forced = self.give_back_at_once
        signal.signal(signal.SIGTSTP, self._wanted_by_shell)
        signal.signal(signal.SIGCONT, self._continued)

    def hung_up(self) -> None:
        """The terminal has gone, or is no longer ours: nothing of us reaches it any more, and nothing must try to."""
        self._outlet.stop()
        self.give_back_at_once()
        nowhere = os.open(os.devnull, os.O_RDWR)
        mine = os.fstat(self._outlet.fileno()).st_rdev
        for handle in (0, 1, 2):
            with contextlib.suppress(OSError):
                if os.fstat(handle).st_rdev == mine:
                    os.dup2(nowhere, handle)
        os.close(nowhere)
        self._host.ending.ask(signal.SIGHUP)

    def _get_terminal_size(self) -> tuple[int, int]:
        """Columns and rows of the terminal itself, which no variable of the environment knows better."""
        with contextlib.suppress(OSError):
            columns, rows = os.get_terminal_size(self.fileno)
            if columns > 0 and rows > 0:
                return _believed(columns, rows)
        return _believed(*super()._get_terminal_size())

    def _resized(self, _number: int, _frame: FrameType | None) -> None:
        # one signal may interrupt another: who asks for the size here may tell the older one last
        self._loop.call_soon_threadsafe(self._take_up_size)

    def _tell_size(self) -> None:
        if not self._away:
            size = Size(*self._get_terminal_size())
            self._sender.resize(*size)
            self._app.post_message(events.Resize(size, size))

    def _take_up_size(self) -> None:
        """Tell it, and paint every cell once it rests: what became of the picture meanwhile nobody knows."""
        self._tell_size()
        if self._away:
            return
        if self._shaken is not None:
            self._shaken.cancel()
        self._shaken = self._loop.call_later(SHAKEN, self._app.call_later, self._host.action_repaint)

    def process_message(self, message: Message) -> None:
        """On its way to the monitor; of a size that is typed, the terminal itself is asked."""
        if isinstance(message, events.Resize):
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._tell_size)
            return
        super().process_message(message)

    # -- taking and giving ------------------------------------------------------------------------------

    def start_application_mode(self) -> None:
        """Take the terminal."""
        self._away = False
        super().start_application_mode()  # type: ignore[no-untyped-call]
        signal.signal(signal.SIGWINCH, self._resized)
        self._tell_size()

    def stop_application_mode(self) -> None:
        """Give the terminal back, every mode of it; once."""
        if self._away:
            return
        if self._in_front():
            super().stop_application_mode()
        else:
            self.disable_input()
        self._send(LEAVE)
        self._away = True
        self._sender.forget()

    def disable_input(self) -> None:
        """Read no more keys; another job's terminal is left alone, for who touches it is stopped."""
        if self._away:
            return  # given back: what is typed now is the shell's, and not ours to throw away
        os.write(self._waker[1], b".")
        if self._in_front():
            super().disable_input()
            return
        self.exit_event.set()
        if self._key_thread is not None:
            self._key_thread.join()
        self.exit_event.clear()

    def write(self, data: str) -> None:
        """Take what is to be seen on the terminal, or done by it."""
        if data == ENTERED and SHOWN.taken_over():
            return  # the last frame stands there already; another entry would clear it for the time till the first
        self._sender.write(data)

    def flush(self) -> None:
        """What was written so far is a whole picture."""
        self._sender.paint()

    def _send(self, data: str) -> None:
        """Hand over to the terminal, unless the shell has it now."""
        if self._writer_thread is not None and not self._away:
            self._texts += 1
            self._writer_thread.write(data)

    def _drained(self) -> None:
        """The terminal has taken everything; called by the thread that gives it to it."""
        if self._sender.owed:
            with contextlib.suppress(RuntimeError):  # the loop may be over already
                self._loop.call_soon_threadsafe(self._sender.paint)

    def close(self) -> None:
        """Wait until all has been sent."""
        if self._writer_thread is not None and self._writer_thread.is_alive():
            self._writer_thread.stop()

    def give_back_at_once(self) -> None:
        """Give the terminal back without waiting for it: it may take nothing any more."""
        if self._writer_thread is None or not self._writer_thread.is_alive():
            return
        with contextlib.suppress(OSError, termios.error):
            if self.attrs_before is not None:
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)
        with contextlib.suppress(OSError):
            # opened anew: not to wait is a property of the opening, and the shell shares the old one
            handle = os.open(os.ttyname(self._outlet.fileno()), os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
            self._press_out(handle)
            os.close(handle)

    def _press_out(self, handle: int) -> None:
        """Send the farewell as soon as the terminal takes it, throwing away what still waits before it."""
        self._outlet.stop()
        for _ in range(TRIES):
            with contextlib.suppress(BlockingIOError):
                os.write(handle, b"\x18" + LEAVE.encode())  # cancels what was cut in two
                return
            with contextlib.suppress(termios.error):
                termios.tcflush(self.fileno, termios.TCOFLUSH)
            self._rouse_writer()
            time.sleep(GLANCE / 2)

    def _rouse_writer(self) -> None:
        """Let the thread that waits for the terminal look again: nobody tells it that there is room now."""
        writer = self._writer_thread
        if writer is not None and writer.ident and writer.is_alive() and self._host.ending.code is not None:
            signal.pthread_kill(writer.ident, signal.SIGCONT)

    # -- the shell wants it -----------------------------------------------------------------------------

    def _wanted_by_shell(self, _number: int, _frame: FrameType | None) -> None:
        self._loop.call_soon_threadsafe(self._to_shell)

    def _continued(self, _number: int, _frame: FrameType | None) -> None:
        if self._stopping:
            return  # who stopped by itself goes on by itself: once, lest keys fall between two beginnings
        self._loop.call_soon_threadsafe(self._again)

    def _to_shell(self) -> None:
        """Stop, as Ctrl+Z wishes; where no shell could ever continue it, the system does not stop it either."""
        if not self._away:
            self.suspend_application_mode()
            self._stop()
            self._return()

    def _again(self) -> None:
        """Continued without having stopped by itself: who knows what has become of the terminal meanwhile."""
        if not self._away:
            self._away = True
            if not self._in_front():
                self._stop()
            self._away = False
            if self._host.ending.code is None:
                self.suspend_application_mode()
                self._return()

    def _stop(self) -> None:
        """Stop with everything that was started with it, until the terminal is ours again."""
        self._stopping = True
        while True:
            before = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
            os.kill(0, signal.SIGTSTP)
            signal.signal(signal.SIGTSTP, before)
            if self._in_front() or self._host.ending.code is not None:
                break
            time.sleep(GLANCE)
        self._stopping = False

    def _in_front(self) -> bool:
        """Whether the terminal is ours to use, and not the shell's or another job's."""
        with contextlib.suppress(OSError):
            return os.tcgetpgrp(self.fileno) == os.getpgrp()
        return True

    def _orphaned(self) -> bool:
        """Whether who started us is dead and somebody else has taken the terminal: nobody will give it back to us."""
        return os.getppid() != self._parent and not self._in_front()

    def _return(self) -> None:
        if self._host.ending.code is None:
            self._must_signal_resume = True
            self.resume_application_mode()

    # -- keys -------------------------------------------------------------------------------------------

    def _run_input_thread(self) -> None:
        try:
            self.run_input_thread()
        except Exception as bug:
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._host.failed, bug)

    def run_input_thread(self) -> None:
        """Keys as they come, until told to stop or the terminal has gone."""
        decode = getincrementaldecoder("utf-8")("replace").decode
        keyboard, self._empty = Keyboard(debug=self._debug), 0
        while not self.exit_event.is_set():
            typed = self._typed()
            if typed is None:
                self.hung_up()
                return
            for event in keyboard.typed(decode(typed)) if typed else keyboard.rested():
                self.process_message(event)

    def _typed(self) -> bytes | None:
        """What was typed in a moment, None when nothing ever will be again."""
        ear = self._waker[0]
        try:
            heard = select.select([self.fileno, ear], [], [], GLANCE if self._empty < LULL else QUIET)[0]
            if self.fileno in heard:
                self._empty = 0
                return os.read(self.fileno, CHUNK) or None
            if ear in heard:  # the end is being asked for, or was, before the last return
                os.read(ear, 1)
                self._empty = 0
            self._empty += 1
            return None if self._orphaned() else b""
        except BlockingIOError:
            return b""
        except OSError:
            return None


def _believed(columns: int, rows: int) -> tuple[int, int]:
    return min(columns, MOST[0]), min(rows, MOST[1])
