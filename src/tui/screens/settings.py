"""The settings page: what is in force, its default, and where it is set."""

from typing import cast

import msgspec
from msgspec.structs import replace

from ...core.model.config import Config, FeedSettings, ScreenSettings
from ..text import Line, Piece, clean, fit, line


def page(config: Config, cells: int, theme: str = "") -> tuple[Line, ...]:
    """Key, value, default; a value that is not the default stands out. `theme` are the words for the one in force."""
    where = config.path or "no file: these are the defaults"
    head = (line(Piece(fit("KEY", 26), "muted"), Piece(fit("VALUE", 22), "muted"), Piece("DEFAULT", "muted")),)
    screen = replace(config.screen, theme=theme or config.screen.theme)
    rows = (*_section("screen", screen, ScreenSettings()), *_section("feed", config.feed, FeedSettings()))
    keys = tuple(_row(f"keys.{name}", key, "", cells) for name, key in sorted(config.keys.items()))
    foot = (
        (),
        line(Piece("From: ", "muted"), Piece(clean(where), "text")),
        line(Piece("tapewatch config init", "text"), Piece(" writes a file with every key and its default.", "muted")),
    )
    return (*head, *(_row(*one, cells) for one in rows), *keys, *foot)


def _section(name: str, now: msgspec.Struct, default: msgspec.Struct) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (f"{name}.{field}", _text(getattr(now, field)), _text(getattr(default, field)))
        for field in now.__struct_fields__
    )


def _text(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ", ".join(str(one) for one in cast("tuple[object, ...]", value)) or "none"
    return clean(str(value))


def _row(key: str, value: str, default: str, cells: int) -> Line:
    style = "text" if value == default else "accent bold"
    return line(
        Piece(fit(key, 26), "text"), Piece(fit(value, 22), style), Piece(fit(default, max(0, cells - 50)), "muted")
    )
