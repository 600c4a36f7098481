"""Colours by what they say, never by what they are."""

import re

import msgspec

TEXT_ROLES: tuple[str, ...] = (
    "text", "bright", "muted", "bull", "bear", "flat", "stale", "accent", "record",
    "flag-info", "flag-watch", "flag-notable", "flag-rare", "fault", "mode",
)  # fmt: skip
"""Roles that are read: at least 4.5 to 1 (WCAG 2) on every ground they stand on."""

GRAPHIC_ROLES: tuple[str, ...] = (
    "faint", "range-track", "range-new", "range-prev", "range-mark", "spark",
)  # fmt: skip
"""Roles that draw bars or stand for something inactive: at least 3 to 1 on the background."""

GROUND_ROLES: tuple[str, ...] = ("background", "surface", "panel", "lift", "rule", "chip-closed")
"""Roles that lie under others: page, header and footer, line, cursor row, hairlines, grey chip."""

CHIP_ROLES: tuple[str, ...] = ("on-accent", "on-fault", "on-mode")
"""Words on a chip whose ground is the role after ``on-``."""

ROLES: tuple[str, ...] = (*TEXT_ROLES, *GRAPHIC_ROLES, *GROUND_ROLES, *CHIP_ROLES)
"""Every role a theme has a colour for."""


PALETTE: tuple[str, ...] = tuple(
    f"ansi_{bright}{hue}"
    for bright in ("", "bright_")
    for hue in ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
)
"""Names of the terminal's own sixteen colours."""

_HEX = re.compile(r"#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")


def is_color(text: object) -> bool:
    """Whether this is ``#rgb``, ``#rrggbb``, ``ansi_default`` or one of the terminal's sixteen."""
    if not isinstance(text, str):
        return False
    return bool(_HEX.fullmatch(text)) or text == "ansi_default" or text in PALETTE


def spelt_out(color: str) -> str:
    """``#rrggbb`` in small letters where it is ``#rgb`` or has capitals; another colour as it is."""
    if not _HEX.fullmatch(color):
        return color
    return "#" + "".join(one * (2 if len(color) == 4 else 1) for one in color[1:]).lower()


class Theme(msgspec.Struct, frozen=True, kw_only=True):
    """A colour for every role, ``#rrggbb`` or, for the terminal's own palette, ``ansi_bright_green``.

    `ansi` says that the colours are the palette's. `bold` names the roles printed bold (only themes of
    sixteen colours need that). `no_color` asks for bold, underline and reverse alone: header, footer,
    cursor row and chips in reverse, the active screen underlined.
    """

    name: str
    dark: bool = True
    ansi: bool = False
    no_color: bool = False
    bold: tuple[str, ...] = ()
    colors: dict[str, str]
