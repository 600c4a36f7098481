"""What is typed, as events: keys, and what is pasted as one text of which nothing acts.

The library's parser takes an escape sequence inside a paste out of it and hands it on as keys, the end of the paste
with it; copied output of a coloured shell would then be obeyed. So pastes are taken out before they reach it.
"""

from collections.abc import Iterator

from textual import events
from textual._xterm_parser import XTermParser
from textual.message import Message

BEGIN, END = "\x1b[200~", "\x1b[201~"
LEAST_HELD = 2
"""Characters of a beginning that may go on in the next reading; a lone Esc is a key."""
MOST_PASTED = 100_000
"""Characters of a paste; the rest of a longer one is let go, and still acts on nothing."""
PATIENCE = 7
"""Rests after which a paste whose end has not come is taken for whole."""


class Keyboard:
    """Takes text as it is read and gives events; a sequence no terminal sends costs itself."""

    def __init__(self, *, debug: bool = False) -> None:
        self._debug = debug
        self._parser = XTermParser(debug)
        self._held, self._rests = "", 0
        self._pasted: str | None = None

    def typed(self, text: str) -> list[Message]:
        """What was read makes these events."""
        self._rests = 0
        return [event for part in self._parts(self._held + text) for event in part]

    def rested(self) -> list[Message]:
        """Nothing was read for a moment: what was held for its rest is what it is."""
        self._rests += 1
        if self._pasted is not None:
            return self._end() if self._rests > PATIENCE else []
        held, self._held = self._held, ""
        return [*(self._keys(held) if held else ()), *self._keys(None)]

    def _parts(self, text: str) -> Iterator[list[Message]]:
        self._held = ""
        while text:
            if self._pasted is None:
                keys, begun, text = text.partition(BEGIN)
                if not begun:
                    keys, self._held = _parted(keys, BEGIN, LEAST_HELD)
                yield self._keys(keys)
                self._pasted = "" if begun else None
                continue
            inside, ended, text = text.partition(END)
            if not ended:
                inside, self._held = _parted(inside, END, 1)
            self._pasted = (self._pasted + inside)[:MOST_PASTED]
            if ended:
                yield self._end()

    def _end(self) -> list[Message]:
        text, self._pasted, self._held = self._pasted or "", None, ""
        return [events.Paste(text)]

    def _keys(self, text: str | None) -> list[Message]:
        """What the library makes of it; None for a rest."""
        try:
            return [*(self._parser.tick() if text is None else self._parser.feed(text))] if text != "" else []
        except Exception:  # what it breaks in the parser is not told beforehand
            self._parser = XTermParser(self._debug)
            return []


def _parted(text: str, mark: str, least: int) -> tuple[str, str]:
    """A text, and what at its end may be the beginning of a mark."""
    for length in range(min(len(mark) - 1, len(text)), least - 1, -1):
        if text.endswith(mark[:length]):
            return text[:-length], text[-length:]
    return text, ""
