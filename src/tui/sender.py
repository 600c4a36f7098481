"""Between what Textual writes and what goes out: the cells that changed, or everything where that cannot be had."""

from collections.abc import Callable, Sequence
from typing import Literal

from .wire import Cell, Wire

INK = "1;38;2;200;100;50;48;5;23"
SAMPLE = (
    f"\x1b[1;1H\x1b[{INK}mSYM  last\x1b[0m\x1b[31m 日本 é \x1b[0m\x1b[2;3H\x1b[7mend of it\x1b[0m\n\x1b[3;18H日本",
    f"\x1b[1;6H\x1b[{INK}m1,234\x1b[0m\x1b[2;1H\x1b[4;92m▲\x1b[0m\x1b[3;1Hx",
    "\x1b[1;13Hy\x1b[2;4H     \x1b[1;1H",
)
"""Pictures as Textual writes them: colours, attributes, wide signs, one cut in two and one that has no room."""
EXPECTED = f"<{INK}>SYM__1,234<31>日<>y__<31>é/<4;92>▲_<7>e______it/<>x________________日/"
"""What they make, pens in angles and blanks as strokes: written out, lest a wire be its own witness."""


def check() -> str | None:
    """Why only changed cells must not be sent here; None where what is sent makes the picture that was written."""
    try:
        wire, terminal = Wire(20, 4), Wire(20, 4)
        for written in SAMPLE:
            wire.take(written)
            terminal.take(wire.frame())
        wrong = wire.lost or terminal.lost
        if wrong or _spelled(terminal.picture()) != EXPECTED:
            return wrong or "the picture that arrives is another"
        return "an unchanged picture is sent again" if wire.frame() else None
    except Exception as fault:  # whatever a newer library does to it: the screen goes on without
        return f"{type(fault).__name__}: {fault}"


def _spelled(picture: Sequence[Sequence[Cell]]) -> str:
    rows: list[str] = []
    for row in picture:
        told, inked = "", None
        for text, pen in row:
            if text not in ("", " ") and pen != inked:
                told, inked = f"{told}<{pen}>", pen
            told += "_" if text == " " else text
        rows.append(told.rstrip("_"))
    return "/".join(rows)


def _nowhere(_: str) -> None:
    """There is no terminal yet."""


class Sender:
    """Sends through a wire, if the settings want one and it passes its check.

    While the terminal has not taken the last frame none is made: of what is painted meanwhile the latest is sent.
    `lost` is told why, when something is written that the wire does not know; from then on everything is sent.
    """

    def __init__(self, output: str, lost: Callable[[str], None] = _nowhere) -> None:
        self._output, self._lost = output, lost
        self.refused = check() if output == "cells" else None
        self._wire: Wire | None = None
        self._size = (0, 0)
        self._send: Callable[[str], None] = _nowhere
        self._idle: Callable[[], bool] = bool
        self.owed = False

    @property
    def cells(self) -> bool:
        """Whether only the cells that changed are sent."""
        return self._output == "cells" and self.refused is None

    def told(self) -> tuple[Literal["ok", "warn"], str, str | None]:
        """State, finding and remedy, for who asks how things are."""
        if self.cells:
            return "ok", "the terminal is sent the cells that changed", None
        if self.refused is None:
            return "ok", 'the terminal is sent everything painted, as output = "stock" asks', None
        remedy = "the monitor runs as ever and sends more; please report this with `tapewatch doctor --bundle FILE`"
        return "warn", f"the terminal is sent everything painted: {self.refused}", remedy

    def picture(self) -> list[list[Cell]]:
        """The cells of the last picture that was painted; none where everything is sent."""
        return self._wire.picture() if self._wire is not None else []

    def connect(self, size: tuple[int, int], send: Callable[[str], None], idle: Callable[[], bool]) -> None:
        """The terminal of this size, how to send to it, and whether it has taken all it was sent."""
        self._size = size
        self._wire = Wire(*size) if self.cells else None
        self._send, self._idle = send, idle

    def want(self, output: str) -> None:
        """Another setting; whoever changes it has everything painted anew."""
        if output == self._output:
            return
        self._output = output
        self.refused = check() if output == "cells" and self.refused is None else self.refused
        self._wire = Wire(*self._size) if self.cells else None

    def resize(self, columns: int, rows: int) -> None:
        """The terminal has another size."""
        self._size = (columns, rows)
        if self._wire is not None:
            self._wire.resize(columns, rows)

    def forget(self) -> None:
        """Whatever the terminal shows now, every cell is to be painted."""
        if self._wire is not None:
            self._wire.forget()

    def write(self, data: str) -> None:
        """Take what is written; what is no picture goes out at once."""
        if self._wire is None:
            self._send(data)
            return
        passed = self._wire.take(data)
        if passed and not self._wire.lost:
            self._send(passed)
        if self._wire.lost:
            self.refused = f"something unknown was written: {self._wire.lost}"
            self._wire = None
            self._send(data)
            self._lost(self.refused)

    def beside(self, data: str) -> None:
        """Send what is no picture and must not be read as one, as it is."""
        if data:
            self._send(data)

    def paint(self) -> None:
        """Send what differs; where the terminal is behind, nothing until it is not."""
        if self._wire is None:
            return
        # said before it is looked at: who drains the terminal looks the other way round
        self.owed = True
        if not self._idle():
            return
        self.owed = False
        frame = self._wire.frame()
        if frame:
            self._send(frame)
