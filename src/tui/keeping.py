"""Keeping the picture of a monitor that ends, for the next one to show while it starts."""

import contextlib
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from ..core.channel import ChannelError, make_private, write_atomically
from ..core.data import MarketData
from ..core.model.config import Config
from ..core.model.snapshot import Snapshot
from . import last_frame
from .choices import Choices
from .format import clock, in_zone, zone_name
from .look import exchange_zone
from .pens import pen_of
from .sender import Sender
from .starting import USUAL, Start
from .wire import Cell

HEAD = 1
"""Rows at the top that tell of ages and countdowns, which would not be true any more; a name stands there instead."""


RUNNING = ("world", "chart", "instrument")
"""Screens and panes on which ages and countdowns stand, or a chart that may still be asked for."""


class Kept(Protocol):
    """What is asked of a monitor that ends."""

    snapshot: Snapshot | None
    choices: Choices
    sender: Sender
    live: MarketData
    config: Config


def keep(ended: Kept, start: Start = USUAL) -> None:
    """Leave the last frame, or take away an older one where this picture is none to begin with."""
    snapshot, choices, paths = ended.snapshot, ended.choices, ended.live.paths
    file = Path(last_frame.file_of(str(paths.store), last_frame.layout_of(start.bare, start.view)))
    picture = ended.sender.picture()
    covered = is_covered(choices, compact=ended.config.screen.compact, named=bool(start.view))
    encoding = (sys.__stdout__.encoding if sys.__stdout__ else "").lower().replace("-", "")
    with contextlib.suppress(OSError, ChannelError):
        if snapshot is None or snapshot.mode != "live" or not picture or covered or encoding != "utf8":
            file.unlink(missing_ok=True)
            return
        make_private(file.parent)
        write_atomically(file, written(snapshot, picture, _foot(choices), ended.config.screen.zone).encode())


def is_covered(choices: Choices, *, compact: bool, named: bool = False) -> bool:
    """Whether the next monitor would not begin with what is seen: something stands over the panes, another layout.

    `named`: it was started in a view that the command line names.
    """
    over = (choices.page, choices.proof, choices.paused, choices.finding, choices.exporting, choices.opened)
    if any(over) or choices.edit is not None or choices.compact != compact:
        return True
    strayed = choices.home is None and choices.screen != choices.home_screen
    elsewhere = choices.view != choices.home or (named and strayed)
    panes = choices.panes or (choices.screen,)
    return elsewhere or bool(set(panes) & set(RUNNING))


def _foot(choices: Choices) -> int:
    """Rows at the bottom that tell of troubles and ages."""
    return 1 if choices.dense else 2


def written(snapshot: Snapshot, picture: Sequence[Sequence[Cell]], foot: int = 2, zone: str = "exchange") -> str:
    """The file: what it is, for which terminal, whose moment, the rows of the body."""
    key = last_frame.key_of(len(picture[0]), len(picture))
    body = picture[HEAD : len(picture) - foot]
    rest = "\n".join((key, _pen(body), label(snapshot, zone), *map(_row, body)))
    return f"{last_frame.begin(rest)}\n{rest}"


def label(snapshot: Snapshot, zone: str = "exchange") -> str:
    """What the picture is and of when: the newest price in it, in the zone that times are shown in."""
    zone = exchange_zone(snapshot) if zone == "exchange" else zone
    if snapshot.as_of is None:
        return " LAST FRAME · starting"
    day = in_zone(snapshot.as_of, zone)
    return (
        f" LAST FRAME · prices to {day:%a} {day.day} {day:%b %Y} {clock(day, zone)} {zone_name(day, zone)} · starting"
    )


def _row(row: Sequence[Cell]) -> str:
    return "".join(text for text, _ in row).rstrip(" ")


def _pen(body: Sequence[Sequence[Cell]]) -> str:
    """The one pen it is shown in: ink and ground of most signs; old things have one colour, and colours cost bytes."""
    pens = Counter(pen for row in body for text, pen in row if text.strip())
    usual = next((pen for pen, _ in pens.most_common(1)), "")
    pen = pen_of(usual)
    return ";".join(one for one in (pen.fore, pen.back) if one)
