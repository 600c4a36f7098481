"""What a command line wants to see first."""

from msgspec import Struct

from ..core.model.config import Config
from ..core.model.view_setting import SCREENS

ALIASES = {"macro": "confirmation"}
"""Other names of screens that ship."""


class Start(Struct, frozen=True):
    """Bare or with header and footer, and the view that is shown first: its name or digit, empty for the usual one."""

    bare: bool = False
    view: str = ""


USUAL = Start()


def is_view(word: str, config: Config) -> bool:
    """Whether there is a view of this name or digit, or a screen that ships."""
    return word.casefold() in (name.casefold() for name in (*names(config), *"123456789"))


def names(config: Config) -> tuple[str, ...]:
    """Names a view or screen goes by: the user's own first."""
    return (*(one.name for one in config.views), *SCREENS, *ALIASES)


def screen_of(word: str) -> str | None:
    """The screen that ships under a name or digit; None where there is none."""
    plain = word.casefold()
    if plain.isdecimal():
        return SCREENS[int(plain) - 1] if plain in "123456789" else None
    name = ALIASES.get(plain, plain)
    return name if name in SCREENS else None
