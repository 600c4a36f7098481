"""Standard output and error as a place where text is shown and never acts."""

import sys

from .model.harmless import harmless_lines

TYPE_CHECKING = False  # by this name type checkers know it; typing itself is milliseconds of every start
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TextIO


class Plainly:
    """A text stream through which nothing but visible text passes; everything else is the stream's own.

    What its encoding has no sign for becomes ``?``: a name in Chinese must not end a program in Latin-1.
    """

    def __init__(self, stream: "TextIO") -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        """Write visible text; returns the length of what was given."""
        shown = harmless_lines(text)
        if not shown.isascii():
            encoding = self.stream.encoding or "utf-8"
            shown = shown.encode(encoding, "replace").decode(encoding)
        self.stream.write(shown)
        return len(text)

    def writelines(self, lines: "Iterable[str]") -> None:
        """Write several."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> object:
        return getattr(self.stream, name)


def speak_plainly() -> None:
    """Let everything this process says from now on be visible text: its answers, complaints and tracebacks.

    The monitor paints through the terminal itself; what it is given to paint is made harmless by its sheets.
    """
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is not None and not isinstance(stream, Plainly):
            setattr(sys, name, Plainly(stream))


def paint(stream: "TextIO", text: str) -> None:
    """Write text of our own with its colours."""
    (stream.stream if isinstance(stream, Plainly) else stream).write(text)
