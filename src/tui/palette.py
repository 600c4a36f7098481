"""Colour roles turned into what the terminal is sent."""

from collections.abc import Mapping

from rich.style import Style

from ..core.model.theme import Theme, spelt_out
from .text import Line, Piece

_CHIPS = {
    "chip-open": ("on-accent", "accent"),
    "chip-closed": ("bright", "chip-closed"),
    "chip-mode": ("on-mode", "mode"),
    "chip-fault": ("on-fault", "fault"),
}
_ATTRIBUTES = ("bold", "underline", "reverse")


class Palette:
    """Styles of one theme, by the words pieces carry; each is made once.

    Without colour the grounds of header, footer and cursor row become reverse, and so do chips. With
    the terminal's own sixteen colours there is no cursor row: the symbol alone is reversed.
    """

    def __init__(self, theme: Theme) -> None:
        self.theme = theme
        self._made: dict[tuple[str, str], tuple[Style, object]] = {}

    def style(self, words: str, ground: str = "background") -> Style:
        """The style of ``"bull bold @lift"`` on a ground."""
        return self.ink(words, ground)[0]

    def ink(self, words: str, ground: str) -> tuple[Style, object]:
        """The style, and what of it is seen on a blank: two that are equal in this make the same blank."""
        found = self._made.get((words, ground))
        if found is None:
            style = self._make(words, ground)
            seen = style if style.underline or style.reverse else (style.bgcolor,)
            found = self._made[words, ground] = style, seen
        return found

    def _make(self, words: str, ground: str) -> Style:
        role, *more = words.split()
        for word in more:
            if word.startswith("@"):
                ground = word[1:]
        attributes = {word: True for word in more if word in _ATTRIBUTES}
        role, ground = self._settled(role, ground, attributes)
        if self.theme.no_color:
            return _style(None, None, attributes)
        if role in self.theme.bold:
            attributes["bold"] = True
        return _style(self._color(role), self._color(ground), attributes)

    def _settled(self, role: str, ground: str, attributes: dict[str, bool]) -> tuple[str, str]:
        if role in _CHIPS:
            attributes["bold"] = True
            if self.theme.no_color:
                attributes["reverse"] = ground != "surface"
            return _CHIPS[role]
        if role in ("cursor", "cursor-follows"):
            attributes["bold"] = True
            return self._cursor(role, ground, attributes)
        if self.theme.no_color:
            attributes["reverse"] = attributes.get("reverse", False) or ground in ("surface", "lift")
        if self.theme.ansi and ground == "lift":
            ground = "background"
        return role, ground

    def _cursor(self, role: str, ground: str, attributes: dict[str, bool]) -> tuple[str, str]:
        if not self.theme.ansi:
            return "bright", ground
        attributes["reverse"] = True
        return ("accent" if role == "cursor" else "muted"), "background"

    def _color(self, role: str) -> str:
        value = self.theme.colors.get(role) or self.theme.colors["text"]
        if value == "ansi_default":
            return "default"
        # what styles are made of knows no short form
        return spelt_out(value.removeprefix("ansi_"))

    def pieces(self, line: Line, ground: str = "background") -> list[tuple[str, Style]]:
        """A line's texts with their styles."""
        return [(text, self.style(words, ground)) for text, words in line]


def _style(color: str | None, ground: str | None, attributes: Mapping[str, bool]) -> Style:
    return Style(
        color=color,
        bgcolor=ground,
        bold=attributes.get("bold"),
        underline=attributes.get("underline"),
        reverse=attributes.get("reverse"),
    )


def chip(word: str, kind: str) -> Piece:
    """A chip: a word with a ground of its own."""
    return Piece(f" {word} ", f"chip-{kind}")
